import { once } from 'node:events';
import type { Machine, Ran, Started } from '../cli/command-line.ts';

/** A server as its own process, from its first line of output on. */
export async function serve(
  machine: Machine,
  env: Record<string, string> = {},
): Promise<Started & { url: string; said: string }> {
  const started = machine.start(['serve', '--port', '0'], env);
  let said = '';
  started.child.stdout?.on('data', (part: string) => {
    said += part;
  });
  while (!/State /.test(said)) await once(started.child.stdout ?? started.child, 'data');
  return { ...started, said, url: /http:\/\/localhost:\d+/.exec(said)?.[0] ?? '' };
}

/** As an operator ends it; gives how it ended. */
export async function stop({ child, ran }: Started): Promise<Ran> {
  child.kill('SIGTERM');
  return await ran;
}
