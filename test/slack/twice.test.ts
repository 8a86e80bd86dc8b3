import { expect, test } from 'vitest';
import { Tokens } from '../../bot/api/tokens.ts';
import { Once } from '../../bot/slack/transport/once.ts';
import { createCoordination } from '../../core/coordination.ts';
import { systemClock } from '../../core/node/index.ts';
import { MemoryStore } from '../slots/world.ts';
import { connectKey, listOf, reviewOf, startWorld } from './bot.ts';
import { textOf, typed } from './person.ts';
import { TEAM } from './slack-server.ts';

test('a command that Slack delivers twice, one after the other or at once, makes one token', async () => {
  const world = await startWorld();
  const { root, slack } = world;
  const tokens = new Tokens({ store: world.store, clock: systemClock }, world.core.audit);
  await root.command('token n8n');
  expect((await Promise.all([1, 2, 3].map((ago) => root.again(ago)))).map(({ status }) => status)).toEqual([
    200, 200, 200,
  ]);
  expect(await tokens.list(TEAM)).toHaveLength(1);
  await world.restart();
  await root.again(4);
  expect(
    await new Tokens({ store: world.store, clock: systemClock }, world.core.audit).list(TEAM),
  ).toHaveLength(1);
  expect(slack.of('respond')).toHaveLength(1);
  // The same words, typed again, are another command.
  await root.command('token n8n');
  expect(
    await new Tokens({ store: world.store, clock: systemClock }, world.core.audit).list(TEAM),
  ).toHaveLength(2);
});

test('a press that is delivered twice is done once', async () => {
  const { ada, bob, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(5))));
  const told = await slack.until(({ args }) => String(args.text).includes('is done'));
  await slack.until(({ method }) => method === 'files.completeUploadExternal');
  const opened = await ada.command('jobs');
  const list = await ada.press({ message: opened }, 'job.status');
  const posted = slack.of('chat.postMessage').length;
  await ada.press({ message: list }, 'job.file', ({ method }) => method === 'chat.postMessage');
  await ada.again();
  await bob.command('help');
  expect(slack.of('chat.postMessage')).toHaveLength(posted + 1);
  expect(told.args.channel).toBe(await slack.directMessage(ada.id));
});

test('a form that is delivered twice is done once, and both get the same answer', async () => {
  const { ada, keys, core } = await startWorld();
  const form = await ada.modal('connect');
  const [first, second] = [await ada.submit(form, { key: typed('key', keys.one) }), await ada.again()];
  expect(textOf(first.body)).toContain('is in slot 1');
  expect(second.body).toEqual(first.body);
  expect((await core.slots.list(TEAM)).notation).toBe('(self: 1/2) (fly: 0/2) 1/4');
});

test('work that failed, or that the end of a process cut off, is done when Slack sends it again, and once', async () => {
  const store = new MemoryStore();
  // Each process has locks of its own: those of one that ended are free.
  const process = () => new Once(store, createCoordination());
  let done = 0;
  const work = async () => {
    done += 1;
  };
  const failing = process().do('event', () => Promise.reject(new Error('the disk is full')));
  await expect(failing).rejects.toThrow('the disk is full');
  const cutOff = Promise.withResolvers<void>();
  const begun = process().do('event', async () => {
    cutOff.resolve();
    await new Promise(() => undefined);
  });
  await Promise.race([cutOff.promise, begun]);
  expect(await process().do('event', work)).toBe(true);
  expect(await process().do('event', work)).toBe(false);
  expect(done).toBe(1);
});
