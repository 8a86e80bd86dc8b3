import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseLead, type RawLead } from '../../core/leads/index.ts';
import { leftOutOfName } from '../../core/leads/name-left-out.ts';
import { NAMES } from './labelled/names.ts';

const leftOut = (raw: RawLead) => leftOutOfName(raw, normaliseLead(raw));

describe('what of a name is not sent', () => {
  test.each([
    ['Ada Lovelace', []],
    ['Dr. Ada Lovelace', [{ text: 'Dr', why: 'title' }]],
    ['Lovelace, Ada, PhD, MBA', [{ text: 'PhD, MBA', why: 'degree' }]],
    ['Ada Lovelace M.Sc.', [{ text: 'M.Sc', why: 'degree' }]],
    ['Robert Smith Jr.', [{ text: 'Jr', why: 'generation' }]],
    ['Ada Lovelace (she/her)', [{ text: 'she/her', why: 'pronouns' }]],
    ['Robert (Bob) Smith', [{ text: 'Bob', why: 'in-brackets' }]],
    ['Ada Lovelace | Contoso', [{ text: 'Contoso', why: 'employer-or-place' }]],
    ['Ada Lovelace at Contoso Labs', [{ text: 'at Contoso Labs', why: 'employer-or-place' }]],
    ['LinkedIn Member', [{ text: 'LinkedIn Member', why: 'no-name' }]],
    ['🚀 Ada Lovelace 🚀', []],
    ['42', []],
  ])('of %s', (name, expected) => {
    expect(leftOut({ name })).toEqual(expected);
  });

  test('is told for each cell', () => {
    expect(leftOut({ first_name: 'Frau Ada', last_name: 'Lovelace, PMP' })).toEqual([
      { text: 'Frau', why: 'title' },
      { text: 'PMP', why: 'degree' },
    ]);
  });
});

/** Letters with how often each is there. */
function lettersOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [letter] of text.normalize('NFKC').normalize('NFC').matchAll(/\p{L}/gu))
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return counts;
}

function lost(raw: RawLead): string[] {
  const { firstName = '', lastName = '', name = '' } = normaliseLead(raw);
  const told = leftOut(raw).map(({ text }) => text);
  const kept = lettersOf([firstName, lastName, name, ...told].join(' '));
  return Object.values(raw).flatMap((cell) =>
    [...lettersOf(cell)]
      .filter(([letter, times]) => (kept.get(letter) ?? 0) < times)
      .map(([letter]) => letter),
  );
}

describe('every letter of a cell is in what is sent or in what is said to be left out', () => {
  test('of the labelled names', () => {
    for (const { cell } of NAMES) expect([cell, lost({ name: cell })]).toEqual([cell, []]);
  });

  const word = fc.constantFrom(
    'Ada',
    'José',
    'Luis',
    'Lovelace',
    "O'Neill",
    'van',
    'der',
    'Berg',
    'García',
    'Jr.',
    'III',
    'Dr.',
    'Prof.',
    'PhD',
    'M.Sc.',
    'MBA',
    '(she/her)',
    '(Bob)',
    '"Bobby"',
    '|',
    '-',
    '–',
    'at',
    'Contoso',
    'GmbH',
    '🚀',
    'J.',
    'F.',
    'JOHN',
    'SMITH',
    '李雷',
    '様',
    'Müller',
    '𝓐𝓭𝓪',
    ',',
    'London',
    'Head',
    'of',
    'Sales',
    '@',
    'ada@contoso.com',
    'i.R.',
    'ﬁ',
    'Ing',
    '/',
    ':',
    'Иван',
    'Петров',
    "l'Hôpital",
    '[CEO]',
    '<x>',
    'Nguye\u0302\u0303n',
    'e\u0301',
  );
  const cell = fc.oneof(
    fc.array(word, { minLength: 1, maxLength: 7 }).map((words) => words.join(' ')),
    fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join('')),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ maxLength: 120 }),
  );

  test('of a whole name', () => {
    const isWhole = (name: string) => {
      expect(lost({ name })).toEqual([]);
    };
    fc.assert(fc.property(cell, isWhole), { numRuns: 4000 });
  });

  test('of first and last name', () => {
    const isWhole = (first_name: string, last_name: string) => {
      expect(lost({ first_name, last_name })).toEqual([]);
    };
    fc.assert(fc.property(cell, cell, isWhole), { numRuns: 4000 });
  });
});
