import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from './usage-error.ts';

/** The part of the test's sandbox that a start with `--sandbox` needs. */
interface SandboxModule {
  readonly EXAMPLE_TEAMS: readonly { readonly keys: readonly (string | { readonly key: string })[] }[];
  startSandbox(settings: object): Promise<{ readonly url: string; close(): Promise<void> }>;
}

interface RunningSandbox extends AsyncDisposable {
  /** Settings that make a server talk to it, with a store that is gone afterwards. */
  readonly env: Readonly<Record<string, string>>;
  /** What there is to try. `page`: a link that signs in. */
  words(page: string): string[];
}

const folder = (name: string) => fileURLToPath(new URL(`../../test/${name}`, import.meta.url));

/** Starts a sandbox in place of Apollo. It comes with the repository, and not with an image of the server. */
export async function startSandbox(): Promise<RunningSandbox> {
  const file = folder('sandbox/index.ts');
  if (!existsSync(file)) {
    throw new UsageError(
      '--sandbox needs the whole repository: the sandbox is in its folder test/, which is not here.',
    );
  }
  const { EXAMPLE_TEAMS, startSandbox: start } = (await import(pathToFileURL(file).href)) as SandboxModule;
  const sandbox = await start({ latencyMs: { median: 700, p95: 1500 } });
  const store = await mkdtemp(path.join(tmpdir(), 'connectionsphere-sandbox-'));
  const keys = EXAMPLE_TEAMS.flatMap((team) => team.keys).map((key) =>
    typeof key === 'string' ? key : key.key,
  );
  return {
    env: { APOLLO_BASE_URL: sandbox.url, APOLLO_MINUTE_MS: '60000', DATA_DIR: store },
    words: (page) => [
      '',
      'A sandbox stands in place of Apollo: nothing costs anything, and all of it is gone when you stop it.',
      `  Open         ${page}`,
      `  Keys         ${keys.join('\n               ')}`,
      `  A list       ${path.relative(process.cwd(), folder('demo/leads.csv'))}`,
    ],
    [Symbol.asyncDispose]: async () => {
      await sandbox.close();
      await rm(store, { recursive: true, force: true });
    },
  };
}
