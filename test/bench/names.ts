/** How well names are read and pairs of rows told apart, against labels: right ones over all, precision and recall. */
import { normaliseLead } from '../../core/leads/index.ts';
import { NAMES } from '../leads/labelled/names.ts';
import { PAIRS, shareLookup } from '../leads/labelled/pairs.ts';

let right = 0;
let split = 0;
for (const { cell, expected } of NAMES) {
  const { firstName, lastName, name } = normaliseLead({ name: cell });
  const read = name === undefined ? [firstName, lastName] : [name];
  if (read.length === 2) split += 1;
  if (read.join(' + ') === expected.join(' + ')) right += 1;
  else console.log(`${cell}  →  ${read.join(' + ')}, and not ${expected.join(' + ')}`);
}
console.log(
  `${NAMES.length} names: ${right} right (${((100 * right) / NAMES.length).toFixed(1)} %), ${split} split`,
);

const joined = PAIRS.filter(({ leads }) => shareLookup(leads));
const ones = PAIRS.filter(({ isOne }) => isOne);
const rightly = joined.filter(({ isOne }) => isOne);
for (const { text } of joined.filter(({ isOne }) => !isOne))
  console.log(`One look-up for two people: ${text}`);
for (const { text } of ones.filter((pair) => !joined.includes(pair)))
  console.log(`Two look-ups for one: ${text}`);
const precision = rightly.length / joined.length;
const recall = rightly.length / ones.length;
console.log(`${PAIRS.length} pairs: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`);
