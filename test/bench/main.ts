/**
 * `npm run bench -- [--setting NAME …] [--strategy NAME …] [--seed N] [--out FOLDER]`: five ways to enrich a
 * list, in every setting, against the Apollo sandbox. docs/bench/README.md explains how to read the results.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { resultsOf, table, writeResults } from './report/results.ts';
import { type Figures, run } from './run.ts';
import { SETTINGS } from './settings.ts';
import { STRATEGIES, STRATEGY_NAMES } from './strategies/index.ts';

const DOCS = fileURLToPath(new URL('../../docs/bench', import.meta.url));
const USAGE = `Usage: npm run bench -- [--setting NAME] [--strategy NAME] [--seed N] [--out FOLDER]

  --setting   may be repeated: ${SETTINGS.map(({ name }) => name).join(', ')}
  --strategy  may be repeated: ${STRATEGY_NAMES.join(', ')}
  --seed      of leads and latency (default 1)
  --out       where the results go; docs/bench when everything is measured, nowhere when only a part is`;

const flags = readFlags();
const startedAt = new Date();
const figures: Figures[] = [];
for (const setting of flags.settings) {
  for (const strategy of flags.strategies) {
    process.stderr.write(`${setting.title}: ${STRATEGIES[strategy].title} … `);
    const measured = await middle(setting.repeats ?? 1, (turn) => run(setting, strategy, flags.seed + turn));
    process.stderr.write(`${measured.seconds} s\n`);
    figures.push(measured);
  }
  console.log(table(setting, figures));
  // After every setting: what is measured is not lost when a later one fails.
  if (flags.out !== undefined) await writeResults(flags.out, resultsOf(figures, flags.seed, startedAt));
}
if (flags.out !== undefined) console.log(`\nWritten to ${flags.out}`);

/** Of several runs, the one whose share is in the middle. */
async function middle(times: number, once: (turn: number) => Promise<Figures>): Promise<Figures> {
  const first = await once(0);
  const all = [first];
  for (let turn = 1; turn < times; turn += 1) all.push(await once(turn));
  all.sort((a, b) => a.shareOfCeiling - b.shareOfCeiling);
  return all[Math.floor(times / 2)] ?? first;
}

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        setting: { type: 'string', multiple: true },
        strategy: { type: 'string', multiple: true },
        seed: { type: 'string', default: '1' },
        out: { type: 'string' },
      },
    });
    const settings = SETTINGS.filter(
      ({ name, onlyWhenNamed }) => values.setting?.includes(name) ?? !onlyWhenNamed,
    );
    const strategies = STRATEGY_NAMES.filter((name) => values.strategy?.includes(name) ?? true);
    const seed = Number(values.seed);
    const unknown = [
      ...(values.setting ?? []).filter((name) => !SETTINGS.some((setting) => setting.name === name)),
      ...(values.strategy ?? []).filter((name) => !STRATEGY_NAMES.some((strategy) => strategy === name)),
    ];
    if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}.`);
    if (!Number.isSafeInteger(seed)) throw new Error(`--seed takes a whole number, not "${values.seed}".`);
    const whole = values.setting === undefined && values.strategy === undefined;
    return { settings, strategies, seed, out: values.out ?? (whole ? DOCS : undefined) };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}
