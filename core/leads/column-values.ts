import { foldCompany, hasLegalForm } from './company.ts';
import { businessDomain } from './domain.ts';
import { emailAddress } from './email.ts';
import { isEastAsianName, isGivenName } from './given-names.ts';
import { linkedinPage, slugIn } from './linkedin.ts';
import { cleanCell, fold, foldWords, phrases } from './text.ts';
import { BEHIND_NAME } from './work-behind-name.ts';

export type ValueKind =
  | 'email'
  | 'hash'
  | 'apollo-id'
  | 'person-page'
  | 'company-page'
  | 'hidden-page'
  | 'domain'
  | 'text';

/** What a cell looks like; `undefined` when it is as good as empty. */
export function valueKind(cell: string | undefined): ValueKind | undefined {
  const text = cleanCell(cell);
  if (text === undefined) return undefined;
  const page = linkedinPage(text);
  if (page !== undefined) return `${page.kind}-page`;
  if (emailAddress(text) !== undefined) return 'email';
  if (/^[0-9a-f]{24}$/i.test(text)) return 'apollo-id';
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i.test(text)) return 'hash';
  return !text.includes(' ') && businessDomain(text) !== undefined ? 'domain' : 'text';
}

/** The sample's cells of one column. */
export class ColumnValues {
  /** One cell for each row of the sample, cleaned; `undefined` where there is nothing. */
  readonly cells: readonly (string | undefined)[];
  readonly #shares = new Map<ValueKind, number>();
  /** Cells that hold something. */
  readonly filled: number;

  constructor(cells: readonly (string | undefined)[]) {
    this.cells = cells.map(cleanCell);
    const kinds = this.cells.map(valueKind).filter((kind) => kind !== undefined);
    this.filled = kinds.length;
    for (const kind of kinds) this.#shares.set(kind, (this.#shares.get(kind) ?? 0) + 1 / kinds.length);
  }

  /** How many different cells there are, whatever their case. */
  get distinct(): number {
    return (
      new Set(this.cells.map((cell) => cell?.toLowerCase())).size - (this.filled < this.cells.length ? 1 : 0)
    );
  }

  /** The share of filled cells of a kind, 0 to 1; 0 where no cell is filled. */
  share(kind: ValueKind): number {
    return this.#shares.get(kind) ?? 0;
  }

  /** The share of filled cells that pass, 0 to 1. `row` is the cell's row in the sample. */
  shareWhere(test: (text: string, row: number) => boolean): number {
    if (this.filled === 0) return 0;
    return this.cells.filter((text, row) => text !== undefined && test(text, row)).length / this.filled;
  }
}

/** A capitalised word, or one of a script that has no capitals. */
const NAME_WORD = /^[\p{Lu}\p{Lo}\p{Script=Georgian}][\p{L}\p{M}'’.\u200c-]*$/u;
const NOT_NAME_WORDS = new Set(
  phrases(`
  manager, director, head, vp, sales, marketing, engineer, chief, officer, founder, ceo, cto, lead, senior,
  junior, account, executive, consultant, analyst, president, owner, partner, united, states, kingdom, city,
  area, new, san, los, degree, connection, leiter, leiterin, geschaftsfuhrer, directeur, gerente, diretor,
  software, development, operations, technology, officer, specialist, coordinator, administrator, assistant, advisor,
  product, project, business, digital, data, human, resources, customer, success, service, services, solutions,
  group, company, university, institute, bank, hospital, school, center, centre, north, south, east, west, northern,
  southern, street, road, avenue, demo, call, webinar, event, conference, summit, meeting, news, media, online,
  website, linkedin, google, newsletter, referral, campaign, cold, warm, hot, open, closed, qualified, contacted,
  interested, not, no, yes, vertrieb, geschaftsfuhrung, ingenieur, berater, responsable, directrice, chef,
  information, management, consulting, systems, engineering, finance, financial, health, real, estate, research
`),
);

/** Whether a text says what somebody does, not who they are. */
export function namesWork(text: string): boolean {
  return foldWords(text)
    .split(' ')
    .some((word) => NOT_NAME_WORDS.has(word));
}

/** "1. Ada Lovelace", "- Ada Lovelace" */
const ENUMERATED = /^(?:\d{1,4}[.)]|[-–—•*·])\s+/;

/** Longer texts are no names with a place of work behind them. */
const NAME_AND_WORK_MAX = 150;

/** What stands before a bearer's job or place of work. */
function nameIn(text: string): string {
  return text.length > NAME_AND_WORK_MAX ? text : text.replace(ENUMERATED, '').replace(BEHIND_NAME, '');
}

/** Whether a text is a name, alone or before what its bearer does, and where. */
export function namesPerson(text: string): boolean {
  return isName(text) || isName(nameIn(text));
}

/** Whether a text ends as a firm's name does, and does not begin as a person's. */
export function namesFirm(text: string): boolean {
  return hasLegalForm(text) && !(nameIn(text) !== text && namesPerson(text));
}

/** Whether a text is a name as far as its words are known: one of them is a given name, and none is something else. */
function isName(text: string): boolean {
  if (text.length > 60 || /[\d@/]/.test(text)) return false;
  if (isEastAsianName(text)) return true;
  const words = text.split(/[\s,]+/).filter(Boolean);
  if (words.length < 2 || words.length > 6 || hasLegalForm(text)) return false;
  return words.some(isGivenName) && !words.some((word) => NOT_NAME_WORDS.has(fold(word)));
}

export function startsWithGivenName(text: string): boolean {
  return isGivenName(text.split(/[\s-]/)[0] ?? '');
}

export const isOneWord = (text: string): boolean => NAME_WORD.test(text);

/** One word, in lower case too, that names no job and no place. */
export function looksLikeWordOfName(text: string): boolean {
  return /^\p{L}[\p{L}\p{M}'’.\u200c-]*$/u.test(text) && !NOT_NAME_WORDS.has(fold(text));
}

/** Two to four capitalised words that name no job and no place. */
export function looksLikeWholeName(text: string): boolean {
  if (isEastAsianName(text)) return true;
  const words = nameIn(text).replace(',', '').split(' ');
  if (words.length < 2 || words.length > 4 || !NAME_WORD.test(words[0] ?? '')) return false;
  if (!words.every((word) => /^[\p{L}\p{M}'’.-]+$/u.test(word))) return false;
  return !words.some((word) => NOT_NAME_WORDS.has(fold(word)));
}

/** Two or three words in lower case that name no job, no place and no firm: names as people type them in a hurry. */
export function looksLikeWordsOfName(text: string): boolean {
  const words = text.split(' ');
  if (words.length < 2 || words.length > 3 || text !== text.toLowerCase()) return false;
  return words.every((word) => /^[\p{L}\p{M}'’-]{2,}$/u.test(word) && !NOT_NAME_WORDS.has(fold(word)));
}

/** Whether the words of a name occur in the person's e-mail address or LinkedIn slug. */
export function namesBearer(name: string, address: string): boolean {
  const evidence = fold(decodeURIComponent(bearerPart(address)));
  return foldWords(name)
    .split(' ')
    .some((word) => word.length > 2 && evidence.includes(word));
}

function bearerPart(address: string): string {
  const page = linkedinPage(address);
  if (page?.kind === 'person') return slugIn(page.url);
  return (emailAddress(address) ?? '').replace(/@.*$/, '').replaceAll('%', '');
}

/** Whether a company's name and its domain begin alike ("Fabrikam Robotics GmbH", fabrikam-robotics.de). */
export function namesDomain(company: string, address: string): boolean {
  const label = fold(businessDomain(address)?.split('.')[0] ?? '');
  const name = foldCompany(company);
  return label.length > 2 && name.length > 2 && (label.startsWith(name) || name.startsWith(label));
}

/** The share of addresses that name somebody in their row. */
export function bearersIn(
  names: readonly { readonly values: ColumnValues }[],
  addresses: ColumnValues,
): number {
  return addresses.shareWhere((address, row) =>
    names.some(({ values }) => namesBearer(values.cells[row] ?? '', address)),
  );
}
