/**
 * Lists of up to a million rows through the real command line: how long, how much processor time a row, how
 * much memory. `npm run bench:million -- [rows …] [--known 0.9]`, the share of the rows that earlier lists
 * have answered; the rest is looked up in the sandbox. `--cpu-prof` leaves a profile in the current folder.
 */
import { parseArgs } from 'node:util';
import { listCost } from './list-cost.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    known: { type: 'string', default: '0.9' },
    'cpu-prof': { type: 'boolean', default: false },
  },
});
for (const rows of positionals.length > 0 ? positionals.map(Number) : [1_000_000]) {
  const cost = await listCost(rows, Number(values.known), values['cpu-prof'] ? ['--cpu-prof'] : []);
  console.log(JSON.stringify(cost));
}
