import { distance } from 'fastest-levenshtein';
import {
  ColumnValues,
  isOneWord,
  looksLikeWholeName,
  namesBearer,
  namesDomain,
  type ValueKind,
  valueKind,
} from './column-values.ts';
import { hasLegalForm } from './company.ts';
import { condense, type HeaderMeaning, readHeader } from './header-words.ts';
import { LEAD_FIELDS, type LeadField } from './lead.ts';

/** Where a field's cells come from. */
export interface MappedField {
  /** Indexes of columns, the preferred one first; a row's first usable cell counts. */
  readonly columns: readonly number[];
  /** By the header's words, by what the cells look like, or because somebody said so. */
  readonly found: 'header' | 'values' | 'override';
}

/** Which columns of a list are which fields of a lead. Plain data: it is stored with a job. */
export interface ColumnMapping {
  readonly headers: readonly string[];
  readonly fields: Readonly<Partial<Record<LeadField, MappedField>>>;
  /** Indexes of the columns that no field uses. */
  readonly unused: readonly number[];
}

/** A wish about columns that cannot be met. The message says what there is instead. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
}

interface Column {
  readonly index: number;
  readonly meaning: HeaderMeaning;
  readonly values: ColumnValues;
}

interface Found {
  readonly column: Column;
  readonly rank: number;
  readonly found: MappedField['found'];
}

/** More rows tell nothing new. */
const SAMPLE_ROWS = 200;

/**
 * Finds the columns of a list by their headers and, where headers say nothing, by a sample of its rows
 * (the first 200 are looked at). `overrides` names columns by their header, or by `#` and their number
 * from 1 where there is no header.
 * @throws MappingError when an override names a field or a column that does not exist.
 */
export function mapColumns(
  headers: readonly string[],
  sample: readonly (readonly string[])[],
  overrides: Partial<Record<LeadField, string>> = {},
): ColumnMapping {
  const columns = readColumns(headers, sample.slice(0, SAMPLE_ROWS));
  const fields = new Fields();
  for (const [field, wanted] of Object.entries(overrides)) {
    if (wanted === undefined) continue;
    const found = columnsNamed(wanted, headers, columns);
    fields.fix(leadField(field), found);
  }
  addByHeader(fields, columns);
  addNames(fields, columns);
  addByValues(fields, columns);
  return fields.mapping(headers, columns);
}

/**
 * Whether a row is a list's header and not its first lead: some cell is a known header, and none holds an
 * address.
 */
function looksLikeHeader(row: readonly string[]): boolean {
  if (row.some((cell) => holdsAddress(cell))) return false;
  if (row.some((cell) => ['field', 'name-like'].includes(readHeader(cell).kind))) return true;
  return !row.some((cell) => valueKind(cell) === 'domain');
}

/** A bare `company.name` is a key in JSON, and a domain too: it takes more to be an address. */
function holdsAddress(cell: string): boolean {
  const kind = valueKind(cell);
  if (kind === 'domain') return /:\/\/|^www\./i.test(cell.trim());
  return kind !== undefined && kind !== 'text';
}

function readColumns(headers: readonly string[], sample: readonly (readonly string[])[]): Column[] {
  const width = sample.reduce((most, row) => Math.max(most, row.length), headers.length);
  const named = looksLikeHeader(headers);
  return Array.from({ length: width }, (_, index) => ({
    index,
    meaning: named ? readHeader(headers[index] ?? '') : { kind: 'blank' as const },
    values: new ColumnValues(sample.map((row) => row[index])),
  }));
}

/** The fields found so far. A column serves one field. */
class Fields {
  readonly #found = new Map<LeadField, Found[]>();
  readonly #taken = new Set<number>();

  has(field: LeadField): boolean {
    return this.#found.has(field);
  }

  isFixed(field: LeadField): boolean {
    return this.#found.get(field)?.[0]?.found === 'override';
  }

  isFree(column: Column): boolean {
    return !this.#taken.has(column.index);
  }

  /** What somebody asked for stands alone. */
  fix(field: LeadField, columns: readonly Column[]): void {
    for (const column of columns) this.#add(field, { column, rank: 0, found: 'override' });
  }

  offer(field: LeadField, column: Column, found: 'header' | 'values', rank = 0): void {
    if (this.isFree(column) && !this.isFixed(field)) this.#add(field, { column, rank, found });
  }

  columns(field: LeadField): readonly Column[] {
    return (this.#found.get(field) ?? []).map(({ column }) => column);
  }

  #add(field: LeadField, found: Found): void {
    const list = this.#found.get(field);
    if (list === undefined) this.#found.set(field, [found]);
    else list.push(found);
    this.#taken.add(found.column.index);
  }

  mapping(headers: readonly string[], columns: readonly Column[]): ColumnMapping {
    const fields: Partial<Record<LeadField, MappedField>> = {};
    for (const field of LEAD_FIELDS) {
      const list = this.#found
        .get(field)
        ?.toSorted(
          (a, b) =>
            emptiness(field, a) - emptiness(field, b) || a.rank - b.rank || a.column.index - b.column.index,
        );
      const [best] = list ?? [];
      if (list === undefined || best === undefined) continue;
      fields[field] = { columns: list.map(({ column }) => column.index), found: best.found };
    }
    const unused = columns.filter((column) => this.isFree(column)).map(({ index }) => index);
    return { headers: [...headers], fields, unused };
  }
}

/** 1 for a column whose sample holds nothing that the field can use, so that it comes last. */
function emptiness(field: LeadField, { column: { values } }: Found): 0 | 1 {
  if (field === 'linkedin_url') return values.share('person-page') > 0 ? 0 : 1;
  return values.filled > 0 ? 0 : 1;
}

function addByHeader(fields: Fields, columns: readonly Column[]): void {
  for (const column of columns) {
    if (column.meaning.kind !== 'field') continue;
    const field = confirmed(column.meaning.field, column.values);
    if (field !== undefined) fields.offer(field, column, 'header', column.meaning.rank);
  }
}

/** Fewer filled cells than this prove nothing against a header. */
const PROOF = 3;

/** The field that a header names, as far as the cells bear it out: "Website" may hold LinkedIn pages. */
function confirmed(field: LeadField, values: ColumnValues): LeadField | undefined {
  switch (field) {
    case 'linkedin_url':
    case 'company_linkedin_url':
    case 'domain':
      return addressField(field, values);
    case 'email':
      if (values.share('hash') >= 0.5) return 'hashed_email';
      return isRefuted(values, 'email') ? undefined : field;
    case 'hashed_email':
      if (values.share('email') >= 0.5) return 'email';
      return isRefuted(values, 'hash') ? undefined : field;
    case 'apollo_id':
      return values.filled > 0 && values.share('apollo-id') === 0 ? undefined : field;
    default:
      return values.filled >= PROOF && values.shareWhere((text) => /\p{L}/u.test(text)) === 0
        ? undefined
        : field;
  }
}

function isRefuted(values: ColumnValues, kind: ValueKind): boolean {
  return values.filled >= PROOF && values.share(kind) === 0;
}

function addressField(
  field: 'linkedin_url' | 'company_linkedin_url' | 'domain',
  values: ColumnValues,
): LeadField | undefined {
  const people = values.share('person-page');
  const companies = values.share('company-page');
  if (people > 0.5) return 'linkedin_url';
  if (companies > 0.5) return 'company_linkedin_url';
  const expected =
    field === 'domain' ? values.share('domain') + values.share('email') : values.share('hidden-page');
  return values.filled >= PROOF && people + companies + expected === 0 ? undefined : field;
}

/** A plain "Name" gives way to columns that say "full name". */
const LAST_RANK = 10_000;

/** "Name", "Nom", "Nome", "Nombre": which part they mean depends on the columns beside them. */
function addNames(fields: Fields, columns: readonly Column[]): void {
  for (const column of columns) {
    if (column.meaning.kind !== 'name-like') continue;
    const { part } = column.meaning;
    const counterpart = part === 'first_name' ? 'last_name' : 'first_name';
    const isPart =
      fields.has(counterpart) && !fields.has(part) && !holdsWholeNames(column, fields.columns(counterpart));
    if (isPart) fields.offer(part, column, 'header');
    else if (!fields.has('company') && namesCompanies(column, fields, columns))
      fields.offer('company', column, 'header');
    else fields.offer('name', column, 'header', LAST_RANK);
  }
}

/** Whether most cells contain the cell of the part beside them and more ("Ada Lovelace" beside "Ada"). */
function holdsWholeNames(column: Column, parts: readonly Column[]): boolean {
  const part = parts[0]?.values.cells;
  return (
    column.values.shareWhere((text, row) => text.includes(' ') && text.includes(part?.[row] ?? '\0')) > 0.5
  );
}

/** A "Name" in a list of companies. */
function namesCompanies({ values }: Column, fields: Fields, columns: readonly Column[]): boolean {
  const aboutPeople = (['first_name', 'last_name', 'linkedin_url', 'email'] as const).some((field) =>
    fields.has(field),
  );
  if (aboutPeople) return false;
  return values.shareWhere(hasLegalForm) >= 0.2 || matchesDomains(values, columns) >= 0.4;
}

/** The share of cells that begin like the domain in the same row. */
function matchesDomains(values: ColumnValues, columns: readonly Column[]): number {
  const domains = columns.filter(
    ({ values: other }) => other.share('domain') > 0.5 || other.share('email') > 0.5,
  );
  return values.shareWhere((text, row) =>
    domains.some(({ values: other }) => namesDomain(text, other.cells[row] ?? '')),
  );
}

const ADDRESS_WORDS = new Set([
  'url',
  'web',
  'website',
  'site',
  'www',
  'domain',
  'homepage',
  'webseite',
  'link',
  'links',
]);

function addByValues(fields: Fields, columns: readonly Column[]): void {
  const unread = columns.filter(({ meaning }) => meaning.kind === 'other' || meaning.kind === 'blank');
  const offerMost = (field: LeadField, kind: ValueKind, candidates: readonly Column[]) => {
    if (fields.has(field)) return;
    for (const column of candidates) {
      if (column.values.share(kind) >= 0.5) fields.offer(field, column, 'values');
    }
  };
  offerMost('email', 'email', unread);
  offerMost('linkedin_url', 'person-page', unread);
  offerMost('company_linkedin_url', 'company-page', unread);
  offerMost(
    'domain',
    'domain',
    unread.filter(({ meaning }) => meaning.kind === 'blank' || mentionsAddress(meaning)),
  );
  addNamesByValues(
    fields,
    unread.filter(({ meaning, values }) => meaning.kind === 'blank' && values.share('text') > 0.8),
    columns,
  );
}

function mentionsAddress(meaning: HeaderMeaning): boolean {
  return meaning.kind === 'other' && meaning.words.some((word) => ADDRESS_WORDS.has(word));
}

/** Names have no form of their own: they are told by the addresses in their rows, else by their words. */
function addNamesByValues(fields: Fields, candidates: readonly Column[], columns: readonly Column[]): void {
  if (!fields.has('company')) {
    const company = candidates
      .map((column) => ({ column, likeness: companyLikeness(column.values, columns) }))
      .filter(({ likeness }) => likeness >= 0.2)
      .toSorted((a, b) => b.likeness - a.likeness)[0];
    if (company !== undefined) fields.offer('company', company.column, 'values');
  }
  if (fields.has('name') || fields.has('first_name') || fields.has('last_name')) return;
  const addresses = [...fields.columns('linkedin_url'), ...fields.columns('email')];
  const isPersonal = ({ values }: Column) =>
    addresses.length === 0 ||
    values.shareWhere((text, row) =>
      addresses.some(({ values: other }) => namesBearer(text, other.cells[row] ?? '')),
    ) > 0.4;
  const personal = candidates.filter((column) => fields.isFree(column) && isPersonal(column));
  const whole = personal.find(({ values }) => values.shareWhere(looksLikeWholeName) > 0.6);
  if (whole !== undefined) {
    fields.offer('name', whole, 'values');
    return;
  }
  const single = personal.filter(({ values }) => values.shareWhere(isOneWord) > 0.6);
  const first = single.find((column, at) => single[at + 1]?.index === column.index + 1);
  const last = single.find(({ index }) => index === (first?.index ?? Number.NaN) + 1);
  if (first === undefined || last === undefined) return;
  fields.offer('first_name', first, 'values');
  fields.offer('last_name', last, 'values');
}

function companyLikeness(values: ColumnValues, columns: readonly Column[]): number {
  return Math.max(values.shareWhere(hasLegalForm), matchesDomains(values, columns));
}

function columnsNamed(wanted: string, headers: readonly string[], columns: readonly Column[]): Column[] {
  const at = (test: (header: string) => boolean) =>
    columns.filter(({ index }) => headers[index] !== undefined && test(headers[index]));
  const exact = at((header) => header.trim() === wanted.trim());
  if (exact.length > 0) return exact;
  const number = /^#(\d+)$/.exec(wanted.trim())?.[1];
  const numbered = columns.filter(({ index }) => index + 1 === Number(number));
  if (numbered.length > 0) return numbered;
  const alike = at((header) => condense(header) !== '' && condense(header) === condense(wanted));
  if (alike.length > 0) return alike;
  const named = headers.filter((header) => header.trim() !== '');
  throw new MappingError(
    named.length === 0
      ? `There is no column "${wanted}": the list has no headers. Name a column by its number, #1 to #${columns.length}.`
      : `There is no column "${wanted}". The list has: ${nearestFirst(wanted, named)
          .map((header) => `"${header}"`)
          .join(', ')}.`,
  );
}

function leadField(name: string): LeadField {
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
