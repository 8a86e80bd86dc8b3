import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program to its end; gives its standard output, throws what it said when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly uid?: number;
    readonly gid?: number;
  },
): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      texts[name] += part;
    });
  }
  const [code] = await once(child, 'close');
  if (code === 0) return texts.stdout;
  const said = `${texts.stderr}${texts.stdout}`.slice(-4000);
  throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${said}`);
}
