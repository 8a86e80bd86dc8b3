import { expect, test } from 'vitest';
import type { Schedule } from '../../core/index.ts';
import { connectKey, listOf, reviewOf, startWorld } from './bot.ts';
import { chosen, type Person, textOf } from './person.ts';
import { type Call, TEAM } from './slack-server.ts';
import type { World } from './world.ts';

const every = (period: string) => ({ 'schedule.every': chosen('schedule', period) });
const days = (value: string) => ({ 'schedule.days': { schedule: { type: 'number_input', value } } });
const isDone = ({ args }: Call) => String(args.text).includes('is done');

/** The time of every schedule comes, and the bot looks. */
async function untilDue({ store, jump }: World): Promise<void> {
  const schedules = store.collection<Schedule>('schedules');
  for await (const [key, schedule] of schedules.entries())
    await schedules.set(key, { ...schedule, nextAt: Date.now() - 1000 });
  jump(60_000);
}

/** A list of three that Ada has started, to run again every week; gives its id. */
async function weekly(world: World, person: Person): Promise<string> {
  const { slack, core } = world;
  const file = await slack.upload('leads.csv', listOf(3));
  await person.submit(await reviewOf(person, file), every('week'));
  await slack.until(isDone);
  return (await core.jobs.list(TEAM))[0]?.id ?? '';
}

test('a list runs again by itself where the form says so: to its person, who pays for nobody twice', async () => {
  const world = await startWorld({ sandbox: { matchRate: 1 } });
  const { ada, keys, slack, core, sandbox } = world;
  await connectKey(ada, keys.one);
  const id = await weekly(world, ada);
  expect(await core.jobs.schedules.list(TEAM)).toMatchObject([
    { job: id, every: 'week', olderThanDays: 30, by: { kind: 'person', id: ada.id, via: 'slack' } },
  ]);
  const told = slack.calls.length;
  await untilDue(world);
  const again = await slack.until(isDone, told);
  expect(again.args.channel).toBe(await slack.directMessage(ada.id));
  expect(textOf(again.args)).toContain('Made by a list that runs again every week');
  const [run] = await core.jobs.list(TEAM);
  expect(run).toMatchObject({ repeats: id, credits: 0, by: { id: ada.id }, counts: { known: 3 } });
  expect(sandbox.counts().credits).toBe(3);
  const [started] = await Array.fromAsync(core.audit.entries({ workspace: TEAM }));
  expect([started?.deed, started?.by.id]).toContain(ada.id);
});

test('it is shown and changed below the list, by a command and on Home, and others who change it are named', async () => {
  const world = await startWorld({ sandbox: { matchRate: 1 } });
  const { ada, root, bob, keys, slack, core } = world;
  await connectKey(ada, keys.one);
  const id = await weekly(world, ada);
  const from = slack.calls.length;
  await ada.event({ type: 'app_home_opened', tab: 'home', channel: 'D1' });
  const home = await slack.until(({ method }) => method === 'views.publish', from);
  expect(textOf(home.args.view)).toContain(':repeat: every week');
  const list = await ada.command(`status ${id}`);
  expect(textOf(list.args)).toContain(':repeat: Runs again every week, next on');
  const opened = await ada.press({ message: list }, 'job.schedule', ({ method }) => method === 'views.open');
  const form = (opened.answer as { view: Parameters<typeof ada.submit>[0] }).view;
  const saved = await ada.submitted(form, { ...every('month'), ...days('14') });
  expect(textOf(saved)).toContain('runs again every month');
  expect((await core.jobs.schedules.list(TEAM))[0]).toMatchObject({ every: 'month', olderThanDays: 14 });
  // Nobody else's.
  const refused = await bob.command(`schedule ${id}`);
  expect(textOf(refused.args)).toContain('There is no such list for you');
  const off = await root.submitted(await root.modal(`schedule ${id}`), { ...every('never'), ...days('14') });
  expect(textOf(off)).toContain('does not run again by itself');
  expect(await core.jobs.schedules.list(TEAM)).toEqual([]);
  const told = await slack.until(({ args }) => /does not run again by itself/.test(String(args.text)));
  expect(textOf(told.args)).toContain(`<@${root.id}>`);
});

test('it ends, and says so, when its person may not enrich any more', async () => {
  const world = await startWorld({ sandbox: { matchRate: 1 } });
  const { ada, root, keys, slack, core } = world;
  await connectKey(ada, keys.one);
  await weekly(world, ada);
  await root.submit(await root.modal('settings'), { 'who.enrich': chosen('settings.who', 'admins') });
  await untilDue(world);
  const notice = await slack.until(({ args }) => /no longer runs again by itself/.test(String(args.text)));
  expect(notice.args.channel).toBe(ada.id);
  expect(textOf(notice.args)).toContain('may not enrich leads');
  expect(textOf(notice.args)).toContain('*Run again by itself* below the list switches it on again');
  expect(await core.jobs.schedules.list(TEAM)).toEqual([]);
  expect(await core.jobs.list(TEAM)).toHaveLength(1);
});

test('it ends when its person is deactivated in Slack, and waits while Slack does not say who it is', async () => {
  const world = await startWorld({ sandbox: { matchRate: 1 } });
  const { ada, keys, slack } = world;
  await connectKey(ada, keys.one);
  await weekly(world, ada);
  await world.restart();
  slack.fail({ method: 'users.info', error: 'internal_error' });
  await untilDue(world);
  await expect.poll(() => world.logged.some((line) => line.includes('did not run again'))).toBe(true);
  const started = async () =>
    (await world.core.jobs.list(TEAM)).filter(({ startedAt }) => startedAt !== undefined);
  expect(await started()).toHaveLength(1);
  slack.tell(ada.id, { deleted: true });
  await untilDue(world);
  await expect.poll(() => world.core.jobs.schedules.list(TEAM)).toEqual([]);
  expect(await world.core.jobs.list(TEAM)).toHaveLength(1);
});

test('it keeps to what one person may spend a month: it says that it did not run, and the next time comes', async () => {
  const world = await startWorld({ sandbox: { matchRate: 1 } });
  const { ada, root, keys, slack, core } = world;
  await connectKey(ada, keys.one);
  const id = await weekly(world, ada);
  await ada.submitted(await ada.modal(`schedule ${id}`), { ...every('week'), ...days('1') });
  await root.submit(await root.modal('settings'), {
    'person-credits': { value: { type: 'number_input', value: '3' } },
  });
  // What was found is a day old by now.
  const results = world.store.collection<{ at?: number }>('results');
  for await (const [key, result] of results.entries())
    await results.set(key, { ...result, at: Date.now() - 3 * 86_400_000 });
  await untilDue(world);
  const notice = await slack.until(({ args }) => /did not run again this time/.test(String(args.text)));
  expect(notice.args.channel).toBe(ada.id);
  expect(textOf(notice.args)).toContain('You have used up the credits');
  expect(textOf(notice.args)).toMatch(/Next time: <!date\^\d+/);
  expect(await core.jobs.schedules.list(TEAM)).toHaveLength(1);
  expect(await core.jobs.list(TEAM)).toHaveLength(1);
  const list = await ada.command(`status ${id}`);
  expect(textOf(list.args)).toContain('The last time it did not run');
});
