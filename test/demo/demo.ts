/**
 * `npm run demo`: the main job from nothing, as a user would type it, against the Apollo sandbox. Every step
 * is the real command line in a process of its own; no Apollo account, no credits.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { table } from '../../bot/cli/output.ts';
import { openLeadFile } from '../../core/node/index.ts';
import { EXAMPLE_TEAMS, startSandbox } from '../sandbox/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = path.join(ROOT, 'bot/cli/main.ts');
const FOLDER = path.join(ROOT, 'demo-output');
const LIST = path.join(FOLDER, 'leads.csv');
const ENRICHED = path.join(FOLDER, 'leads-enriched.csv');
const LABELS = ['Sales EU', 'Growth', 'Field sales'];
const SAMPLE_ROWS = 8;

const data = await mkdtemp(path.join(tmpdir(), 'connectionsphere-demo-'));
// Slow enough to see the bar move: Apollo takes about so long for ten people.
const sandbox = await startSandbox({ latencyMs: { median: 700, p95: 1500 }, lateMs: 1500 });
const keys = EXAMPLE_TEAMS.flatMap(({ keys }) => keys).map((key) =>
  typeof key === 'string' ? key : key.key,
);

try {
  await mkdir(FOLDER, { recursive: true });
  await copyFile(new URL('leads.csv', import.meta.url), LIST);
  heading('Three keys of two Apollo teams go into slots.');
  for (const [index, key] of keys.entries()) {
    const label = LABELS[index] ?? `Key ${index + 1}`;
    // The third is for the ConnectionSphere team to fill: a workspace has two slots of its own.
    await connectionsphere([index < 2 ? 'connect' : 'fill', '--label', label], key);
  }
  await connectionsphere(['slots']);
  heading('A list of leads, as a scraper exports it: with duplicates, titles and emoji.');
  await connectionsphere([
    'enrich',
    'demo-output/leads.csv',
    '--out',
    path.relative(ROOT, ENRICHED),
    '--yes',
  ]);
  heading('The same list once more: everybody is known, nothing is paid for.');
  await connectionsphere(['estimate', 'demo-output/leads.csv']);
  heading(`The first rows of ${path.relative(ROOT, ENRICHED)}, ${SAMPLE_ROWS} of its columns:`);
  await showSample();
  const { calls, credits, rateLimited, chargedMoreThanOnce } = sandbox.counts();
  heading("What the sandbox's books say:");
  console.log(
    `${calls} calls, ${credits} credits, ${rateLimited} refused as too fast, ${chargedMoreThanOnce.length} people charged more than once.`,
  );
  heading('With your own key and list, type next:');
  console.log(`./connectionsphere connect --label "Sales EU"
./connectionsphere enrich YOUR-LIST.csv`);
  heading('The same on a page in your browser, with this sandbox behind it:');
  console.log('npm start -- --sandbox');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await sandbox.close();
  await rm(data, { recursive: true, force: true });
}

function heading(text: string): void {
  console.log(`\n${styleText('bold', text)}\n`);
}

/** Runs a command as a user would, shown first; what it prints goes where ours goes. */
async function connectionsphere(args: string[], input = ''): Promise<void> {
  const shown = args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ');
  const typed = input === '' ? '' : 'printf %s "$KEY" | ';
  console.log(styleText('dim', `$ ${typed}./connectionsphere ${shown}`));
  const child = spawn(process.execPath, [...process.execArgv, CLI, ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATA_DIR: data,
      APOLLO_BASE_URL: sandbox.url,
      APOLLO_MINUTE_MS: '60000',
      SLOTS_SELF: '2',
      SLOTS_DFY: '2',
    },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin.end(input);
  const [code] = await once(child, 'exit');
  console.log();
  if (code !== 0) throw new Error(`The demo stopped: "${shown}" ended with ${code}.`);
}

async function showSample(): Promise<void> {
  const file = await openLeadFile(ENRICHED);
  const columns = [
    ['Lead', 'First Name', 'Last Name'],
    ['Outcome', 'apollo_outcome'],
    ['E-mail', 'apollo_email'],
    ['Status', 'apollo_email_status'],
    ['Title', 'apollo_title'],
    ['Company', 'apollo_company'],
    ['Size', 'apollo_company_size'],
    ['Country', 'apollo_country'],
  ] as const;
  const rows = (await file.sample(SAMPLE_ROWS)).map((row) =>
    columns.map(([, ...names]) => names.map((name) => row[file.headers.indexOf(name)] ?? '').join(' ')),
  );
  console.log(
    table(
      columns.map(([name]) => name),
      rows,
    ),
  );
}
