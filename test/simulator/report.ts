import type { Simulated } from './simulation.ts';

/** Lines of the log that a failure is told with. */
const TOLD_LINES = 60;

/** What became of a seed, for whoever looks for the cause. */
export function reportOf({ seed, failures, log, scenario }: Simulated, lines = TOLD_LINES): string {
  return [
    `Seed ${seed} failed; npm run simulate -- --seed ${seed} repeats it:`,
    ...failures,
    JSON.stringify(scenario),
    ...log.slice(-lines),
  ].join('\n');
}
