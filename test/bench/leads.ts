import { writeFile } from 'node:fs/promises';
import { Chance } from '../sandbox/chance.ts';

const HEADERS = ['First Name', 'Last Name', 'Title', 'Company', 'Website', 'LinkedIn URL', 'Signal'];
const LAST_NAMES = ['Lovelace', 'Turing', 'Hopper', 'Perlman', 'Hamilton', 'Liskov', 'Knuth', 'Allen'];
const COMPANIES = ['Contoso', 'Fabrikam', 'Northwind', 'Tailspin', 'Litware', 'Proseware', 'Wingtip'];

/** A list of leads as scrapers export it. `duplicates`: share of the rows about somebody in an earlier row. */
export interface LeadList {
  readonly rows: number;
  readonly duplicates: number;
}

/**
 * Writes the list, the same for the same seed; gives the number of distinct people in it. Of the duplicates
 * half are exact, a quarter spells the LinkedIn address another way, a quarter lacks it.
 */
export async function writeList(
  file: string,
  { rows, duplicates }: LeadList,
  seed: number,
): Promise<{ people: number }> {
  const chance = new Chance(seed);
  const pick = (from: readonly string[]) => from[Math.floor(chance.next() * from.length)] ?? '';
  const people: string[][] = [];
  const lines = [HEADERS];
  for (let row = 0; row < rows; row += 1) {
    if (people.length > 0 && chance.next() < duplicates) {
      lines.push(again(people[Math.floor(chance.next() * people.length)] ?? [], chance.next()));
      continue;
    }
    const first = firstName(seed) + firstName(people.length).toLowerCase();
    const last = pick(LAST_NAMES);
    const company = pick(COMPANIES);
    const person = [
      first,
      last,
      'Head of RevOps',
      company,
      `${company.toLowerCase()}.com`,
      `https://www.linkedin.com/in/${`${first}-${last}`.toLowerCase()}`,
      'Posted on LinkedIn, in the past 30 days',
    ];
    people.push(person);
    lines.push(person);
  }
  const csv = lines.map((cells) => cells.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(','));
  await writeFile(file, `${csv.join('\n')}\n`);
  return { people: people.length };
}

function again(person: readonly string[], how: number): string[] {
  const url = person[5] ?? '';
  if (how < 0.5) return [...person];
  if (how < 0.75) return person.with(5, `${url.replace('https://www.', 'http://uk.')}/?trk=people-guest`);
  return person.with(5, '');
}

const SYLLABLES = [
  'ba',
  'de',
  'fi',
  'go',
  'hu',
  'ka',
  'le',
  'mi',
  'no',
  'ru',
  'sa',
  'te',
  'vi',
  'wo',
  'xu',
  'za',
];

/** A name for a number, another one for each: digits in names are dropped by whoever normalises them. */
export function firstName(number: number): string {
  let name = '';
  for (let rest = number; rest > 0 || name === ''; rest = Math.floor(rest / 16)) name += SYLLABLES[rest % 16];
  return name.charAt(0).toUpperCase() + name.slice(1);
}
