import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { run } from './command.ts';

/** The newest whose packages all exist in the registry. */
export const N8N_VERSION = '2.41.1';
/** The oldest that the package's README promises, and the packages that are its engine. */
export const OLDEST = {
  n8n: '1.123.0',
  packages: ['n8n-core@1.122.0', 'n8n-workflow@1.120.0'],
} as const;
const CACHES = path.join(
  process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
  'connectionsphere-apollo',
);
const CACHE = path.join(CACHES, `n8n-${N8N_VERSION}`);
const PACKAGE = path.resolve(import.meta.dirname, '../../n8n-nodes');

/** What Node runs to be n8n. */
export const N8N = path.join(CACHE, 'node_modules', 'n8n', 'bin', 'n8n');

/** Puts a real n8n into a cache folder, once: some minutes and three gigabytes. */
export default async function installN8n(): Promise<void> {
  await install(`n8n ${N8N_VERSION}`, CACHE, async () => {
    // The Kafka client among its packages cannot be built everywhere; of the native ones only sqlite3 is needed.
    await npm(['install', `n8n@${N8N_VERSION}`, '--ignore-scripts'], CACHE);
    await npm(['rebuild', 'sqlite3', '--ignore-scripts=false'], CACHE);
  });
}

/** The engine of the oldest n8n with our package, as it is built now, beside it; gives the folder. */
export async function installOldestEngine(): Promise<string> {
  const folder = path.join(CACHES, `engine-${OLDEST.n8n}`);
  await install(`the engine of n8n ${OLDEST.n8n}`, folder, async () => {
    await npm(['install', ...OLDEST.packages, '--ignore-scripts'], folder);
  });
  const target = path.join(folder, 'node_modules', 'n8n-nodes-connectionsphere');
  await rm(target, { recursive: true, force: true });
  for (const part of ['dist', 'package.json']) {
    await cp(path.join(PACKAGE, part), path.join(target, part), { recursive: true });
  }
  return folder;
}

async function install(what: string, folder: string, work: () => Promise<void>): Promise<void> {
  const installed = path.join(folder, '.installed');
  if (existsSync(installed)) return;
  console.log(`Installing ${what} into ${folder}; this is done once and takes some minutes.`);
  // What an attempt left that was cut off would be taken for whole.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"private":true}');
  await work();
  await writeFile(installed, '');
}

/**
 * The npm of the machine, with the machine's Node: with another Node first in the path, it would build
 * sqlite3 against headers that are not there.
 */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const PATH = folders.filter((folder) => !folder.endsWith('node_modules/.bin')).join(path.delimiter);
  return await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: { ...process.env, PATH },
  });
}
