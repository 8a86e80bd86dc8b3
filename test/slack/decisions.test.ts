import { expect, test } from 'vitest';
import { DEFAULT_OPTIONS } from '../../core/index.ts';
import { connectKey, reviewOf, startWorld } from './bot.ts';
import { buttonsOf, textOf } from './person.ts';
import type { Call } from './slack-server.ts';
import { TEAM } from './slack-server.ts';

type Modal = Parameters<Parameters<typeof connectKey>[0]['submit']>[0];
const isRedrawn = ({ method }: Call) => method === 'views.update';
const viewOf = ({ args }: Call, id: string) => ({ ...(args.view as object), id }) as Modal;

test('answers that contradict what was asked are accepted and rejected beside it, a page at a time', async () => {
  const { ada, bob, keys, slack, core } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const people = [
    'Ada Lovelace',
    'Grace Hopper',
    'Alan Turing',
    'Edsger Dijkstra',
    'Barbara Liskov',
    'Donald Knuth',
  ];
  const { results } = await core.enrich({
    workspace: TEAM,
    kind: 'person',
    leads: people.map((name) => ({ name, domain: 'contoso.com' })),
    options: DEFAULT_OPTIONS,
  });
  // The list gives each profile another name than its owner has.
  const others = ['Bob,Stone', 'Eve,Miller', 'Ravi,Patel', 'Mary,Jones', 'Ivan,Petrov', 'Lena,Fischer'];
  const lines = results.map(({ person }, at) => `${others[at]},${person?.linkedinUrl}`);
  const list = `First Name,Last Name,LinkedIn\n${lines.join('\n')}\n`;
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', list)));
  const done = await slack.until(({ args }) => String(args.text).includes('is done'));
  const opened = await ada.press(
    { message: done },
    'decisions.open',
    ({ method }) => method === 'views.open',
  );
  const first = (opened.answer as { view: Modal }).view;
  expect(textOf(first)).toContain('6 answers');
  expect(textOf(first)).toMatch(/Asked for\*\nBob Stone[\s\S]*Apollo answers\*\nAda Lovelace/);
  expect(textOf(first)).toContain('Page 1 of 2');
  const [job] = await core.jobs.list(TEAM);
  const counts = async () => (await core.jobs.status(job?.id ?? ''))?.counts;
  expect(await counts()).toMatchObject({ matched: 0, review: 6 });

  const accepted = viewOf(await ada.press({ modal: first }, 'decisions.accept', isRedrawn), first.id);
  expect(textOf(accepted)).toContain('Row 1 accepted.');
  expect(await counts()).toMatchObject({ matched: 1, review: 5 });
  // Taken back by the button beside the words.
  const undone = viewOf(await ada.press({ modal: accepted }, 'decisions.reject', isRedrawn), first.id);
  expect(textOf(undone)).toContain('Row 1 rejected.');
  expect(await counts()).toMatchObject({ matched: 0, unmatched: 1, review: 5 });

  // Who may not see the list decides nothing, whatever was pressed.
  const refused = await bob.press({ modal: undone }, 'decisions.accept', isRedrawn);
  expect(textOf(refused.args)).toContain('no such list for you');
  let view = undone;
  for (let left = 5; left > 0; left -= 1) {
    const [, button] = buttonsOf(view).filter(({ action_id }) => action_id === 'decisions.accept');
    view = viewOf(await ada.press({ modal: view }, 'decisions.accept', isRedrawn, button?.value), first.id);
  }
  expect(textOf(view)).toContain('Nothing in *leads.csv* is left to review');
  expect(await counts()).toMatchObject({ matched: 5, unmatched: 1, review: 0 });
  const from = slack.calls.length;
  await ada.press({ modal: view }, 'job.file', isRedrawn);
  await slack.until(({ method }) => method === 'files.completeUploadExternal', from);
  const trail = await Array.fromAsync(core.audit.entries({ workspace: TEAM }));
  const decided = trail.filter(({ deed }) => deed === 'list.review');
  expect(decided.map(({ by }) => by.id)).toEqual(Array.from({ length: 7 }, () => ada.id));
});

test('the owner of a list hears in one message what others decided about it', async () => {
  const { ada, root, keys, slack, core } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const { results } = await core.enrich({
    workspace: TEAM,
    kind: 'person',
    leads: ['Ada Lovelace', 'Grace Hopper'].map((name) => ({ name, domain: 'contoso.com' })),
    options: DEFAULT_OPTIONS,
  });
  const others = ['Bob,Stone', 'Eve,Miller'];
  const lines = results.map(({ person }, at) => `${others[at]},${person?.linkedinUrl}`);
  const list = `First Name,Last Name,LinkedIn\n${lines.join('\n')}\n`;
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', list)));
  const done = await slack.until(({ args }) => String(args.text).includes('is done'));
  const isNotice = ({ args }: Call) => /decided about answers of your list/.test(String(args.text));
  const opened = await root.press(
    { message: done },
    'decisions.open',
    ({ method }) => method === 'views.open',
  );
  const first = (opened.answer as { view: Modal }).view;
  const next = viewOf(await root.press({ modal: first }, 'decisions.accept', isRedrawn), first.id);
  const told = await slack.until(isNotice);
  expect(told).toMatchObject({ method: 'chat.postMessage', args: { channel: ada.id } });
  expect(textOf(told.args)).toContain(
    `<@${root.id}> decided about answers of your list *leads.csv*: 1 accepted.`,
  );
  const [job] = await core.jobs.list(TEAM);
  await root.press({ modal: next }, 'decisions.reject', isRedrawn, `${job?.id} 0 2`);
  const grown = await slack.until((call) => isNotice(call) && call.method === 'chat.update');
  expect(grown.args.ts).toBe(told.answer.ts);
  expect(textOf(grown.args)).toContain('1 accepted, 1 rejected.');
  // Their own are no news to them.
  const { length } = slack.calls.filter(isNotice);
  const own = await ada.press({ message: done }, 'decisions.open', ({ method }) => method === 'views.open');
  expect(textOf(own.args)).toContain('Nothing');
  expect(slack.calls.filter(isNotice)).toHaveLength(length);
});
