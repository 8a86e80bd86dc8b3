/**
 * Our node in a real n8n, beside what people build from n8n's own nodes: a thousand leads, one lead, and the memory
 * that lists take. `npm run bench:n8n` writes docs/bench/n8n.md and n8n.json; with the name of a part, that part.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type ApiServer, KEYS, startApiServer } from '../api/api-server.ts';
import buildPackage from '../n8n/build.ts';
import { run } from './command.ts';
import { type Comparison, ITEMS, loopOfTens, measure, ourNode, perItem } from './compare.ts';
import { N8N_VERSION } from './install.ts';
import { HEAP, type MemoryOfRun, measureMemory } from './memory.ts';
import { N8n, type Workflow } from './n8n.ts';
import { Editor, N8nProcess } from './running.ts';
import { keysCredential, serverCredential } from './world.ts';

const LATENCY_MS = 300;
const RUNS = 3;
const RUNS_OF_ONE = 15;
const TARGET = new URL('../../docs/bench/', import.meta.url);

/** What a team may ask for so much that no limit of Apollo's is reached: memory is not a matter of time. */
const NO_LIMITS = { '*': { minute: 100_000 } };

interface OneLead {
  readonly workflow: string;
  /** Of each execution, ms. */
  readonly nodeMs: readonly number[];
}

/** Parts can be measured apart, and so each says when and on what it was. */
interface Measured<T> {
  readonly measured: {
    /** The day, as `2026-11-28`. */
    readonly on: string;
    readonly n8n: string;
    readonly node: string;
    readonly processors: number;
  };
  readonly runs: readonly T[];
}

interface Figures {
  readonly list: Measured<readonly Comparison[]>;
  readonly one: Measured<OneLead>;
  readonly memory: Measured<MemoryOfRun>;
}

const PARTS = { list: sideBySide, one: oneLead, memory: memoryOfLists } as const;

type Part = keyof typeof PARTS;

const named = process.argv.slice(2);
const parts = (named.length > 0 ? named : Object.keys(PARTS)).map((name): Part => {
  if (name in PARTS) return name as Part;
  throw new Error(
    `There is no part "${name}": name some of ${Object.keys(PARTS).join(', ')}, or none for all.`,
  );
});

buildPackage();
const measured: Figures['list']['measured'] = {
  on: new Date().toISOString().slice(0, 10),
  n8n: N8N_VERSION,
  node: process.version,
  processors: availableParallelism(),
};
let figures = JSON.parse(await readFile(new URL('n8n.json', TARGET), 'utf8')) as Figures;
for (const part of parts) figures = { ...figures, [part]: { measured, runs: await PARTS[part]() } };
await mkdir(TARGET, { recursive: true });
await writeFile(new URL('n8n.json', TARGET), `${JSON.stringify(figures, null, 2)}\n`);
await writeFile(new URL('n8n.md', TARGET), page(figures));
// As the formatter wants it, so that a new measurement changes figures and nothing else.
await run('biome', ['format', '--write', 'n8n.json'], { cwd: fileURLToPath(TARGET) });
const tables = { list: listTable, one: oneTable, memory: memoryTable };
for (const part of parts) console.log(`\n${tables[part](figures)}`);

/** The workflows of each round, one after the other; the first round starts what n8n starts when it is first needed. */
async function inOneN8n<T>(
  api: ApiServer,
  rounds: readonly (readonly Workflow[])[],
  take: (workflow: Workflow, editor: Editor) => Promise<T>,
): Promise<T[][]> {
  await using n8n = await N8n.create();
  await n8n.importCredentials([serverCredential(api), keysCredential(api.sandbox)]);
  await n8n.importWorkflows(rounds.flat());
  await using running = await N8nProcess.start(n8n, ['start']);
  const editor = await Editor.setUp(running);
  const taken: T[][] = [];
  for (const [round, workflows] of rounds.entries()) {
    for (const [index, workflow] of workflows.entries()) {
      const one = await take(workflow, editor);
      if (round > 0) taken[index] = [...(taken[index] ?? []), one];
    }
  }
  return taken;
}

async function sideBySide(): Promise<Comparison[][]> {
  await using api = await startApiServer({ latencyMs: LATENCY_MS });
  const { sandbox } = api;
  const rounds = Array.from({ length: 1 + RUNS }, (_, round): Workflow[] => [
    ourNode(round, keysCredential(sandbox), 'one key, no server'),
    ourNode(round, serverCredential(api), 'the same key on a server'),
    perItem(round, sandbox, KEYS.contoso),
    loopOfTens(round, sandbox, KEYS.contoso),
  ]);
  return await inOneN8n(api, rounds, async ({ id, name }, editor) => {
    sandbox.reset();
    const comparison = measure(name, await editor.run(id, 'Start'), sandbox.counts());
    console.log(comparison);
    return comparison;
  });
}

async function oneLead(): Promise<OneLead[]> {
  await using api = await startApiServer({ latencyMs: LATENCY_MS });
  const { sandbox } = api;
  const rounds = Array.from({ length: 1 + RUNS_OF_ONE }, (_, round): Workflow[] => [
    perItem(100 + round, sandbox, KEYS.contoso, 1),
    ourNode(100 + round, keysCredential(sandbox), 'one key, no server', 1),
    ourNode(100 + round, serverCredential(api), 'the same key on a server', 1),
  ]);
  const measured = await inOneN8n(api, rounds, async ({ id, name }, editor) => {
    const executed = await editor.run(id, 'Start');
    if (executed.status !== 'success') throw new Error(`${name}: ${executed.error}`);
    return { workflow: name, nodeMs: executed.nodeMs('Result') };
  });
  return measured.map((runs) => ({
    workflow: runs[0]?.workflow ?? '',
    nodeMs: runs.map(({ nodeMs }) => nodeMs),
  }));
}

async function memoryOfLists(): Promise<MemoryOfRun[]> {
  await using api = await startApiServer({
    teams: [{ id: 'team-contoso', plan: NO_LIMITS, credits: { limit: 100_000 }, keys: [KEYS.contoso] }],
    latencyMs: 100,
  });
  return await measureMemory(api);
}

function page(figures: Figures): string {
  return `# In n8n, side by side

Everything in a real n8n, with the node as it was on the day that stands below each table. Apollo is the sandbox of the tests.

${ITEMS} items, a tenth of them people who came before, ${LATENCY_MS} ms from a request to Apollo's answer, one key of a paid plan
(1,000 requests a minute for each endpoint). The median of ${RUNS} executions by time, after one that is not counted,
from n8n's own record of them, each with people who were not looked up before.

${listTable(figures)}

${measuredOn(figures.list)}

Paired: an item with a person that stands beside its own lead, by n8n's links between items and, where these
lead to no single item, by position. Credits are fewer than people, because for some Apollo has nothing that it charges for.
One call per item takes the whole allowance of the team for that minute: a call more, from any program, would be a 429.
Only our node keeps the item's own fields beside the result: HTTP Request puts the answer in their place.

## One item

The median of ${RUNS_OF_ONE} executions with one item each, after one that is not counted, ${LATENCY_MS} ms an answer: the node's own
time, from n8n's record.

${oneTable(figures)}

${measuredOn(figures.one)}

## Memory

A CSV from the disk through one node, in an n8n started for it, the small file before the large one: what its process
holds before the execution, at most while it runs, and just after it, MiB. The answers take 100 ms each, and the team has
no limits. What n8n itself needs for the items that leave a node, and to record the execution, is in all of them.

n8n runs once with a heap of \`--max-old-space-size=${HEAP}\` MiB and once without a bound. The bound shows what is needed:
the process stays far below 400 MiB above what it held. Without one, V8 lets the heap grow to about four times what it last
found in use before it collects again, and what nobody has collected counts as memory of the process. Of the heap of a run
with 20,000 rows and a key that had grown from 257 to 1,040 MiB, a collection left 286; in n8n's engine alone, collected every
1.5 seconds, at most 87 MiB were in use at a time, 79 of which are the results that stay known for a day. Where memory is
scarce, give n8n the bound, or leave the list to a server with _List > Start_.

${memoryTable(figures)}

${measuredOn(figures.memory)}

The figures of all runs are in [n8n.json](n8n.json). \`npm run bench:n8n\` measures all parts again, and
\`npm run bench:n8n -- memory\`, \`one\` or \`list\` one of them.
`;
}

function measuredOn({ measured: { on, n8n, node, processors } }: Measured<unknown>): string {
  return `Measured on ${on} in n8n ${n8n}, with ${processors} processors and Node ${node}.`;
}

function listTable({ list }: Figures): string {
  const rows = list.runs.map((runs) => {
    const { workflow, seconds, calls, credits, rateLimited, paired } = median(runs, (run) => run.seconds);
    return [workflow, seconds.toFixed(1), calls, credits, rateLimited, `${paired} of ${ITEMS}`];
  });
  return table(['Workflow', 'Seconds', 'Calls', 'Credits', '429s', 'Correctly paired'], rows);
}

function oneTable({ one }: Figures): string {
  const times = one.runs.map(({ workflow, nodeMs }) => ({ workflow, ms: median(nodeMs, (ms) => ms) }));
  const [direct] = times;
  const rows = times.map(({ workflow, ms }) => [workflow, ms, (ms / (direct?.ms ?? 1)).toFixed(2)]);
  return table(['Workflow', 'ms', 'Of a direct call'], rows);
}

function memoryTable({ memory }: Figures): string {
  const rows = memory.runs.map(({ workflow, rows, heap, before, highest, after }) => {
    const bound = heap === undefined ? 'none' : `${heap} MiB`;
    return [workflow, rows.toLocaleString('en'), bound, before, highest, after, highest - before];
  });
  return table(['One node', 'Rows', 'Heap bound', 'Before', 'Highest', 'After', 'Highest - before'], rows);
}

function median<T>(all: readonly T[], of: (each: T) => number): T {
  return all.toSorted((a, b) => of(a) - of(b))[Math.floor(all.length / 2)] as T;
}

/** Words to the left, figures to the right. */
function table(head: readonly string[], body: readonly (readonly (string | number)[])[]): string {
  const rows = [head, ...body.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [first = '', ...others] = rows.map((row) =>
    line(
      widths.map((width, column) =>
        column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width),
      ),
    ),
  );
  const rule = line(
    widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
  );
  return [first, rule, ...others].join('\n');
}
