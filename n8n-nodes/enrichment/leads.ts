import {
  LEAD_FIELDS,
  type Lead,
  type LeadField,
  leadFromRow,
  mapColumns,
  type RawLead,
} from '@connectionsphere/core';
import type { IDataObject } from 'n8n-workflow';

/** Rows of cells under headers. */
export interface Table {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Which columns were taken for which field of a lead, the preferred one first. */
export type Columns = Readonly<Partial<Record<LeadField, readonly string[]>>>;

/** Leads as they were read, and from which columns. */
export interface Recognised {
  readonly leads: readonly RawLead[];
  readonly columns: Columns;
}

/** Columns are recognised by so many rows; more tell nothing new. */
const SAMPLE_ROWS = 200;

/**
 * Recognises what the items' fields are, nested ones too, and reads a lead from each; `undefined`: none is of use.
 * `without`: fields that are no input, such as earlier results.
 */
export function recogniseItems(
  items: readonly IDataObject[],
  without: readonly string[],
): Recognised | undefined {
  const paths = columnsOf(items, without);
  const row = (item: IDataObject) => {
    const cells = cellsOf(item, without);
    return paths.map((path) => cells[path] ?? '');
  };
  return recognise(paths.map(headerOf), paths, items.slice(0, SAMPLE_ROWS).map(row), rowsOf(items, row));
}

function* rowsOf<T>(items: readonly T[], row: (item: T) => string[]): Generator<string[]> {
  for (const item of items) yield row(item);
}

/** The same of the rows of a file. */
export function recogniseRows({ headers, rows }: Table): Recognised | undefined {
  return recognise(headers, headers, rows.slice(0, SAMPLE_ROWS), rows);
}

/** `headers`: by which columns are recognised; `paths`: what they are called in the list. */
function recognise(
  headers: readonly string[],
  paths: readonly string[],
  sample: readonly (readonly string[])[],
  rows: Iterable<readonly string[]>,
): Recognised | undefined {
  const mapping = mapColumns(headers, sample);
  const found = LEAD_FIELDS.flatMap((field) => {
    const columns = mapping.fields[field]?.columns.map((column) => paths[column] ?? '');
    return columns ? [[field, columns] as const] : [];
  });
  if (found.length === 0) return undefined;
  const leads: RawLead[] = [];
  for (const row of rows) leads.push(rawLead(leadFromRow(row, mapping)));
  return { leads, columns: Object.fromEntries(found) };
}

/** An item as a line of flat text: what lists are made of elsewhere. */
export function flatRecord(item: IDataObject): Record<string, string> {
  return cellsOf(item);
}

const FIELD_WORDS: Readonly<Record<LeadField, string>> = {
  apollo_id: 'Apollo ID',
  linkedin_url: 'LinkedIn URL',
  email: 'email',
  hashed_email: 'hashed email',
  first_name: 'first name',
  last_name: 'last name',
  name: 'full name',
  company: 'company',
  domain: 'company domain',
  company_linkedin_url: 'company LinkedIn URL',
};

/** What was taken for what, as a sentence; empty where nothing had to be recognised. */
export function columnWords(columns: Columns): string {
  const words = LEAD_FIELDS.flatMap((field) =>
    columns[field]
      ? [`${FIELD_WORDS[field]} from ${columns[field].map((name) => `"${name}"`).join(', ')}`]
      : [],
  );
  return words.length === 0 ? '' : `Columns read: ${words.join('; ')}.`;
}

/** Longer than anything that identifies somebody, and what a server takes, characters. */
const LONGEST_CELL = 2_000;

const COMPANY_FIELDS: readonly LeadField[] = ['company', 'domain', 'company_linkedin_url'];

/** What of a lead is about the company. */
export function companyOf(lead: RawLead): RawLead {
  return leadFrom((field) => (COMPANY_FIELDS.includes(field) ? lead[field] : undefined));
}

/** A lead from values that were given field by field. */
export function leadFrom(read: (field: LeadField) => unknown): RawLead {
  const lead: Partial<Record<LeadField, string>> = {};
  for (const field of LEAD_FIELDS) {
    const text = cell(plain(read(field))).slice(0, LONGEST_CELL);
    if (text !== '') lead[field] = text;
  }
  return lead;
}

function rawLead(lead: Lead): RawLead {
  const cells: Record<LeadField, string | undefined> = {
    apollo_id: lead.apolloId,
    linkedin_url: lead.linkedinUrl,
    email: lead.email,
    hashed_email: lead.hashedEmail,
    first_name: lead.firstName,
    last_name: withGeneration(lead.lastName, lead),
    name: withGeneration(lead.name, lead),
    company: lead.company,
    domain: lead.domain,
    company_linkedin_url: lead.companyLinkedinUrl,
  };
  return leadFrom((field) => cells[field]);
}

/** Father and son are told apart by it. */
function withGeneration(name: string | undefined, { generation }: Lead): string | undefined {
  return name === undefined || generation === undefined ? name : `${name} ${generation}`;
}

/** Deeper than this, nobody keeps what identifies a person. */
const DEEPEST = 6;
/** Nobody looks for a lead in more columns than this; a list of lists makes no more. */
const MOST_COLUMNS = 2_000;

function columnsOf(items: readonly IDataObject[], without: readonly string[]): string[] {
  const paths = new Set<string>();
  for (const item of items) {
    for (const path of Object.keys(cellsOf(item, without))) if (paths.size < MOST_COLUMNS) paths.add(path);
  }
  return [...paths];
}

/** The people who work with a record in a CRM are not the person that the record is about. */
const SOMEBODY_ELSE =
  /^(?:.*(?:owner|creator|assignee|manager)(?:_?id)?|.*(?:created|updated|modified|edited|added)_?by(?:_?actor|_?id)?|assigned_?to|user(?:_?id)?|author|followers?|participants?|collaborators?)$/i;

/** An item's fields as cells by their paths (`properties.email`); of several values the primary one, or the first. */
function cellsOf(item: IDataObject, without: readonly string[] = []): Record<string, string> {
  const cells: Record<string, string> = {};
  const add = (given: unknown, path: string, depth: number): void => {
    const value = Array.isArray(given) ? primaryOf(given) : given;
    if (value === null || typeof value !== 'object') {
      const text = cell(value);
      cells[path] ??= text;
      return;
    }
    if (depth > DEEPEST) return;
    const entries = Object.entries(value);
    const { value: labelled } = value as IDataObject;
    const inner = path === '' ? '' : cell(labelled);
    if (inner !== '') {
      // A value with what is known about it: `{value, primary, label}`, or what it points at: `{value: 5, name}`.
      cells[path] ??= inner;
      if ('name' in value) add(value.name, `${path}.name`, depth + 1);
      return;
    }
    for (const [name, each] of entries) {
      if (path === '' && without.includes(name)) continue;
      if (typeof each === 'object' && each !== null && (SOMEBODY_ELSE.test(name) || isDescriptor(each)))
        continue;
      add(each, path === '' ? name : `${path}.${name}`, depth + 1);
    }
  };
  add(item, '', 0);
  return cells;
}

/** What Salesforce says of a record itself, beside its fields: `attributes: { type, url }`. */
function isDescriptor(value: object): boolean {
  return 'type' in value && 'url' in value && String(value.url).startsWith('/services/data/');
}

/**
 * Says where an item holds several records, of which the first is read; empty where none does. Several values of one
 * record, such as its email addresses, are of one field of a lead; records have two or more.
 */
export function recordsWords(items: readonly IDataObject[], columns: Columns): string {
  const fieldsUnder = new Map<string, Set<string>>();
  for (const [field, paths] of Object.entries(columns)) {
    for (const path of paths) {
      const parts = path.split('.');
      for (let length = 1; length < parts.length; length += 1) {
        const above = parts.slice(0, length).join('.');
        fieldsUnder.set(above, (fieldsUnder.get(above) ?? new Set()).add(field));
      }
    }
  }
  const sentences = [...fieldsUnder].flatMap(([path, fields]) => {
    const holding = fields.size < 2 ? [] : items.filter((item) => holdsRecords(item, path.split('.')));
    return holding.length === 0
      ? []
      : [
          `"${path}" holds several records in ${holding.length} of the items, and only the first of each was read: a Split Out node before this one makes an item of each.`,
        ];
  });
  return sentences.join(' ');
}

function holdsRecords(item: IDataObject, path: readonly string[]): boolean {
  let at: unknown = item;
  for (const part of path) {
    const one = Array.isArray(at) ? primaryOf(at) : at;
    at = typeof one === 'object' && one !== null ? (one as IDataObject)[part] : undefined;
  }
  if (!Array.isArray(at) || at.some(isPrimary)) return false;
  return at.filter((each) => typeof each === 'object' && each !== null).length > 1;
}

/** How CRMs mark the value that counts. */
function isPrimary(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { primary, isPrimary: marked, is_primary, type, metadata } = value as IDataObject;
  if ([primary, marked, is_primary].some((mark) => mark === true || mark === 'true')) return true;
  if (String(type).toLowerCase() === 'primary') return true;
  // Google keeps the mark one level deeper.
  return typeof metadata === 'object' && isPrimary(metadata);
}

function primaryOf(values: readonly unknown[]): unknown {
  const filled = values.filter((value) => value !== null && value !== undefined && value !== '');
  return filled.find(isPrimary) ?? filled[0];
}

/** What a field that was named by hand holds, which may be one of several values or a labelled one. */
function plain(given: unknown): unknown {
  const value = Array.isArray(given) ? primaryOf(given) : given;
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}

/** Parts of a path that only say that a field is in there, or that there may be several of it. */
const WRAPPERS =
  /^(?:properties|fields|values|attributes|data|json|body|record|contact|person|lead|customer|names?|e?mails?|email_?addresses|property)$/i;
const EMPLOYERS = /^(?:organi[sz]ations?|compan(?:y|ies)|org|account)(?:_?(?:id|name))?$/i;

/** The words by which a column is recognised: `values.name.first_name` is a first name, `org_id.name` a company's. */
function headerOf(path: string): string {
  const parts = path.split('.');
  if (parts.length === 1) return path;
  const last = parts.at(-1) ?? path;
  const parents = parts.slice(0, -1).flatMap((part) => {
    if (EMPLOYERS.test(part)) return ['company'];
    return WRAPPERS.test(part) ? [] : [part];
  });
  return [...parents, last].join(' ');
}

function cell(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
