import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../api/free-port.ts';
import { run } from './command.ts';

/** Where the programs of PostgreSQL are: distributions keep them out of the path. */
const FOLDER = globSync('/usr/lib/postgresql/*/bin')
  .concat((process.env.PATH ?? '').split(path.delimiter))
  .find((folder) => existsSync(path.join(folder, 'initdb')));

/** Whether this machine has a PostgreSQL to start; without one, tests on it are skipped, but never in CI. */
export const hasPostgres = FOLDER !== undefined || Boolean(process.env.CI);

/** A PostgreSQL of our own, on a free port of this machine. */
export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export async function startPostgres(): Promise<PostgresServer> {
  if (FOLDER === undefined) throw new Error('PostgreSQL is not installed: there is no initdb.');
  const folder = await mkdtemp(path.join(tmpdir(), 'postgres-'));
  const port = await freePort();
  const owner = await unprivileged();
  if (owner) await chown(folder, owner.uid, owner.gid);
  const options = { cwd: folder, ...owner };
  const data = path.join(folder, 'data');
  await run(
    path.join(FOLDER, 'initdb'),
    ['--pgdata', data, '--auth', 'trust', '--username', 'n8n', '--no-sync'],
    options,
  );
  const server = spawn(
    path.join(FOLDER, 'postgres'),
    ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1', '-F'],
    { ...options, stdio: 'ignore' },
  );
  while (!(await listens(port))) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with code ${server.exitCode}.`);
    await delay(50);
  }
  return {
    port,
    user: 'n8n',
    database: 'postgres',
    async [Symbol.asyncDispose]() {
      server.kill('SIGINT');
      await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL does not run as root: then as the user that its package has made. */
async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const id = async (flag: string) => Number(await run('id', [flag, 'postgres'], { cwd: tmpdir() }));
  return { uid: await id('-u'), gid: await id('-g') };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
