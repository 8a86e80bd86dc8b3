import { ANSWER_FIELDS, type AnswerPart } from './answer-fields.ts';
import { asList, asObject, asObjects, type JsonObject } from './json.ts';

/** A field of an answer that stands in none of the lists of `ANSWER_FIELDS`. */
export interface UnknownField {
  readonly part: AnswerPart;
  /** As Apollo writes it; `other` where it may be no name but a value. */
  readonly field: string;
}

/** Hears of what is unknown in an answer; most often nothing. */
export type OnUnknownFields = (fields: readonly UnknownField[]) => void;

const NAMES = new Map(
  Object.entries(ANSWER_FIELDS).map(([part, { used, leftOut }]) => [
    part,
    new Set([used, ...Object.values(leftOut)].join(' ').trim().split(/\s+/)),
  ]),
);
/** Apollo's names of fields; what is not like them may be somebody's data. */
const NAME = /^_?[a-z][a-z_]{0,59}$/;

/** What nobody knows of in an answer about people: the change in Apollo's answers that shows. */
export function unknownInPeople(answer: JsonObject): UnknownField[] {
  const people = asObjects([answer.person, ...asList(answer.matches)]);
  return [...unknownIn('people answer', [answer]), ...people.flatMap(unknownInPerson)];
}

/** The same of companies. */
export function unknownInCompanies(answer: JsonObject): UnknownField[] {
  const companies = [answer.organization, ...asObjects(answer.organizations)];
  return [...unknownIn('companies answer', [answer]), ...unknownIn('organization', companies)];
}

/** The same of a late result. */
export function unknownInLateResult(result: JsonObject): UnknownField[] {
  const people = asObjects(result.people);
  return [
    ...unknownIn('late result', [result]),
    ...unknownIn('late person', people),
    ...unknownIn(
      'phone',
      people.flatMap((person) => asObjects(person.phone_numbers)),
    ),
  ];
}

function unknownInPerson(person: JsonObject): UnknownField[] {
  const contact = asObject(person.contact);
  const phones = [...asObjects(person.phone_numbers), ...asObjects(contact?.phone_numbers)];
  return [
    ...unknownIn('person', [person]),
    ...unknownIn('contact', [contact]),
    ...unknownIn('phone', phones),
    ...unknownIn('organization', [person.organization]),
    ...unknownIn('employment', asObjects(person.employment_history)),
  ];
}

function unknownIn(part: AnswerPart, entries: readonly unknown[]): UnknownField[] {
  const names = NAMES.get(part);
  const unknown: UnknownField[] = [];
  for (const entry of entries) {
    for (const field in asObject(entry)) {
      if (!names?.has(field)) unknown.push({ part, field: NAME.test(field) ? field : 'other' });
    }
  }
  return unknown;
}
