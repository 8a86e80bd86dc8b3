import { distance } from 'fastest-levenshtein';
import { condense } from './header-words.ts';
import { LEAD_FIELDS, type LeadField } from './lead.ts';

/** A wish about columns that cannot be met. The message says what there is instead. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
}

/**
 * Indexes of the columns that somebody named: by their header as it is, by `#` and their number, or by words
 * that are alike. `count`: how many columns there are, named or not.
 */
export function columnsNamed(wanted: string, headers: readonly string[], count: number): number[] {
  const at = (test: (header: string) => boolean) =>
    headers.flatMap((header, index) => (test(header) ? [index] : []));
  const exact = at((header) => header.trim() === wanted.trim());
  if (exact.length > 0) return exact;
  const number = Number(/^#(\d+)$/.exec(wanted.trim())?.[1]);
  if (number >= 1 && number <= count) return [number - 1];
  const alike = at((header) => condense(header) !== '' && condense(header) === condense(wanted));
  if (alike.length > 0) return alike;
  const named = headers.filter((header) => header.trim() !== '');
  throw new MappingError(
    named.length === 0
      ? `There is no column "${wanted}": the list has no headers. Name a column by its number, #1 to #${count}.`
      : `There is no column "${wanted}". The list has: ${nearestFirst(wanted, named)
          .map((header) => `"${header}"`)
          .join(', ')}.`,
  );
}

/** @throws MappingError for a field that does not exist. */
export function leadField(name: string): LeadField {
  const wanted = condense(name);
  const field = LEAD_FIELDS.find((candidate) => condense(candidate) === wanted);
  if (field !== undefined) return field;
  throw new MappingError(
    `There is no field "${name}" to map a column to. The fields are: ${nearestFirst(name, LEAD_FIELDS).join(', ')}.`,
  );
}

/**
 * Reads a `--map` option, `first_name="Vorname"` or `first_name=Vorname`.
 * @throws MappingError when it has another form or names a field that does not exist.
 */
export function parseMapOption(text: string): [field: LeadField, column: string] {
  const [, field, value] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  const column = value?.replace(/^(["'])(.*)\1$/s, '$2');
  if (field === undefined || field === '' || column === undefined || column === '') {
    throw new MappingError(`"${text}" does not say which column to use. Write it like first_name="Vorname".`);
  }
  return [leadField(field), column];
}

function nearestFirst(wanted: string, names: readonly string[]): string[] {
  const target = condense(wanted);
  return names
    .map((name) => ({ name, apart: distance(target, condense(name)) }))
    .toSorted((a, b) => a.apart - b.apart)
    .map(({ name }) => name);
}
