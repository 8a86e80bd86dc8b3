import { groupedByPerson, roleIn, titleIn } from './column-groups.ts';
import { ADDRESS_COLUMNS, judged, type Verdict } from './column-judgement.ts';
import {
  bearersIn,
  ColumnValues,
  isOneWord,
  looksLikeWholeName,
  namesBearer,
  namesDomain,
  namesFirm,
  namesPerson,
  namesWork,
  startsWithGivenName,
  type ValueKind,
  valueKind,
} from './column-values.ts';
import { columnsNamed, leadField } from './column-wishes.ts';
import { Fields, LAST_RANK } from './fields.ts';
import { type HeaderMeaning, isUnknown, type NameDetail, namesField, readHeader } from './header-words.ts';
import type { LeadField } from './lead.ts';
import { foldWords } from './text.ts';

/** Where a field's cells come from. */
export interface MappedField {
  /** Indexes of columns, the preferred one first; a row's first usable cell counts. */
  readonly columns: readonly number[];
  /** By the header's words, by what the cells look like, or because somebody said so. */
  readonly found: 'header' | 'values' | 'override';
}

/** A column that is left out though it looks like a field, and why. */
export interface LeftOutColumn {
  readonly column: number;
  /**
   * `nobody`: one value in nearly all rows, beside other people. `platform`: one host with other paths.
   * `second-person`: it is about another person in the row. `contradicted`: its cells are not what its header says.
   */
  readonly why: Verdict | 'second-person' | 'contradicted';
}

/** Which columns of a list are which fields of a lead. Plain data: it is stored with a job. */
export interface ColumnMapping {
  readonly headers: readonly string[];
  readonly fields: Readonly<Partial<Record<LeadField, MappedField>>>;
  /** Indexes of the columns that no field uses. */
  readonly unused: readonly number[];
  readonly leftOut?: readonly LeftOutColumn[];
  /** Columns beside first and last name that tell bearers of one name apart, by index. */
  readonly nameDetails?: Readonly<Partial<Record<NameDetail, number>>>;
  /** The whole names have the family name first, without a comma; `perhaps`: those that look so are not split. */
  readonly familyFirst?: true | 'perhaps';
  /** No person was recognised, but these columns look like people: whoever gave the list has to say what it is. */
  readonly doubtful?: readonly number[];
  /**
   * E-mail addresses and LinkedIn addresses that stand beside different names in this list, normalised: nobody is
   * known by them.
   */
  readonly shared?: readonly string[];
  /** Keys of those whose name or employer this list writes in more or less detail, see `NameVariants`. */
  readonly varied?: readonly string[];
  /**
   * Of a list of companies: the domains, by folded name, of those that stand by their name alone in one row and with
   * their domain in another.
   */
  readonly domains?: Readonly<Record<string, string>>;
}

export interface Column {
  readonly index: number;
  readonly header: string;
  readonly meaning: HeaderMeaning;
  readonly values: ColumnValues;
}

/** Rows by which the columns of a list are recognised: more tell nothing new. */
export const SAMPLE_ROWS = 1000;
/** Cells that are looked at; of a list of very many columns, fewer rows. */
const SAMPLE_CELLS = 50_000;
const FEWEST_ROWS = 20;

/**
 * Finds the columns of a list by their headers and, where headers say nothing, by a sample of its rows (the
 * first {@link SAMPLE_ROWS} are looked at). `overrides` names columns by their header, or by `#` and their
 * number from 1 where there is no header.
 * @throws MappingError when an override names a field or a column that does not exist.
 */
export function mapColumns(
  headers: readonly string[],
  sample: readonly (readonly string[])[],
  overrides: Partial<Record<LeadField, string>> = {},
): ColumnMapping {
  const rows = Math.max(FEWEST_ROWS, Math.floor(SAMPLE_CELLS / Math.max(1, headers.length)));
  const columns = readColumns(headers, sample.slice(0, Math.min(rows, SAMPLE_ROWS)));
  const wishes = Object.entries(overrides).flatMap(([field, wanted]) =>
    wanted === undefined ? [] : [[leadField(field), columnsNamed(wanted, headers, columns.length)] as const],
  );
  const leftOut = new Map<number, LeftOutColumn['why']>();
  for (const index of groupedByPerson(columns)) leftOut.set(index, 'second-person');
  let fields = recognised(columns, wishes, leftOut);
  // What turns out to be nobody's makes room for a column that was not needed before.
  const verdicts = judged((field) => fields.inferred(field));
  if (verdicts.size > 0) {
    for (const [index, why] of verdicts) leftOut.set(index, why);
    fields = recognised(columns, wishes, leftOut);
    for (const [index, why] of judged((field) => fields.inferred(field))) {
      leftOut.set(index, why);
      fields.drop(index);
    }
  }
  return fields.mapping(headers, columns, leftOut);
}

/**
 * Which of the columns, each known to be its field, identify nobody: the seller's own address for every lead.
 * @param rows cells in the order of `fields`.
 */
export function columnsOfNobody(
  fields: readonly LeadField[],
  rows: readonly (readonly string[])[],
): LeadField[] {
  const columns = fields.map(
    (field, index): Column => ({
      index,
      header: field,
      meaning: { kind: 'field', field, rank: 0 },
      values: new ColumnValues(rows.slice(0, SAMPLE_ROWS).map((row) => row[index])),
    }),
  );
  const verdicts = judged((field) => columns.filter(({ header }) => header === field));
  return fields.filter((_, index) => verdicts.has(index));
}

function recognised(
  all: readonly Column[],
  wishes: readonly (readonly [LeadField, readonly number[]])[],
  leftOut: Map<number, LeftOutColumn['why']>,
): Fields {
  const fields = new Fields();
  for (const [field, indexes] of wishes) {
    fields.fix(
      field,
      indexes.flatMap((index) => all[index] ?? []),
    );
  }
  const columns = all.filter(({ index }) => !leftOut.has(index));
  addByHeader(fields, columns, leftOut);
  addNames(fields, columns);
  addByValues(fields, columns);
  addByBearers(fields, columns);
  for (const index of [...otherPeople(fields), ...othersAddresses(fields, columns)]) {
    fields.drop(index);
    const column = all[index];
    // "Name" beside "Contact" is where they work.
    if (column?.meaning.kind === 'name-like' && !column.values.cells.some(isPerson) && !fields.has('company'))
      fields.offer('company', column, 'values');
    else leftOut.set(index, 'second-person');
  }
  fields.turnNames();
  return fields;
}

/**
 * Whether a row is a list's header and not its first lead: some cell is a known header, and none holds an
 * address.
 */
function looksLikeHeader(row: readonly string[]): boolean {
  if (row.some((cell) => holdsAddress(cell))) return false;
  if (row.some(namesField)) return true;
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
    header: headers[index] ?? '',
    meaning: named ? readHeader(headers[index] ?? '') : { kind: 'blank' as const },
    values: new ColumnValues(sample.map((row) => row[index])),
  }));
}

function addByHeader(
  fields: Fields,
  columns: readonly Column[],
  leftOut: Map<number, LeftOutColumn['why']>,
): void {
  for (const column of columns) {
    if (column.meaning.kind !== 'field') continue;
    const field = confirmed(column.meaning.field, column.values);
    if (field !== undefined) fields.offer(field, column, 'header', column.meaning.rank);
    else leftOut.set(column.index, 'contradicted');
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
      if (values.share('email') === 0 && values.shareWhere(namesPerson) > 0.5) return 'name';
      return isRefuted(values, 'email') && values.shareWhere((text) => text.includes('@')) === 0
        ? undefined
        : field;
    case 'hashed_email':
      if (values.share('email') >= 0.5) return 'email';
      return isRefuted(values, 'hash') ? undefined : field;
    case 'apollo_id':
      return values.filled > 0 && values.share('apollo-id') === 0 ? undefined : field;
    default:
      return namedField(field, values);
  }
}

/** "Contact" may hold addresses, "Customer" people, "Company" domains. */
function namedField(field: LeadField, values: ColumnValues): LeadField | undefined {
  if (values.share('email') > 0.5) return 'email';
  if (values.share('person-page') > 0.5) return 'linkedin_url';
  if (values.share('company-page') > 0.5) return 'company_linkedin_url';
  if (field === 'company' && values.share('domain') > 0.8) return 'domain';
  return values.filled >= PROOF && values.shareWhere(hasLetters) === 0 ? undefined : field;
}

const hasLetters = (text: string): boolean => /\p{L}/u.test(text);

function isRefuted(values: ColumnValues, kind: ValueKind): boolean {
  return values.filled >= PROOF && values.share(kind) === 0;
}

function addressField(
  field: 'linkedin_url' | 'company_linkedin_url' | 'domain',
  values: ColumnValues,
): LeadField | undefined {
  const people = values.share('person-page');
  const companies = values.share('company-page');
  if (field === 'linkedin_url' && people + companies === 0 && values.shareWhere(isBareHost) > 0.5)
    return 'domain';
  if (people > 0.5) return 'linkedin_url';
  if (companies > 0.5) return 'company_linkedin_url';
  const expected =
    field === 'domain' ? values.share('domain') + values.share('email') : values.share('hidden-page');
  return values.filled >= PROOF && people + companies + expected === 0 ? undefined : field;
}

const isPerson = (cell: string | undefined): boolean => cell !== undefined && namesPerson(cell);

/** A site's address without a page of it, which is no person's. */
function isBareHost(text: string): boolean {
  return valueKind(text) === 'domain' && /^(?:https?:\/\/)?[^/?#]+\/?$/i.test(text);
}

/** "Name", "Nom", "Nome", "Nombre": which part they mean depends on the columns beside them. */
function addNames(fields: Fields, columns: readonly Column[]): void {
  for (const column of columns) {
    if (column.meaning.kind !== 'name-like') continue;
    const { part } = column.meaning;
    const counterpart = part === 'first_name' ? 'last_name' : 'first_name';
    const isPart =
      fields.has(counterpart) && !fields.has(part) && !holdsWholeNames(column, fields.columns(counterpart));
    const field = confirmed('name', column.values);
    if (field === undefined) continue;
    if (field !== 'name') fields.offer(field, column, 'values');
    else if (isPart) fields.offer(part, column, 'header');
    // Catalan "Nom" beside "Cognoms".
    else if (fields.has(part) && !fields.has(counterpart) && !holdsWholeNames(column, fields.columns(part)))
      fields.offer(counterpart, column, 'header');
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
  if (aboutPeople || values.shareWhere(namesPerson) > 0.5) return false;
  if (values.shareWhere(namesFirm) >= 0.2 || matchesDomains(values, addressColumns(columns)) >= 0.4)
    return true;
  return (
    columns.some(({ meaning }) => meaning.kind === 'about' && meaning.subject === 'company') &&
    values.shareWhere(namesPerson) < 0.1 &&
    !columns.some(({ meaning }) => meaning.kind === 'about' && meaning.subject === 'person')
  );
}

function addressColumns(columns: readonly Column[]): readonly Column[] {
  return columns
    .filter(({ values }) => values.share('domain') > 0.5 || values.share('email') > 0.5)
    .slice(0, ADDRESS_COLUMNS);
}

/** Columns of addresses that may name whom they belong to. */
function personAddresses(fields: Fields): readonly Column[] {
  return [...fields.columns('linkedin_url'), ...fields.columns('email')].slice(0, ADDRESS_COLUMNS);
}

/** The share of cells that begin like the domain in the same row. */
function matchesDomains(values: ColumnValues, addresses: readonly Column[]): number {
  return values.shareWhere((text, row) =>
    addresses.some(({ values: other }) => namesDomain(text, other.cells[row] ?? '')),
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
  const unread = columns.filter(({ meaning }) => isUnknown(meaning));
  const offerMost = (field: LeadField, kind: ValueKind, share: number, candidates: readonly Column[]) => {
    // "Profile link" may hold ids that only LinkedIn knows, and another column the public pages.
    const held = fields.columns(field);
    const isHeld =
      held.length > 0 && (field !== 'linkedin_url' || held.some(({ values }) => values.share(kind) > 0));
    if (isHeld) return;
    for (const column of candidates) {
      if (column.values.share(kind) >= share) fields.offer(field, column, 'values');
    }
  };
  offerMost('email', 'email', 0.5, unread);
  offerMost('linkedin_url', 'person-page', 0.5, unread);
  offerMost('company_linkedin_url', 'company-page', 0.5, unread);
  const sayAddress = unread.filter(({ meaning }) => meaning.kind === 'blank' || mentionsAddress(meaning));
  offerMost('domain', 'domain', 0.5, sayAddress);
  offerMost('domain', 'domain', 0.8, unread);
  addNamesByValues(
    fields,
    unread.filter(({ values }) => values.share('text') > 0.8),
    columns,
  );
}

function mentionsAddress(meaning: HeaderMeaning): boolean {
  return meaning.kind === 'other' && meaning.words.some((word) => ADDRESS_WORDS.has(word));
}

/** Names have no form of their own: they are told by the addresses in their rows, else by their words. */
function addNamesByValues(fields: Fields, candidates: readonly Column[], columns: readonly Column[]): void {
  addPersonByValues(fields, candidates);
  if (fields.has('company')) return;
  const addresses = addressColumns(columns);
  const free = candidates.filter(
    (column) => fields.isFree(column) && column.values.shareWhere(hasLetters) > 0.5,
  );
  const [company] = free
    .map((column) => ({ column, likeness: companyLikeness(column.values, addresses) }))
    .filter(({ likeness }) => likeness >= 0.2)
    .toSorted((a, b) => b.likeness - a.likeness);
  if (company !== undefined) {
    fields.offer('company', company.column, 'values');
    return;
  }
  if (!['name', 'first_name'].some((field) => fields.has(field as LeadField))) return;
  // Beside people in a list without headers, the one other text is where they work.
  const nameless = free.filter(
    ({ meaning, values }) =>
      meaning.kind === 'blank' && values.shareWhere(namesWork) < 0.3 && values.shareWhere(namesPerson) < 0.3,
  );
  const [only] = nameless;
  if (nameless.length === 1 && only !== undefined) fields.offer('company', only, 'values');
}

function addPersonByValues(fields: Fields, candidates: readonly Column[]): void {
  if (fields.has('name') || fields.has('first_name') || fields.has('last_name')) return;
  const addresses = personAddresses(fields);
  const bearers = (values: ColumnValues) =>
    values.shareWhere((text, row) =>
      addresses.some(({ values: other }) => namesBearer(text, other.cells[row] ?? '')),
    );
  const personal = candidates
    .filter((column) => fields.isFree(column))
    .map((column) => ({
      column,
      bearers: addresses.length > 0 ? bearers(column.values) : 0,
      names: column.values.shareWhere(namesPerson),
    }))
    // A header that says something else has to be outweighed by what its cells say.
    .filter(({ column: { meaning, values }, bearers, names }) => {
      if (names >= 0.3 || bearers > 0.4) return true;
      return meaning.kind === 'blank' && addresses.length === 0 && values.shareWhere(namesFirm) < 0.2;
    });
  const whole = personal
    .filter(({ column: { values } }) => values.shareWhere(looksLikeWholeName) > 0.6)
    .toSorted((a, b) => b.names + b.bearers - (a.names + a.bearers))[0];
  if (whole !== undefined) {
    fields.offer('name', whole.column, 'values');
    return;
  }
  addPartsByValues(fields, candidates);
}

/** Two columns side by side of one word each, the first of which is a given name. */
function addPartsByValues(fields: Fields, candidates: readonly Column[]): void {
  const single = candidates.filter(
    (column) => fields.isFree(column) && column.values.shareWhere(isOneWord) > 0.6,
  );
  for (const [at, left] of single.entries()) {
    const right = single[at + 1];
    if (right === undefined || right.index !== left.index + 1) continue;
    const [first, last] = [left, right].map(({ values }) => values.shareWhere(startsWithGivenName));
    if (Math.max(first ?? 0, last ?? 0) < 0.3) continue;
    const turned = (last ?? 0) > (first ?? 0);
    fields.offer('first_name', turned ? right : left, 'values');
    fields.offer('last_name', turned ? left : right, 'values');
    return;
  }
}

/**
 * Addresses under a header that says something else: they name those in whose rows they are, or they are whom an inbox has
 * its mails from, where all are to one.
 */
function addByBearers(fields: Fields, columns: readonly Column[]): void {
  const names = [...fields.columns('name'), ...fields.columns('last_name')];
  for (const [field, kind] of [
    ['linkedin_url', 'person-page'],
    ['email', 'email'],
  ] as const) {
    const held = fields.inferred(field);
    const isOnes =
      held.length > 0 &&
      held.every(({ header, values }) => TO.test(header) && values.distinct === 1 && values.filled > 1);
    if (fields.has(field) && !isOnes) continue;
    const found = columns.find(
      ({ header, meaning, values }) =>
        meaning.kind === 'elsewhere' &&
        values.share(kind) > 0.5 &&
        (isOnes ? FROM.test(header) && values.distinct > 1 : bearersIn(names, values) > 0.5),
    );
    if (found === undefined) continue;
    for (const { index } of held) fields.drop(index);
    fields.offer(field, found, 'values');
  }
}

const FROM = /^(?:from|von|de|da)\b/i;
const TO = /^(?:to|an|para|per)\b/i;

/**
 * Columns of whole names that are other people's than the best one's: whom the addresses in the rows name, else whose
 * column has more different people. By index.
 */
function otherPeople(fields: Fields): number[] {
  const columns = fields.ranked('name');
  if (columns.length < 2) return [];
  const addresses = personAddresses(fields);
  const bearers = (column: Column) =>
    Math.max(0, ...addresses.map(({ values }) => bearersIn([column], values)));
  const [best, ...others] = columns.toSorted(
    (a, b) => bearers(b) - bearers(a) || b.values.distinct - a.values.distinct,
  );
  const differs = (name: string, row: number) => {
    const own = best?.values.cells[row];
    return own !== undefined && haveNoWordInCommon(own, name);
  };
  return others.filter(({ values }) => values.shareWhere(differs) > 0.5).map(({ index }) => index);
}

function haveNoWordInCommon(one: string, other: string): boolean {
  const folded = foldWords(other);
  return !foldWords(one)
    .split(' ')
    .some((word) => folded.includes(word));
}

/** "Mentee Email" beside the columns "Mentor" and "Mentee", the first of which is the name. By index. */
function othersAddresses(fields: Fields, columns: readonly Column[]): number[] {
  const [name] = fields.ranked('name');
  if (name === undefined) return [];
  const own = titleIn(name.header);
  const role = roleIn(name.header);
  const addresses = [...fields.inferred('email'), ...fields.inferred('linkedin_url')];
  const hasOwn = role !== undefined && addresses.some(({ header }) => roleIn(header) === role);
  const isNamed = (title: string) =>
    columns.some(
      ({ header, index, values }) =>
        index !== name.index && titleIn(header) === title && values.shareWhere(namesPerson) > 0.5,
    );
  return addresses
    .filter(({ header }) => {
      // "Guest Email" beside "Invitee Name" and "Invitee Email".
      if (hasOwn && (roleIn(header) ?? role) !== role) return true;
      const title = titleIn(header);
      return title !== '' && title !== own && isNamed(title);
    })
    .map(({ index }) => index);
}

function companyLikeness(values: ColumnValues, addresses: readonly Column[]): number {
  return Math.max(values.shareWhere(namesFirm), matchesDomains(values, addresses));
}
