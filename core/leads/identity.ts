import { foldCompany } from './company.ts';
import { mailboxKind } from './email.ts';
import type { Identity, Lead } from './lead.ts';
import { slugIn } from './linkedin.ts';
import { foldPersonName } from './person-name.ts';

/**
 * Under which keys the person is known, strongest first; `undefined` when the lead identifies nobody.
 *
 * A name identifies only together with a company or its domain, and only a whole one. A mailbox of a
 * function (info@, sales@) is shared by people: it identifies only where the lead has nothing else, since
 * then the look-up is all that can be tried. A mailbox that nobody reads (noreply@) never does.
 */
export function identifyPerson(lead: Lead): Identity | undefined {
  const { apolloId, linkedinUrl, email, hashedEmail, domain, company } = lead;
  const keys: string[] = [];
  if (apolloId !== undefined) keys.push(`id:${apolloId}`);
  if (linkedinUrl !== undefined) keys.push(`li:${slugIn(linkedinUrl)}`);
  const mailbox = email === undefined ? undefined : mailboxKind(email);
  if (mailbox === 'person' && email !== undefined) keys.push(`em:${withoutTag(email)}`);
  if (hashedEmail !== undefined) keys.push(`eh:${hashedEmail}`);
  const name = foldPersonName(lead);
  if (name !== undefined && domain !== undefined) keys.push(`nd:${name}@${domain}`);
  const employer = company === undefined ? '' : foldCompany(company);
  if (name !== undefined && employer !== '') keys.push(`nc:${name}@${employer}`);
  if (keys.length === 0 && mailbox === 'role' && isNameless(lead)) keys.push(`em:${email}`);
  return nonEmpty(keys);
}

/** Under which keys the company is known, strongest first: `do:` domain, `cl:` LinkedIn, `cn:` name. */
export function identifyCompany(lead: Lead): Identity | undefined {
  const keys: string[] = [];
  if (lead.domain !== undefined) keys.push(`do:${lead.domain}`);
  if (lead.companyLinkedinUrl !== undefined) keys.push(`cl:${slugIn(lead.companyLinkedinUrl)}`);
  const name = lead.company === undefined ? '' : foldCompany(lead.company);
  if (name !== '') keys.push(`cn:${name}`);
  return nonEmpty(keys);
}

/** "ada+list@contoso.com" arrives in the mailbox of ada@contoso.com (RFC 5233). */
function withoutTag(email: string): string {
  return email.replace(/(?<=.)\+.*(?=@)/, '');
}

function isNameless({ firstName, lastName, name }: Lead): boolean {
  return firstName === undefined && lastName === undefined && name === undefined;
}

function nonEmpty([first, ...aliases]: readonly string[]): Identity | undefined {
  return first === undefined ? undefined : [first, ...aliases];
}
