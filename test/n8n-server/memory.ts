import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ApiServer } from '../api/api-server.ts';
import { chain, leads, manualStart, node } from './compare.ts';
import { type Credential, N8n, type Workflow } from './n8n.ts';
import { Editor, N8nProcess } from './running.ts';
import { keysCredential, serverCredential } from './world.ts';

/** What n8n's process holds of the machine's memory around an execution, MiB. */
interface Memory {
  readonly before: number;
  readonly highest: number;
  readonly after: number;
}

export interface MemoryOfRun extends Memory {
  readonly workflow: string;
  readonly rows: number;
  /** MiB of JavaScript that n8n might hold; none: as much as Node takes. */
  readonly heap?: number;
}

const ROWS = [1_000, 20_000];
/** MiB of JavaScript that n8n may hold: without a bound, what Node has not collected yet counts as memory in use. */
export const HEAP = 600;
const KIB_IN_MIB = 1024;

/** Lists read from files in a new n8n each: by its own node, and by ours, with keys and through a server. */
export async function measureMemory(api: ApiServer): Promise<MemoryOfRun[]> {
  const found: MemoryOfRun[] = [];
  const ways: [name: string, credential?: Credential][] = [
    ["n8n's Extract from File"],
    ['Person > Enrich, one key', keysCredential(api.sandbox)],
    ['Person > Enrich, a server', serverCredential(api)],
  ];
  const measurements = ways.flatMap((way) => [HEAP, undefined].map((heap) => ({ way, heap })));
  for (const [index, { way, heap }] of measurements.entries()) {
    const [name, credential] = way;
    api.sandbox.reset();
    await using n8n = await N8n.create();
    if (credential) await n8n.importCredentials([credential]);
    const workflows = await Promise.all(
      ROWS.map(async (rows) => {
        const file = path.join(n8n.folder, `${rows}.csv`);
        await writeFile(file, csv(index, rows));
        return fromFile(file, rows, credential);
      }),
    );
    await n8n.importWorkflows(workflows);
    const bound = heap === undefined ? {} : { NODE_OPTIONS: `--max-old-space-size=${heap}` };
    await using running = await N8nProcess.start(n8n, ['start'], bound);
    const editor = await Editor.setUp(running);
    for (const [at, rows] of ROWS.entries()) {
      const memory = await memoryOf(running, async () => {
        const status = await editor.untilEnded(await editor.start(workflows[at]?.id ?? '', 'Start'));
        if (status !== 'success') throw new Error(`${name} with ${rows} rows ended with ${status}.`);
      });
      found.push({ workflow: name, rows, ...memory, ...(heap !== undefined && { heap }) });
      console.log(found.at(-1));
    }
  }
  return found;
}

/** As Linux counts it (proc_pid_status(5): VmRSS and VmHWM; a 5 in clear_refs begins the highest anew). */
async function memoryOf({ pid }: N8nProcess, work: () => Promise<void>): Promise<Memory> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const { resident: before } = await memoryNow(pid);
  await work();
  const { resident: after, highest } = await memoryNow(pid);
  return { before, highest, after };
}

async function memoryNow(pid: number | undefined): Promise<{ resident: number; highest: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]) / KIB_IN_MIB);
  return { resident: mebibytes('VmRSS'), highest: mebibytes('VmHWM') };
}

function csv(round: number, rows: number): string {
  const lines = leads(1000 + round * ROWS.length + ROWS.indexOf(rows), rows).map(
    ({ first_name, last_name, domain }) => `${first_name},${last_name},${domain}`,
  );
  return ['First name,Last name,Domain', ...lines, ''].join('\n');
}

function fromFile(file: string, rows: number, credential?: Credential): Workflow {
  const { type = '', id = '', name = '' } = credential ?? {};
  return {
    id: `memory${id}${rows}`,
    name: `Memory, ${rows} rows`,
    nodes: [
      manualStart(),
      node('File', 'n8n-nodes-base.readWriteFile', 1, { operation: 'read', fileSelector: file, options: {} }),
      credential
        ? node(
            'Result',
            'n8n-nodes-connectionsphere.connectionSphere',
            1,
            {
              authentication: type,
              resource: 'person',
              operation: 'enrich',
              leadsFrom: 'file',
              options: {},
            },
            { credentials: { [type]: { id, name } } },
          )
        : node('Result', 'n8n-nodes-base.extractFromFile', 1, { operation: 'csv', options: {} }),
    ],
    connections: chain('Start', 'File', 'Result'),
  };
}
