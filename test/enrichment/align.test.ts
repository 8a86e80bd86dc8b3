import { expect, it } from 'vitest';
import { align } from '../../core/enrichment/align.ts';
import { keysOfPerson } from '../../core/enrichment/subject.ts';
import { identifyPerson, normaliseLead } from '../../core/leads/index.ts';

const NAMES = ['Ada', 'Alan', 'Grace', 'Radia'];
const person = (name: string) => ({
  id: `id-of-${name}`,
  linkedinUrl: `http://www.linkedin.com/in/${name}`,
});
const identities = NAMES.map((name) => {
  const identity = identifyPerson(normaliseLead({ linkedin_url: `linkedin.com/in/${name}` }));
  if (!identity) throw new Error(`nothing identifies ${name}`);
  return identity;
});
const found = (answers: readonly (string | null)[]) =>
  align(
    identities,
    answers.map((name) => name && person(name)).map((each) => each || null),
    keysOfPerson,
  ).map((each) => ('found' in each ? (each.found?.id ?? null) : 'unclear'));

it.each<[string, (string | null)[], (string | null)[]]>([
  ['in order', ['Ada', 'Alan', null, 'Radia'], ['id-of-Ada', 'id-of-Alan', null, 'id-of-Radia']],
  [
    'with two that changed places',
    ['Alan', 'Ada', 'Grace', 'Radia'],
    ['id-of-Ada', 'id-of-Alan', 'id-of-Grace', 'id-of-Radia'],
  ],
  [
    'moved on by one, with a miss',
    ['Radia', 'Ada', null, 'Grace'],
    ['id-of-Ada', 'unclear', 'id-of-Grace', 'id-of-Radia'],
  ],
  ['that lacks one', ['Ada', 'Grace', 'Radia'], ['id-of-Ada', 'unclear', 'id-of-Grace', 'id-of-Radia']],
  [
    'with the same one twice',
    ['Ada', 'Ada', 'Grace', 'Radia'],
    ['unclear', 'unclear', 'id-of-Grace', 'id-of-Radia'],
  ],
  ['without anybody', [], ['unclear', 'unclear', 'unclear', 'unclear']],
])('gives everybody their own from a list %s, and guesses nothing', (_, answers, expected) => {
  expect(found(answers)).toEqual(expected);
});
