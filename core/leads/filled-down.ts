/** Lists that say an employer once, in the first row of those who work there. */
import { domainOfEmail, emailAddress } from './email.ts';
import { readHeader } from './header-words.ts';
import { NAME_FIELDS } from './name-left-out.ts';

type Row = readonly string[];

/** Fewer rows prove nothing. */
const FEWEST_ROWS = 3;
/** So many cells below the first of a group are blank in such a list, as a share of all. */
const BLANK_SHARE = 0.4;

const EMPLOYER: ReadonlySet<string> = new Set(['company', 'domain', 'company_linkedin_url']);
const PERSON: ReadonlySet<string> = new Set(NAME_FIELDS);

/**
 * The columns with the employer of the rows below it, which are blank there: left of those with names, never with one
 * value in two rows, and with one domain in all addresses of a group.
 * @param names the header. @param rows some leads.
 */
export function filledDownColumns(names: Row, rows: readonly Row[]): number[] {
  if (rows.length < FEWEST_ROWS) return [];
  const fields = names.map((name) => {
    const meaning = readHeader(name);
    if (meaning.kind === 'name-like') return meaning.part;
    return meaning.kind === 'field' ? meaning.field : '';
  });
  const person = fields.findIndex((field) => PERSON.has(field));
  const employers = fields.flatMap((field, column) =>
    column < person && EMPLOYER.has(field) ? [column] : [],
  );
  const found = employers.filter((column) => isOfGroups(rows, column, person));
  return found[0] === employers[0] ? found : [];
}

function isOfGroups(rows: readonly Row[], column: number, person: number): boolean {
  let value = '';
  let blank = 0;
  let domain: string | undefined;
  for (const row of rows) {
    const own = row[column]?.trim() ?? '';
    if (own === '') {
      if (value === '' || (row[person] ?? '').trim() === '') return false;
      blank++;
    } else {
      if (own === value) return false;
      value = own;
      domain = undefined;
    }
    const theirs = domainIn(row);
    if (own === '' && domain !== undefined && theirs !== undefined && theirs !== domain) return false;
    domain ??= theirs;
  }
  return blank >= rows.length * BLANK_SHARE;
}

/** Of the first e-mail address in a row. */
function domainIn(row: Row): string | undefined {
  const cell = row.find((text) => text.includes('@'));
  const address = cell === undefined ? undefined : emailAddress(cell);
  return address === undefined ? undefined : domainOfEmail(address);
}

/** What the column is called that has the employer in all rows of its group. */
export function filledDownName(header: string): string {
  return `${header.trim()} (of its group)`;
}
