import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { SIGNING_SECRET } from './person.ts';
import { BOT_TOKEN, type SlackServer } from './slack-server.ts';

const CLI = fileURLToPath(new URL('../../bot/cli/main.ts', import.meta.url));

export interface BotProcess {
  readonly child: ChildProcess;
  /** Where Slack sends to. */
  readonly eventsUrl: string;
  logged(): string;
}

/** The bot as a process of its own, as `npm start` runs it; ends with the test. */
export async function startBotProcess(
  slack: SlackServer,
  env: Record<string, string>,
  ...more: string[]
): Promise<BotProcess> {
  const child = spawn(process.execPath, [CLI, 'serve', '--json', ...more], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      LOG_LEVEL: 'debug',
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      ...env,
    },
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
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
  return { child, eventsUrl: `http://127.0.0.1:${port}/slack/events`, logged: () => logged };
}
