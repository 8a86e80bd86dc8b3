/** How well the names of the labelled list are read: right splits over all splits, and over all labels. */
import { normaliseLead } from '../../core/leads/index.ts';
import { NAMES } from '../leads/labelled/names.ts';

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
