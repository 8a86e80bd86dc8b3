import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** Starts `npm run sandbox` without npm. */
function run(...options: string[]) {
  const child = spawn(process.execPath, [MAIN, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      printed += part;
    });
  }
  return { child, printed: () => printed };
}

describe('npm run sandbox', () => {
  it('prints address, keys and what to type next, serves, and stops on Ctrl-C', async () => {
    const { child, printed } = run('--port', '0', '--latency', '0');
    await expect.poll(printed).toContain('Ctrl-C');
    const address = /http:\S+\/api\/v1/.exec(printed())?.[0];
    const key = /sandbox-contoso-sales\S+/.exec(printed())?.[0] ?? '';
    const profile = await fetch(`${address}/users/api_profile`, { headers: { 'x-api-key': key } });

    expect(profile.status).toBe(200);
    expect(printed()).toContain(`export APOLLO_BASE_URL=${address}`);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says what is wrong with an option', async () => {
    const { child, printed } = run('--port', 'http');

    expect(await once(child, 'close')).toEqual([2, null]);
    expect(printed()).toContain('--port takes a whole number from 0 to 65535, not "http".');
  });
});
