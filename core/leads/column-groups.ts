import type { Column } from './columns.ts';
import type { LeadField } from './lead.ts';
import { foldWords, phrases } from './text.ts';

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
  return [...new Set([...groupedByNumber(columns), ...groupedByTitle(columns)])];
}

/** Words of headers that say which field of a person it is, and not whose. */
const FIELD_WORDS = new Set(
  phrases(`
  name, full, first, last, given, family, e, email, emails, mail, address, work, business, professional, direct,
  personal, private, verified, linkedin, url, profile, link, adresse, linkedinurl, public, identifier, id, contact,
  lead, person, prospect, customer, user, member, attendee, invitee, guest, participant, kontakt, contacto, contato
`),
);

/** Words for those whom an event has at one time, each of whom may be in a list alone. */
const ROLES = new Set(
  phrases('invitee, attendee, guest, host, organizer, organiser, buyer, registrant, speaker'),
);

/** Which of the people at an event a header is about. */
export function roleIn(header: string): string | undefined {
  return wordsOf(header).find((word) => ROLES.has(word));
}

/** Whose a header says its field is: "cto" of "CTO Email", nothing of "Work Email". */
export function titleIn(header: string): string {
  return wordsOf(header)
    .filter((word) => !FIELD_WORDS.has(word) && !/^\d+$/.test(word))
    .join(' ');
}

/** "ctoEmail" has two. */
function wordsOf(header: string): string[] {
  return foldWords(header.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')).split(' ');
}

/**
 * Indexes of the columns about others whom their headers name: "CTO Name, CTO Email" behind "CEO Name, CEO Email",
 * and an "Advisor Email" that stands beside a column "Advisor" and is not the lead's.
 */
function groupedByTitle(columns: readonly Column[]): number[] {
  const all = columns.map((column) => ({
    column,
    field: fieldOf(column) ?? addressOf(column),
    title: titleIn(column.header),
  }));
  const names = all.filter(({ field }) => field !== undefined && NAMES.has(field));
  const addresses = all.filter(({ field }) => field === 'email' || field === 'linkedin_url');
  const own = names[0]?.title;
  if (own === undefined) return [];
  const others = new Set(
    addresses
      .map(({ title }) => title)
      .filter(
        (title) =>
          title !== '' &&
          title !== own &&
          all.some(
            (beside) =>
              beside.title === title &&
              (names.includes(beside) ||
                (beside.field === undefined && ['other', 'elsewhere'].includes(beside.column.meaning.kind))),
          ),
      ),
  );
  // Who has a name and an address is the lead, whoever stands before.
  const ownAddress = own === '' || addresses.some(({ title }) => title === own || title === '');
  if (!ownAddress) {
    const lead = [...others][0];
    if (lead !== undefined && names.some(({ title }) => title === lead)) return [];
  }
  return all
    .filter(({ field, title }) => field !== undefined && PERSONAL.has(field) && others.has(title))
    .map(({ column }) => column.index);
}

/** What a column of addresses is whose header is not known: "CTO Email". */
function addressOf({ header, meaning, values }: Column): LeadField | undefined {
  if (meaning.kind !== 'other') return undefined;
  if (values.share('person-page') > 0.5) return 'linkedin_url';
  return values.share('email') > 0.5 || /\be-?mail\b/i.test(header) ? 'email' : undefined;
}

function groupedByNumber(columns: readonly Column[]): number[] {
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
    /(?<![\p{L}\d])(\d{1,2})(?![\d%])/u.exec(header)?.[1] ?? /\p{L}(\d{1,2})$/u.exec(header)?.[1];
  if (number !== undefined && !/sha|md5/i.test(header)) return Number(number);
  const word = /\b(second|secondary|third|primary)\b/i.exec(header)?.[1]?.toLowerCase();
  return word === undefined ? undefined : ORDINALS[word];
}
