/** One process of several on a Redis, as `serve --role` starts it: works until it is told to end. */
import { once } from 'node:events';
import { createLog, openPorts, type Role, readConfig } from '../../core/node/index.ts';
import { openCore } from './core.ts';

const config = readConfig(process.env);
const role = (process.env.TEST_ROLE ?? 'worker') as Role;
await using ports = await openPorts(config, {
  command: 'worker',
  role,
  log: createLog({ level: 'warn', write: (line) => void process.stderr.write(`${line}\n`) }),
});
const core = await openCore(ports.ports, config);
const ending = new AbortController();
const maintenance = core.tend(ending.signal);
process.stdout.write('ready\n');
await once(process, 'SIGTERM');
ending.abort();
await maintenance;
await core.close();
