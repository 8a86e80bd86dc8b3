import { parseArgs } from 'node:util';
import { reportOf } from './report.ts';
import { simulate } from './simulation.ts';

const USAGE = `Usage: npm run simulate -- [--seed N | --seeds N [--from N]]

  --seed N    one seed, with everything that happens
  --seeds N   so many seeds (default 1000), with what failed
  --from N    the first of them (default 1)`;

const { seed, seeds, from } = readArguments();
process.exitCode = await (seed === undefined ? runMany(from, seeds) : runOne(seed));

async function runOne(which: number): Promise<number> {
  const simulated = await simulate(which);
  const { failures, trace, steps, elapsedMs, log, scenario } = simulated;
  console.log([JSON.stringify(scenario, null, 2), ...log, ...failures].join('\n'));
  const seconds = (elapsedMs / 1000).toFixed(0);
  console.log(`Seed ${which}: ${steps} events in ${seconds} virtual seconds, trace ${trace}.`);
  return failures.length > 0 ? 1 : 0;
}

async function runMany(first: number, count: number): Promise<number> {
  const began = process.cpuUsage();
  let failed = 0;
  let events = 0;
  for (let each = first; each < first + count; each += 1) {
    const simulated = await simulate(each);
    events += simulated.steps;
    if (simulated.failures.length === 0) continue;
    failed += 1;
    console.log(`${reportOf(simulated)}\n`);
  }
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6;
  const pace = Math.round((count / seconds) * 60);
  console.log(
    `${count} seeds, ${events} events: ${failed} failed. ${seconds.toFixed(1)} s of processor time, ${pace} seeds a minute.`,
  );
  return failed > 0 ? 1 : 0;
}

function readArguments(): { seed: number | undefined; seeds: number; from: number } {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string' },
        seeds: { type: 'string', default: '1000' },
        from: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    return {
      seed: values.seed === undefined ? undefined : wholeNumber('--seed', values.seed),
      seeds: wholeNumber('--seeds', values.seeds),
      from: wholeNumber('--from', values.from),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${option} takes a whole number from 0 to 999999999, not "${text}".`);
}
