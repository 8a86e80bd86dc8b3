import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PRODUCT_FLAGS from '../../scripts/node-flags.json' with { type: 'json' };
import type { Counts } from '../sandbox/index.ts';
import { ceiling, meanLatency } from './ceiling.ts';
import type { ForeignClient } from './foreign-client.ts';
import { writeList } from './leads.ts';
import { FOREIGN_KEY, type Setting, sandboxOf, teamsOf } from './settings.ts';
import { STRATEGIES, type StrategyName } from './strategies/index.ts';
import type { Measured, Task } from './task.ts';

/** One strategy in one setting. */
export interface Figures {
  readonly setting: string;
  readonly strategy: StrategyName;
  readonly rows: number;
  /** Distinct people in the list. */
  readonly people: number;
  readonly answered: number;
  readonly failed: number;
  /** True when the time was over before the list was. */
  readonly stopped: boolean;
  readonly seconds: number;
  readonly leadsPerMinute: number;
  /** 0 to 1, see `ceiling.ts`. */
  readonly shareOfCeiling: number;
  readonly limitsBind: boolean;
  readonly calls: number;
  /** 429s that this strategy got. */
  readonly rateLimited: number;
  readonly credits: number;
  /** Credits over the distinct people that cost any. */
  readonly creditsPerPerson: number;
  readonly cpuMicrosecondsPerLead: number;
  readonly peakMiB: number;
  /** Calls of the foreign client that were answered. */
  readonly foreignCalls: number;
  /** Of the machine, over the minute before the end. */
  readonly load: number;
}

/** Runs one strategy in one setting, with a sandbox of its own, and gives what was measured. */
export async function run(setting: Setting, strategy: StrategyName, seed: number): Promise<Figures> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const start = (script: string, flags: readonly string[] = []) => {
    const child = fork(new URL(script, import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning', ...flags],
    });
    resources.defer(() => ended(child));
    return child;
  };
  const list = path.join(folder, 'leads.csv');
  const { people } = await writeList(list, setting.list, seed);
  const sandbox = start('sandbox-process.ts');
  sandbox.send(sandboxOf(setting, seed));
  const { url, controlUrl } = (await heard(sandbox)) as { url: string; controlUrl: string };

  const teams = teamsOf(setting);
  const { steady, others } = setting.mostMs;
  const task: Task = {
    list,
    out: path.join(folder, 'out.csv'),
    folder,
    apolloUrl: url,
    teams,
    minuteMs: setting.minuteMs,
    mostMs: STRATEGIES[strategy].steady ? steady : others,
  };
  const child = start('strategy-process.ts', strategy === 'ours' ? PRODUCT_FLAGS : []);
  child.send({ strategy, task });
  await heard(child);
  const foreign = setting.foreignCallsAMinute === undefined ? undefined : start('foreign-client.ts');
  if (foreign) {
    const everyMs = setting.minuteMs / (setting.foreignCallsAMinute ?? 1);
    foreign.send({ apolloUrl: url, key: FOREIGN_KEY, everyMs } satisfies ForeignClient);
    await heard(foreign);
  }
  const before = await countsOf(controlUrl);

  child.send('go');
  await heard(child);
  foreign?.send('go');
  const healed = new AbortController();
  const faults = breakAsPlanned(setting, controlUrl, healed.signal);
  await heard(child);
  const after = await countsOf(controlUrl);
  healed.abort();
  await faults;
  const measured = (await heard(child)) as Measured;
  return figures(setting, strategy, people, measured, before, after);
}

function figures(
  setting: Setting,
  strategy: StrategyName,
  people: number,
  { answered, failed, workMs, cpuUs, peakBytes }: Measured,
  before: Counts,
  after: Counts,
): Figures {
  const { list, minuteMs, latencyMs } = setting;
  const own = sumOf(after) - sumOf(before);
  const foreign = foreignOf(after);
  const foreignCalls = (foreign?.byStatus['200'] ?? 0) - (foreignOf(before)?.byStatus['200'] ?? 0);
  const best = ceiling({
    calls: Math.ceil(people / 10),
    teams: teamsOf(setting),
    minuteMs,
    latencyMs: meanLatency(latencyMs),
    foreignCallsAMinute: foreignCalls / Math.max(1, workMs / minuteMs),
  });
  // The whole list in the best time, against so much of it as was done.
  const share = best.ms / list.rows / (workMs / Math.max(answered, 1));
  const peopleCharged = after.peopleCharged - before.peopleCharged;
  const credits =
    after.credits - before.credits - (foreign?.credits ?? 0) + (foreignOf(before)?.credits ?? 0);
  const keys = after.keys.filter(({ last4 }) => last4 !== FOREIGN_KEY.slice(-4));
  return {
    setting: setting.name,
    strategy,
    rows: list.rows,
    people,
    answered,
    failed,
    stopped: answered + failed < list.rows,
    seconds: round(workMs / 1000, 2),
    leadsPerMinute: Math.round((answered / workMs) * 60_000),
    shareOfCeiling: round(share, 4),
    limitsBind: best.limitsBind,
    calls: own,
    rateLimited: keys.reduce((sum, key) => sum + key.rateLimited, 0),
    credits,
    creditsPerPerson: round(credits / Math.max(1, peopleCharged), 3),
    cpuMicrosecondsPerLead: Math.round(cpuUs / Math.max(1, answered)),
    peakMiB: Math.round(peakBytes / 2 ** 20),
    foreignCalls,
    load: round(loadavg()[0] ?? 0, 2),
  };
}

/** Calls for people of all keys but the foreign one. */
function sumOf({ keys }: Counts): number {
  return keys
    .filter(({ last4 }) => last4 !== FOREIGN_KEY.slice(-4))
    .reduce((sum, { byEndpoint }) => {
      return sum + (byEndpoint['people/bulk_match'] ?? 0) + (byEndpoint['people/match'] ?? 0);
    }, 0);
}

function foreignOf({ keys }: Counts): Counts['keys'][number] | undefined {
  return keys.find(({ last4 }) => last4 === FOREIGN_KEY.slice(-4));
}

async function breakAsPlanned({ faults = [] }: Setting, controlUrl: string, done: AbortSignal) {
  const began = performance.now();
  for (const { at, fault } of faults) {
    await sleep(Math.max(0, began + at - performance.now()), undefined, { signal: done }).catch(() => {});
    if (done.aborted) return;
    if (fault === 'heal') await fetch(`${controlUrl}/faults`, { method: 'DELETE' });
    else await fetch(`${controlUrl}/faults`, { method: 'POST', body: JSON.stringify(fault) });
  }
}

async function countsOf(controlUrl: string): Promise<Counts> {
  return (await (await fetch(`${controlUrl}/counts`)).json()) as Counts;
}

/** The next thing a child says; an error when it ends instead. */
async function heard(child: ChildProcess): Promise<unknown> {
  const stop = new AbortController();
  const { signal } = stop;
  const said = once(child, 'message', { signal }).then(([message]) => message);
  const gone = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A process of the benchmark ended with ${code} before it was done.`);
  });
  gone.catch(() => undefined);
  try {
    return await Promise.race([said, gone]);
  } finally {
    stop.abort();
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
