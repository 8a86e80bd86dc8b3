/**
 * How well messy files are read: `npm run bench:csv -- FOLDER`. FOLDER is `polluted_files` of the public Pollock
 * benchmark (Vitagliano et al., "Pollock: A Data Loading Benchmark", VLDB 2023,
 * github.com/HPI-Information-Systems/Pollock), with `pollock_weights.json` beside it. Nothing is fetched, and
 * nothing is told about the files. The measures are those of its evaluate.py: success, and precision, recall and F1
 * of header, records and cells, each 0 to 1, added up to 10.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { CsvScanner } from '../../core/node/files/csv.ts';
import { openLeadFile } from '../../core/node/files/index.ts';

const [folder, only] = process.argv.slice(2);
if (folder === undefined || !existsSync(path.join(folder, 'csv'))) {
  console.error(
    'Usage: npm run bench:csv -- FOLDER\nFOLDER holds csv/ and clean/, as polluted_files of the Pollock benchmark does.',
  );
  process.exit(2);
}

/** Header, then records: as we read the file, and as it should be. */
async function loaded(file: string): Promise<string[][]> {
  const list = await openLeadFile(file);
  const rows = await Array.fromAsync(list.rows());
  if (!list.hasHeader) return rows;
  // Names and cells that the list itself does not have, but a table has to, are no part of it.
  const width = list.headers.findIndex((name, index) => name === `Column ${index + 1}`);
  if (width === -1) return [[...list.headers], ...rows];
  const bare = (row: string[]) => row.slice(0, Math.max(width, row.findLastIndex((cell) => cell !== '') + 1));
  return [list.headers.slice(0, width), ...rows.map(bare)];
}

async function clean(file: string): Promise<string[][]> {
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  return new CsvScanner(file, ',').push(text, true);
}

/** Precision, recall and F1 of a multiset against another, in the benchmark's own terms. */
function measures(wanted: readonly string[], got: readonly string[]): [number, number, number] {
  if (wanted.length === 0) return [1, 1, 1];
  const left = new Map<string, number>();
  for (const item of wanted) left.set(item, (left.get(item) ?? 0) + 1);
  let common = 0;
  for (const item of got) {
    const count = left.get(item) ?? 0;
    if (count === 0) continue;
    left.set(item, count - 1);
    common++;
  }
  if (common === 0) return [0, 0, 0];
  const precision = common / wanted.length;
  const recall = common / got.length;
  return [precision, recall, (2 * precision * recall) / (precision + recall)];
}

const normalised = (row: readonly string[]) => row.map((cell) => cell.toLowerCase());
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

async function score(root: string, name: string): Promise<number> {
  try {
    const [wanted, got] = [
      await clean(path.join(root, 'clean', name)),
      await loaded(path.join(root, 'csv', name)),
    ];
    const records = (rows: string[][]) => rows.slice(1).map((row) => normalised(row).join(''));
    return (
      1 +
      sum(measures(normalised(wanted[0] ?? []), normalised(got[0] ?? []))) +
      sum(measures(records(wanted), records(got))) +
      sum(measures(wanted.flat(), got.flat()))
    );
  } catch (error) {
    if (only !== undefined) console.error(error);
    return 0;
  }
}

const names = (await readdir(path.join(folder, 'csv'))).filter((name) => name.endsWith('.csv')).sort();
const weightsFile = path.join(folder, '..', 'pollock_weights.json');
const weights: Record<string, number> = existsSync(weightsFile)
  ? JSON.parse(await readFile(weightsFile, 'utf8'))
  : {};
const started = performance.now();
const scores = new Map<string, number>();
for (const name of names) {
  if (only !== undefined && !name.includes(only)) continue;
  scores.set(name, await score(folder, name));
}
const simple = sum([...scores.values()]) / scores.size;
const weight = (name: string) => weights[name] ?? 0;
const weighted =
  sum([...scores].map(([name, value]) => value * weight(name))) / sum([...scores.keys()].map(weight));
const worst = [...scores].filter(([, value]) => value < 9.9).sort(([, a], [, b]) => a - b);
for (const [name, value] of worst.slice(0, 40)) console.log(`${value.toFixed(3)}  ${name}`);
if (worst.length > 40) console.log(`… and ${worst.length - 40} more below 9.9`);
console.log(
  `${scores.size} files in ${((performance.now() - started) / 1000).toFixed(1)} s: simple ${simple.toFixed(3)}, weighted ${Number.isNaN(weighted) ? '(no pollock_weights.json)' : weighted.toFixed(3)}`,
);
