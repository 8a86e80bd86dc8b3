import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../platform/temporary-directory.ts';
import { startSandbox } from '../sandbox/index.ts';
import { apolloKey } from '../slots/world.ts';
import { connectKey, listOf, reviewOf } from './bot.ts';
import { startBotProcess } from './bot-process.ts';
import { Person, textOf } from './person.ts';
import { SlackServer } from './slack-server.ts';

test('the bot as a process of its own, as `npm start` runs it: key, list, file', async () => {
  const slack = new SlackServer();
  onTestFinished(() => slack[Symbol.asyncDispose]());
  await slack.start([{ name: 'ada' }]);
  const key = apolloKey();
  const sandbox = await startSandbox({ teams: [{ id: 'team-a', keys: [key] }], matchRate: 1 });
  onTestFinished(() => sandbox.close());
  const bot = await startBotProcess(slack, {
    DATA_DIR: await temporaryDirectory(),
    APOLLO_BASE_URL: sandbox.url,
  });
  const ada = new Person(await slack.userId('ada'), slack, bot.eventsUrl);
  await connectKey(ada, key);
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(25))));
  const told = await slack.until(({ args }) => String(args.text).includes('is done'));
  expect(textOf(told.args)).toContain('25 of 25');
  const file = await slack.until(({ method }) => method === 'files.completeUploadExternal');
  const [{ id }] = (file.answer as { files: [{ id: string }] }).files;
  expect((await slack.fileText(id)).trimEnd().split('\n')).toHaveLength(26);
  expect(slack.problems).toEqual([]);
  expect(bot.logged()).not.toContain(key);
});
