import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../platform/temporary-directory.ts';
import { startSandbox } from '../sandbox/index.ts';
import { apolloKey } from '../slots/world.ts';
import { connectKey, listOf, reviewOf } from './bot.ts';
import { Person, SIGNING_SECRET, textOf } from './person.ts';
import { BOT_TOKEN, SlackServer } from './slack-server.ts';

const CLI = fileURLToPath(new URL('../../bot/cli/main.ts', import.meta.url));

test('the bot as a process of its own, as `npm start` runs it: key, list, file', async () => {
  const slack = new SlackServer();
  onTestFinished(() => slack[Symbol.asyncDispose]());
  await slack.start([{ name: 'ada' }]);
  const key = apolloKey();
  const sandbox = await startSandbox({ teams: [{ id: 'team-a', keys: [key] }], matchRate: 1 });
  onTestFinished(() => sandbox.close());
  const child = spawn(process.execPath, [CLI, 'serve', '--json'], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: await temporaryDirectory(),
      PORT: '0',
      LOG_LEVEL: 'debug',
      APOLLO_BASE_URL: sandbox.url,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
    },
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  let logged = '';
  child.stderr.on('data', (piece: Buffer) => {
    logged += piece.toString();
  });
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    lines.on('line', (line) => {
      text += line;
      const found = /"port": ?(\d+)/.exec(text)?.[1];
      if (found) resolve(Number(found));
    });
    void exited.then(() => reject(new Error(`It ended: ${logged}`)));
  });
  const ada = new Person(await slack.userId('ada'), slack, `http://127.0.0.1:${port}/slack/events`);
  await connectKey(ada, key);
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(25))));
  const told = await slack.until(({ args }) => String(args.text).includes('is done'));
  expect(textOf(told.args)).toContain('25 of 25');
  const file = await slack.until(({ method }) => method === 'files.completeUploadExternal');
  const [{ id }] = (file.answer as { files: [{ id: string }] }).files;
  expect((await slack.fileText(id)).trimEnd().split('\n')).toHaveLength(26);
  expect(slack.problems).toEqual([]);
  expect(logged).not.toContain(key);
});
