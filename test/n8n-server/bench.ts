/**
 * A thousand leads, a tenth of them twice, through Apollo with 300 ms an answer, in a real n8n: our node and
 * what people build from n8n's own nodes. `npm run bench:n8n` writes docs/bench/n8n.md and n8n.json.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { KEYS, startApiServer } from '../api/api-server.ts';
import buildPackage from '../n8n/build.ts';
import { type Comparison, ITEMS, loopOfTens, measure, ourNode, perItem } from './compare.ts';
import { N8N_VERSION } from './install.ts';
import { N8n, type Workflow } from './n8n.ts';
import { Editor, N8nProcess } from './running.ts';
import { keysCredential, serverCredential } from './world.ts';

const LATENCY_MS = 300;
const RUNS = 3;
const TARGET = new URL('../../docs/bench/', import.meta.url);
const COLUMNS = ['Workflow', 'Seconds', 'Calls', 'Credits', '429s', 'Correctly paired'];

buildPackage();
await using api = await startApiServer({ latencyMs: LATENCY_MS });
await using n8n = await N8n.create();
const { sandbox } = api;
const server = serverCredential(api);
const keys = keysCredential(sandbox);
// The first round starts what n8n starts when it is first needed, and does not count.
const rounds = Array.from({ length: 1 + RUNS }, (_, round): Workflow[] => [
  ourNode(round, keys, 'one key, no server'),
  ourNode(round, server, 'the same key on a server'),
  perItem(round, sandbox, KEYS.contoso),
  loopOfTens(round, sandbox, KEYS.contoso),
]);
await n8n.importCredentials([server, keys]);
await n8n.importWorkflows(rounds.flat());
await using running = await N8nProcess.start(n8n, ['start']);
const editor = await Editor.setUp(running);

const measured: Comparison[][] = [];
for (const [round, workflows] of rounds.entries()) {
  for (const [index, { id, name }] of workflows.entries()) {
    sandbox.reset();
    const executed = await editor.run(id, 'Start');
    const comparison = measure(name, executed, sandbox.counts());
    console.log(round === 0 ? 'Warm-up:' : `Run ${round}:`, comparison);
    if (round > 0) measured[index] = [...(measured[index] ?? []), comparison];
  }
}

const medians = measured.map(
  (runs) => runs.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)] as Comparison,
);
const rows = [
  COLUMNS,
  ...medians.map(({ workflow, seconds, calls, credits, rateLimited, paired }) => [
    workflow,
    seconds.toFixed(1),
    String(calls),
    String(credits),
    String(rateLimited),
    `${paired} of ${ITEMS}`,
  ]),
];
const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
const table = rows.map((row) => line((column, width) => alignment(column)(row[column] ?? '', width)));
table.splice(
  1,
  0,
  line((column, width) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
);
const machine = { n8n: N8N_VERSION, node: process.version, processors: availableParallelism() };
const page = `# In n8n, side by side

${ITEMS} items, a tenth of them people who came before, ${LATENCY_MS} ms from a request to Apollo's answer, one key of a paid plan
(1,000 requests a minute for each endpoint), everything in a real n8n ${N8N_VERSION}. The median of ${RUNS} executions by time,
from n8n's own record of them, each with people who were not looked up before.

${table.join('\n')}

Paired: an item with a person that stands beside its own lead, by n8n's links between items and, where these
lead to no single item, by position. Credits are fewer than people, because for some Apollo has nothing that it charges for.
One call per item takes the whole allowance of the team for that minute: a call more, from any program, would be a 429.
Only our node keeps the item's own fields beside the result: HTTP Request puts the answer in their place.

Measured by \`npm run bench:n8n\` with ${machine.processors} processors and Node ${machine.node}; the figures of all runs are in [n8n.json](n8n.json).
`;
await mkdir(TARGET, { recursive: true });
await writeFile(new URL('n8n.md', TARGET), page);
await writeFile(
  new URL('n8n.json', TARGET),
  `${JSON.stringify({ machine, items: ITEMS, latencyMs: LATENCY_MS, runs: measured }, null, 2)}\n`,
);
console.log(table.join('\n'));

function line(cell: (column: number, width: number) => string): string {
  return `| ${widths.map((width, column) => cell(column, width)).join(' | ')} |`;
}

/** Words to the left, figures to the right. */
function alignment(column: number): (text: string, width: number) => string {
  return (text, width) => (column === 0 ? text.padEnd(width) : text.padStart(width));
}
