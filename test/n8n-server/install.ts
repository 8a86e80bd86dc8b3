import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { run } from './command.ts';

/** The newest whose packages all exist in the registry. */
export const N8N_VERSION = '2.41.1';
const CACHE = path.join(
  process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
  'connectionsphere-apollo',
  `n8n-${N8N_VERSION}`,
);
const INSTALLED = path.join(CACHE, '.installed');

/** What Node runs to be n8n. */
export const N8N = path.join(CACHE, 'node_modules', 'n8n', 'bin', 'n8n');

/** Puts a real n8n into a cache folder, once: some minutes and three gigabytes. */
export default async function installN8n(): Promise<void> {
  if (existsSync(INSTALLED)) return;
  console.log(`Installing n8n ${N8N_VERSION} into ${CACHE}; this is done once and takes some minutes.`);
  // What an attempt left that was cut off would be taken for whole.
  await rm(CACHE, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  await writeFile(path.join(CACHE, 'package.json'), '{"private":true}');
  // The Kafka client among its packages cannot be built everywhere; of the native ones only sqlite3 is needed.
  await npm(['install', `n8n@${N8N_VERSION}`, '--ignore-scripts'], CACHE);
  await npm(['rebuild', 'sqlite3', '--ignore-scripts=false'], CACHE);
  await writeFile(INSTALLED, '');
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
