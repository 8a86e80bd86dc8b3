import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld } from './bot.ts';
import { textOf } from './person.ts';
import type { Call } from './slack-server.ts';
import { TEAM } from './slack-server.ts';

const isDone = ({
  method,
  args,
  answer,
}: {
  method: string;
  args: Record<string, unknown>;
  answer: Record<string, unknown>;
}) => /^chat/.test(method) && answer.ok === true && String(args.text).includes('is done');

test('while Slack is down or wants us to wait, a list goes on, and what is to be said is said later, once', async () => {
  const { ada, keys, slack, core } = await startWorld({ haste: 20 });
  await connectKey(ada, keys.one);
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(20)));
  slack.fail({ method: 'chat.postMessage', times: 3, status: 503 });
  slack.fail({ method: 'chat.postMessage', times: 2, status: 429, retryAfter: 1 });
  slack.fail({ method: 'files.getUploadURLExternal', times: 2, error: 'internal_error' });
  await ada.submit(review);
  await slack.until(isDone);
  expect((await core.jobs.list(TEAM)).map(({ state }) => state)).toEqual(['done']);
  const uploaded = await slack.until(
    ({ method, answer }) => method === 'files.completeUploadExternal' && answer.ok === true,
  );
  expect(uploaded.answer.ok).toBe(true);
  expect(slack.calls.filter(isDone)).toHaveLength(1);
});

test('a process that ends before the news is told leaves it to the next one, which goes on where it stopped', async () => {
  const world = await startWorld({ haste: 20 });
  const { ada, keys, slack } = world;
  await connectKey(ada, keys.one);
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(20)));
  // The figures get through, the file does not.
  slack.fail({ method: 'files.getUploadURLExternal', times: 1000, status: 503 });
  await ada.submit(review);
  await slack.until(isDone);
  await slack.until(({ method }) => method === 'files.getUploadURLExternal');
  await world.restart();
  slack.heal();
  await slack.until(({ method, answer }) => method === 'files.completeUploadExternal' && answer.ok === true);
  expect(slack.calls.filter(isDone)).toHaveLength(1);
});

const isRefused = ({ answer }: Call) => answer.error === 'invalid_blocks';
const blockTypes = ({ args }: Call) => (args.blocks as { type: string }[]).map(({ type }) => type);

test('a larger result has a table with pages, where Slack knows it; else a plain one, and text where it knows none', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const told = async (rows: number) => {
    const from = slack.calls.length;
    await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(rows))));
    return await slack.until((call) => isDone(call) && call.answer.ok === true, from);
  };
  const refused = () => slack.calls.filter(isRefused).length;
  const large = await told(30);
  expect(blockTypes(large)).toContain('data_table');
  expect(blockTypes(await told(5))).toContain('table');
  expect(refused()).toBe(0);

  slack.unknownBlocks.add('data_table');
  expect(blockTypes(await told(31))).toContain('table');
  expect(refused()).toBe(1);
  // It is remembered.
  expect(blockTypes(await told(32))).toContain('table');
  expect(refused()).toBe(1);

  slack.unknownBlocks.add('table');
  const plain = await told(5);
  expect(blockTypes(plain)).not.toContain('table');
  expect(textOf(plain.args)).toMatch(/Lead +Outcome/);
  expect(refused()).toBe(2);
});

test('notices go to whoever connected the key, and to the place that the settings name', async () => {
  const { ada, bob, root, keys, slack, sandbox, core } = await startWorld();
  await connectKey(ada, keys.one);
  const settings = await root.modal('settings');
  await root.submit(settings, {
    notifications: { value: { type: 'conversations_select', selected_conversation: bob.id } },
  });
  sandbox.setCredits('team-a', { limit: 10_000, used: 9_500 });
  await core.slots.refresh(TEAM);
  const low = (to: string) =>
    slack.until(({ args }) => args.channel === to && /credits left/.test(String(args.text)));
  for (const to of [ada.id, bob.id])
    expect(textOf((await low(to)).args)).toContain('500 of 10,000 Apollo credits left');
  const from = slack.calls.length;
  sandbox.revoke(keys.one);
  await core.slots.refresh(TEAM);
  const refused = await slack.until(({ method }) => method === 'chat.postMessage', from);
  expect(textOf(refused.args)).toContain('is refused by Apollo');
  expect(JSON.stringify(slack.calls)).not.toContain(keys.one);
});
