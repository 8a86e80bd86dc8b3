import { foldCompany, legalFormOf } from './company.ts';
import { mailboxKind, withoutTag } from './email.ts';
import { foldPersonName } from './folded-name.ts';
import type { Identity, Lead } from './lead.ts';
import { slugIn } from './linkedin.ts';

/**
 * Under which keys the person is known, strongest first; `undefined` when the lead identifies nobody.
 *
 * A name identifies only together with a company or its domain, and only a whole one. A mailbox of a
 * function (info@, sales@) is shared by people: it identifies only where the lead has nothing else, since
 * then the look-up is all that can be tried. A mailbox that nobody reads (noreply@) never does.
 */
export function identifyPerson(lead: Lead): Identity | undefined {
  const { apolloId, linkedinUrl, email, hashedEmail } = lead;
  const keys: string[] = [];
  if (apolloId !== undefined) keys.push(`id:${apolloId}`);
  if (linkedinUrl !== undefined) keys.push(`li:${slugIn(linkedinUrl)}`);
  const mailbox = email === undefined ? undefined : mailboxKind(email);
  if (mailbox === 'person' && email !== undefined) keys.push(`em:${withoutTag(email)}`);
  if (hashedEmail !== undefined) keys.push(`eh:${hashedEmail}`);
  for (const key of personNameKeys(lead)) keys.push(asInList(key, lead));
  if (keys.length === 0 && mailbox === 'role' && isNameless(lead)) keys.push(`em:${email}`);
  return nonEmpty(keys);
}

/** All keys of a lead by a name, as a person's and as a company's, each as its own cells have it. */
export function nameKeysOf(lead: Lead): string[] {
  return [...personNameKeys(lead), ...companyNameKeys(lead)];
}

/** By name and domain, and by name and company. */
function personNameKeys(lead: Lead): string[] {
  const name = foldPersonName(lead);
  if (name === undefined) return [];
  const { domain, company = '' } = lead;
  const { base, initials } = name;
  const employer = company === '' ? '' : foldCompany(company);
  const keys: string[] = [];
  if (domain !== undefined) keys.push(nameKey(`nd:${base}@${domain}`, { initials, form: '' }));
  if (employer !== '') keys.push(nameKey(`nc:${base}@${employer}`, { initials, form: legalFormOf(company) }));
  return keys;
}

function companyNameKeys({ company = '' }: Lead): string[] {
  const name = company === '' ? '' : foldCompany(company);
  return name === '' ? [] : [nameKey(`cn:${name}`, { initials: '', form: legalFormOf(company) })];
}

/** The key that all rows of the list with this name have, where there is one. */
function asInList(key: string, { namedAs }: Lead): string {
  return namedAs !== undefined && baseOf(namedAs) === baseOf(key) ? namedAs : key;
}

/** What some write with a name and others leave out. Two who differ in it are two; empty tells nothing. */
export interface NameDetails {
  /** Middle initials. */
  readonly initials: string;
  /** Legal form of the employer. */
  readonly form: string;
}

/** `nc:johnkennedy@mercury#f/inc`: the details behind what everybody writes; nothing behind it without any. */
export function nameKey(base: string, { initials, form }: NameDetails): string {
  return initials === '' && form === '' ? base : `${base}#${initials}/${form}`;
}

/** The key without what some leave out. */
export function baseOf(key: string): string {
  const at = key.indexOf('#');
  return at === -1 ? key : key.slice(0, at);
}

/** What is behind the {@link baseOf} a key. */
export function detailsOf(key: string): NameDetails {
  const at = key.indexOf('#');
  const [initials = '', form = ''] = at === -1 ? [] : key.slice(at + 1).split('/');
  return { initials, form };
}

/** Under which keys the company is known, strongest first: `do:` domain, `cl:` LinkedIn, `cn:` name. */
export function identifyCompany(lead: Lead): Identity | undefined {
  const keys: string[] = [];
  if (lead.domain !== undefined) keys.push(`do:${lead.domain}`);
  if (lead.companyLinkedinUrl !== undefined) keys.push(`cl:${slugIn(lead.companyLinkedinUrl)}`);
  keys.push(...companyNameKeys(lead).map((key) => asInList(key, lead)));
  return nonEmpty(keys);
}

function isNameless({ firstName, lastName, name }: Lead): boolean {
  return firstName === undefined && lastName === undefined && name === undefined;
}

function nonEmpty([first, ...aliases]: readonly string[]): Identity | undefined {
  return first === undefined ? undefined : [first, ...aliases];
}
