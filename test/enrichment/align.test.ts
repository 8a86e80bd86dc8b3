import { expect, it } from 'vitest';
import { align, FIT } from '../../core/enrichment/align.ts';

const NAMES = ['Ada', 'Alan', 'Grace', 'Radia'];
/**
 * An answer that is two of them for all anybody can tell, half somebody, or one of them and perhaps another: "Ada+Alan",
 * "~Ada", "Ada>Alan".
 */
function found(answers: readonly (string | null | undefined)[]) {
  return align(NAMES.length, answers, (lead, answer) => {
    const name = NAMES[lead] ?? '';
    if (answer === `~${name}`) return FIT.resembles;
    if (answer.split('>')[0] === name) return FIT.sure;
    return answer.split(/[+>]/).includes(name) ? FIT.likely : FIT.none;
  }).map((each) => ('found' in each ? each.found : 'unclear'));
}

it.each<[string, (string | null | undefined)[], (string | null)[]]>([
  ['in order', ['Ada', 'Alan', null, 'Radia'], ['Ada', 'Alan', null, 'Radia']],
  ['with a stranger in the place of one', ['Ada', 'Bob', null, 'Radia'], ['Ada', 'Bob', null, 'Radia']],
  ['with two that changed places', ['Alan', 'Ada', 'Grace', 'Radia'], ['Ada', 'Alan', 'Grace', 'Radia']],
  ['moved on by one, with a miss', ['Radia', 'Ada', null, 'Grace'], ['Ada', null, 'Grace', 'Radia']],
  ['that lacks one', ['Ada', 'Grace', 'Radia'], ['Ada', null, 'Grace', 'Radia']],
  ['that lacks one and has a stranger', ['Ada', 'Bob', 'Radia'], ['Ada', null, null, 'Radia']],
  ['that lacks one and doubts another', ['Ada', '~Grace', 'Radia'], ['Ada', null, '~Grace', 'Radia']],
  ['with the same one twice', ['Ada', 'Ada', 'Grace', 'Radia'], ['Ada', 'unclear', 'Grace', 'Radia']],
  ['with one that two fit', ['Ada+Alan', null, null, null], ['Ada+Alan', null, null, null]],
  ['that is short, with one that two fit', ['Grace', 'Radia', 'Ada+Alan'], [null, null, 'Grace', 'Radia']],
  ['that is short, with one that fits another too', ['Ada>Alan'], ['Ada>Alan', null, null, null]],
  ['with one that cannot be read', ['Ada', undefined, null, 'Radia'], ['Ada', 'unclear', null, 'Radia']],
  ['without anybody', [], [null, null, null, null]],
])('gives everybody their own from a list %s, and guesses nothing', (_, answers, expected) => {
  expect(found(answers)).toEqual(expected);
});
