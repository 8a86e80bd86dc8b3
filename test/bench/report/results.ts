import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import type { Figures } from '../run.ts';
import { SETTINGS, type Setting, teamsOf } from '../settings.ts';
import { STRATEGIES, STRATEGY_NAMES } from '../strategies/index.ts';
import { type BarChart, barChart } from './chart.ts';

/** All of one run of the benchmark. */
export interface Results {
  readonly seed: number;
  readonly node: string;
  readonly machine: string;
  readonly startedAt: string;
  readonly minutes: number;
  readonly figures: readonly Figures[];
}

export function resultsOf(figures: readonly Figures[], seed: number, startedAt: Date): Results {
  return {
    seed,
    node: process.version,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    startedAt: startedAt.toISOString(),
    minutes: Math.round((Date.now() - startedAt.getTime()) / 6000) / 10,
    figures,
  };
}

/** Writes results as JSON, as a table in Markdown, and as charts. */
export async function writeResults(folder: string, results: Results): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { figures } = results;
  const settings = SETTINGS.filter(({ name }) => figures.some(({ setting }) => setting === name));
  const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
  await write('results.json', `${JSON.stringify(results, null, 2)}\n`);
  await write(
    'results.md',
    `# Results\n\nWritten by \`npm run bench\` on ${results.startedAt.slice(0, 10)} in ${results.minutes} minutes: seed ${results.seed}, Node ${results.node}, ${results.machine}. [README.md](README.md) says how to read this.\n${settings.map((setting) => table(setting, figures)).join('')}`,
  );
  const few = settings.filter(({ name }) => !name.startsWith('teams-'));
  const many = settings.filter(({ name }) => name.startsWith('teams-'));
  for (const [name, chart] of Object.entries({
    'share.svg': shares('How close to the ceiling', few, figures),
    'teams.svg': shares('How close to the ceiling, 1 to 16 teams', many, figures),
    'rate.svg': rates(few, figures),
    'cpu.svg': cpu(few, figures),
    'memory.svg': memory(few, figures),
  })) {
    if (chart.groups.length > 0) await write(name, barChart(chart));
  }
}

/** The figures of one setting for people. */
export function table(setting: Setting, figures: readonly Figures[]): string {
  const rows = figures
    .filter((each) => each.setting === setting.name)
    .map((each) => [
      STRATEGIES[each.strategy].title,
      each.leadsPerMinute.toLocaleString('en'),
      percent(each.shareOfCeiling),
      each.limitsBind ? percent(shareOfLimits(setting, each)) : '',
      each.rateLimited.toLocaleString('en'),
      each.creditsPerPerson.toFixed(3),
      each.cpuMicrosecondsPerLead.toLocaleString('en'),
      each.peakMiB.toLocaleString('en'),
      each.failed === 0 ? '' : each.failed.toLocaleString('en'),
    ]);
  const head = [
    '',
    'leads/min',
    'of ceiling',
    'of limits',
    '429s',
    'credits/person',
    'CPU µs/lead',
    'peak MiB',
    'given up',
  ];
  const widths = head.map((name, column) =>
    Math.max(name.length, 3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return `\n## ${setting.title}\n\n${setting.what}\n\n${[line(head), rule, ...rows.map(line)].join('\n')}\n`;
}

/**
 * Leads asked for a minute over ten times the sum of the teams' limits a minute, what the foreign client took of them
 * left out. Can be more than 1: windows that all open at once let four minutes' calls through in a little over three.
 */
function shareOfLimits(setting: Setting, figures: Figures): number {
  const minutes = (figures.seconds * 1000) / setting.minuteMs;
  const limits = teamsOf(setting).reduce((sum, { limits: { minute } }) => sum + (minute ?? Infinity), 0);
  const asked = figures.people * (figures.answered / figures.rows);
  return asked / 10 / (limits * minutes - figures.foreignCalls);
}

type Look = Pick<BarChart, 'title' | 'subtitle' | 'label' | 'most' | 'scale'>;

function chartOf(
  look: Look,
  settings: readonly Setting[],
  figures: readonly Figures[],
  value: (figures: Figures) => number,
): BarChart {
  const groups = settings.map(({ name, title }) => ({
    name: title,
    values: STRATEGY_NAMES.map((strategy) => {
      const found = figures.find((each) => each.setting === name && each.strategy === strategy);
      return found && value(found);
    }),
  }));
  const series = STRATEGY_NAMES.map((name) => STRATEGIES[name].title);
  const ours = series.length - 1;
  const words = groups.map(({ name, values }) => {
    const own = values[ours];
    const known = values[ours - 1];
    return `${name}: ours ${own === undefined ? 'not measured' : look.label(own)}, Bottleneck ${known === undefined ? 'not measured' : look.label(known)}.`;
  });
  return { ...look, description: `${look.subtitle} ${words.join(' ')}`, series, groups };
}

function shares(title: string, settings: readonly Setting[], figures: readonly Figures[]): BarChart {
  const subtitle = 'Share of the fastest that the teams’ limits (or the latency) allow. Longer is better.';
  return chartOf(
    { title, subtitle, label: percent, most: 1 },
    settings,
    figures,
    (each) => each.shareOfCeiling,
  );
}

function rates(settings: readonly Setting[], figures: readonly Figures[]): BarChart {
  const look: Look = {
    title: 'Leads a minute',
    subtitle: 'Of real minutes, Apollo’s being shortened; steps of ten. Longer is better.',
    label: (value) => Math.round(value).toLocaleString('en'),
    scale: 'log',
  };
  return chartOf(look, settings, figures, (each) => each.leadsPerMinute);
}

function cpu(settings: readonly Setting[], figures: readonly Figures[]): BarChart {
  const look: Look = {
    title: 'Processor time per lead',
    subtitle:
      'µs, from CSV to CSV; steps of ten. Shorter is better. Only ours keeps what it paid for on disk.',
    label: (value) => `${Math.round(value).toLocaleString('en')} µs`,
    scale: 'log',
  };
  return chartOf(look, settings, figures, (each) => each.cpuMicrosecondsPerLead);
}

function memory(settings: readonly Setting[], figures: readonly Figures[]): BarChart {
  const look: Look = {
    title: 'Most memory',
    subtitle: 'MiB resident, at the highest. Shorter is better.',
    label: (value) => `${value} MiB`,
  };
  return chartOf(look, settings, figures, (each) => each.peakMiB);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
