import type { Column } from './columns.ts';
import type { LeadField } from './lead.ts';

/** Fields that belong to one person of a row. */
const PERSONAL: ReadonlySet<LeadField> = new Set([
  'first_name',
  'last_name',
  'name',
  'email',
  'hashed_email',
  'linkedin_url',
]);
const NAMES: ReadonlySet<LeadField> = new Set(['first_name', 'last_name', 'name']);

/**
 * Indexes of the columns about the second and further people of a row: "First Name 2", "Contact 2 Email",
 * "Name.1". Whoever has the lowest number is the row's lead. Numbered addresses beside one name ("E-mail 1",
 * "E-mail 2") are all that person's.
 */
export function groupedByPerson(columns: readonly Column[]): number[] {
  const seen = new Map<string, number>();
  const personal = columns.flatMap((column) => {
    const field = fieldOf(column);
    if (field === undefined || !PERSONAL.has(field)) return [];
    const key = column.header.trim().toLowerCase();
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return [{ column, field, group: numberIn(column.header) ?? (times > 1 ? times : undefined) }];
  });
  const people = new Set(personal.filter(({ field }) => NAMES.has(field)).map(({ group }) => group));
  if (people.size < 2) return [];
  const first = people.has(undefined) ? undefined : Math.min(...[...people].map((group) => group ?? 0));
  const others = [...people].filter((group) => group !== first);
  const further = new Set(others);
  return columns
    .filter(({ header, index }) => {
      const own = personal.find(({ column }) => column.index === index);
      return further.has(own ? own.group : (numberIn(header) ?? Number.NaN));
    })
    .map(({ index }) => index);
}

function fieldOf({ meaning }: Column): LeadField | undefined {
  if (meaning.kind === 'field') return meaning.field;
  return meaning.kind === 'name-like' ? 'name' : undefined;
}

const ORDINALS: Readonly<Record<string, number>> = { second: 2, secondary: 2, third: 3, primary: 1 };

/** The number of a header that is not part of a word: "Email 2", "contact_2_email", "Name.1". */
function numberIn(header: string): number | undefined {
  const number =
    /(?<![\p{L}\d])(\d{1,2})(?![\d%])(?!st|nd|rd|th)/u.exec(header)?.[1] ??
    /\p{L}(\d{1,2})$/u.exec(header)?.[1];
  if (number !== undefined && !/sha|md5/i.test(header)) return Number(number);
  const word = /\b(second|secondary|third|primary)\b/i.exec(header)?.[1]?.toLowerCase();
  return word === undefined ? undefined : ORDINALS[word];
}
