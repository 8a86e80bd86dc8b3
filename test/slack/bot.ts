import { onTestFinished } from 'vitest';
import type { Person } from './person.ts';
import { chosen, textOf, typed } from './person.ts';
import type { Call } from './slack-server.ts';
import { createWorld, type World } from './world.ts';

/** A world that ends with the test. */
export async function startWorld(options: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const made = await createWorld(options);
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

/** The bot for many workspaces: no token of its own, an OAuth client instead. */
export const MANY_WORKSPACES = (origin: string) => ({
  SLACK_BOT_TOKEN: '',
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'client-secret',
  PUBLIC_URL: origin,
});

/** Connects a key as somebody does it: through the form. */
export async function connectKey(person: Person, key: string, slot?: number): Promise<void> {
  const form = await person.modal('connect');
  const values = {
    key: typed('key', key),
    ...(slot !== undefined && { slot: chosen('slot', String(slot)) }),
  };
  const view = await person.submitted(form, values);
  if (!textOf(view).includes('is in slot')) throw new Error(`Not connected: ${textOf(view)}`);
}

/** A list of so many people at as many companies. */
export function listOf(rows: number): string {
  const lines = Array.from({ length: rows }, (_, n) => {
    const first = `Ada${letters(n)}`;
    return `${first.toLowerCase()}.lovelace@company${n}.example,${first}`;
  });
  return `email,first name\n${lines.join('\n')}\n`;
}

/** A number in letters, since digits are no part of a name. */
function letters(number: number): string {
  const letter = String.fromCharCode(97 + (number % 26));
  return number < 26 ? letter : letters(Math.floor(number / 26) - 1) + letter;
}

/** Gives a file to the form and gets the review of it. */
export async function reviewOf(
  person: Person,
  file: string,
  extra: Parameters<Person['submit']>[1] = {},
): Promise<Parameters<Person['submit']>[0]> {
  const form = await person.modal('enrich');
  return await person.submitted(form, {
    file: { file: { type: 'file_input', files: [{ id: file, name: 'leads.csv' }] } },
    ...extra,
  });
}

/** Presses *Change columns* in a review; gives the form with a select for each. */
export async function withColumns(
  person: Person,
  review: Parameters<Person['submit']>[0],
): Promise<Parameters<Person['submit']>[0]> {
  const { args } = await person.press(
    { modal: review },
    'enrich.columns',
    ({ method, args }) => method === 'views.update' && 'submit' in (args.view as object),
  );
  return { ...(args.view as object), id: review.id } as Parameters<Person['submit']>[0];
}

export function viewIn({ body }: { body: unknown }, id: string): Parameters<Person['submit']>[0] {
  const { view } = body as { view?: object };
  if (!view) throw new Error(`No view but: ${JSON.stringify(body)}`);
  return { ...view, id } as Parameters<Person['submit']>[0];
}

/** A progress message, as it was posted or moved. */
export function isProgress(words: RegExp): (call: Call) => boolean {
  return ({ method, args }) => /^chat\.(?:update|postMessage)$/.test(method) && words.test(String(args.text));
}
