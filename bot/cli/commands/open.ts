import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { moment } from '../../words.ts';
import { sessionOf } from '../session.ts';
import { OWN_SIGN_IN } from '../sign-in.ts';

export function addOpen(program: Command): void {
  program
    .command('open')
    .description('open the page in a browser, signed in; npm start has to run')
    .option('--no-browser', 'only print the link')
    .action(async ({ browser }: { browser: boolean }, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const { url, until } = await withCommands((commands) =>
        commands.makeLink({ ...OWN_SIGN_IN, workspace }),
      );
      output.result(
        { url, workspace, until: new Date(until).toISOString() },
        `${url}\n\nSigns you in to workspace "${workspace}", once, until ${moment(until)}.`,
      );
      if (browser && process.stdout.isTTY) openBrowser(url);
    });
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  linux: ['xdg-open'],
};

/** Where there is no browser, the printed link does. */
function openBrowser(url: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
