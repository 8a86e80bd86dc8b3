import { expect, it } from 'vitest';
import { typed } from '../slack/person.ts';
import { createWorld } from '../slack/world.ts';

const LIST = `First name,Last name,Website\n${Array.from({ length: 30 }, (_, n) => `Ada${n},Lovelace,contoso${n % 7}.example`).join('\n')}\n`;

/** A call that Slack never answers is given up after this. */
const GIVEN_UP_MS = 2_000;
const PATIENCE_MS = 60_000;

const MESSAGES = ['chat.postMessage', 'chat.update', 'conversations.open'];
/** These may take five minutes. */
const UPLOADS = ['files.getUploadURLExternal', 'files.completeUploadExternal'];

it.each([
  ['429', { status: 429, error: 'ratelimited', retryAfter: 1 }],
  ['500', { status: 500 }],
  ['503', { status: 503 }],
  ['an error of its own', { error: 'internal_error' }],
  ['nothing', { silent: true, times: 1 }],
] as const)('delivers a list once, whole, although Slack answers %s for a while', async (_, fault) => {
  const world = await createWorld({ haste: 20, callTimeoutMs: GIVEN_UP_MS, sandbox: { matchRate: 1 } });
  const { ada, slack, keys, sandbox } = world;
  await ada.submit(await ada.modal('connect'), { key: typed('key', keys.one) });
  const file = await slack.upload('leads.csv', LIST);
  const enrich = await ada.modal('enrich');
  const review = await ada.submitted(enrich, {
    file: { file: { type: 'file_input', files: [{ id: file, name: 'leads.csv' }] } },
  });
  for (const method of 'silent' in fault ? MESSAGES : [...MESSAGES, ...UPLOADS]) {
    slack.fail({ method, times: 2, ...fault });
  }
  await ada.submit(review);
  // The progress message becomes the result; where none could be posted yet, the result is the first message.
  const done = ({
    method,
    args,
    answer,
  }: {
    method: string;
    args: Record<string, unknown>;
    answer: { ok?: unknown };
  }) => /^chat/.test(method) && String(args.text).includes('is done') && answer.ok === true;
  await slack.until((call) => done(call as never), 0, PATIENCE_MS);
  const uploaded = await slack.until(
    ({ method, answer }) => method === 'files.completeUploadExternal' && answer.ok === true,
    0,
    PATIENCE_MS,
  );
  const [{ id }] = (uploaded.answer as { files: [{ id: string }] }).files;
  expect((await slack.fileText(id)).trimEnd().split('\n')).toHaveLength(31);
  expect(slack.calls.filter((call) => done(call as never))).toHaveLength(1);
  expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
  await world[Symbol.asyncDispose]();
});
