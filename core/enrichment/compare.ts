import { hash } from 'node:crypto';
import type { Company, Person } from '../apollo/index.ts';
import { businessDomain } from '../leads/domain.ts';
import { domainOfEmail, mailboxKind } from '../leads/email.ts';
import { type Lead, normaliseLead } from '../leads/index.ts';
import { isDomainOf, isSameCompany, isSameDomain } from '../leads/same-company.ts';
import { compareNames, fitsHandle, type NameComparison } from '../leads/same-name.ts';
import type { Match } from '../outcome.ts';

/** Apollo's person, in the normal form of leads. */
interface Answered {
  readonly lead: Lead;
  /** All addresses that Apollo gives, comparable. */
  readonly mailboxes: readonly string[];
}

const answers = new WeakMap<Person, Answered>();

/** A person in the normal form of leads, as the keys and comparisons need it. */
export function leadOf(person: Person): Lead {
  return answered(person).lead;
}

function answered(person: Person): Answered {
  const known = answers.get(person);
  if (known) return known;
  const lead = normaliseLead({
    apollo_id: person.id,
    linkedin_url: person.linkedinUrl ?? '',
    email: person.email ?? '',
    first_name: person.firstName ?? '',
    last_name: person.lastName ?? '',
    name: person.name ?? '',
    company: person.company?.name ?? '',
    domain: person.company?.domain ?? person.company?.website ?? '',
  });
  const emails = [person.email, ...(person.personalEmails ?? [])].flatMap(
    (email) => email?.toLowerCase() ?? [],
  );
  const result = { lead, mailboxes: emails.map(mailboxOf) };
  answers.set(person, result);
  return result;
}

/** The mailbox behind an address: tags, and dots where the provider ignores them, make no difference. */
function mailboxOf(email: string): string {
  const at = email.lastIndexOf('@');
  const host = email.slice(at + 1);
  const local = email.slice(0, at).replace(/\+.*$/, '');
  if (!/^(?:gmail|googlemail)\.com$/.test(host)) return `${local}@${host}`;
  return `${local.replaceAll('.', '')}@gmail.com`;
}

/** What is compared, by the words that reasons use. */
type Field = 'name' | 'LinkedIn address' | 'e-mail' | 'Apollo id' | 'employer';

interface Conflict {
  readonly field: Field;
  readonly words: string;
}

/** How an answer stands to what was asked, before it is judged. */
interface Comparison {
  readonly asked: Lead;
  readonly person: Person;
  readonly answer: Lead;
  readonly name: NameComparison;
  readonly employer: Employment;
  /** Keys that belong to one person alone and are the same. */
  readonly same: readonly Field[];
  /** Such keys that differ. */
  readonly other: readonly Conflict[];
  readonly isUnsure: boolean;
}

/** Compared once: an answer is judged when it comes, when it is stored and when it is given out. */
const matches = new WeakMap<Person, WeakMap<Lead, Match>>();

/** Says whether Apollo's answer is about whom was asked for, and why. */
export function comparePerson(asked: Lead, person: Person): Match {
  const ofPerson = matches.get(person) ?? new WeakMap<Lead, Match>();
  matches.set(person, ofPerson);
  const match = ofPerson.get(asked) ?? compared(asked, person);
  ofPerson.set(asked, match);
  return match;
}

function compared(asked: Lead, person: Person): Match {
  const { lead: answer, mailboxes } = answered(person);
  const comparison: Comparison = {
    asked,
    person,
    answer,
    name: compareNames(asked, answer),
    employer: compareEmployer(asked, person, answer),
    ...compareKeys(asked, person, answer, mailboxes),
    // Apollo's words are `low` and `high`; whatever else begins with the first ("low_confidence", "very low") says no more.
    isUnsure: /(?:^|[^a-z])low(?![a-z])/.test(person.confidence ?? ''),
  };
  return comparison.same.length > 0 ? byKey(comparison) : byName(comparison);
}

/** Whether the person has a key that belongs to one person alone and that the lead has too. */
export function sharesKey(asked: Lead, person: Person): boolean {
  const { lead, mailboxes } = answered(person);
  return compareKeys(asked, person, lead, mailboxes).same.length > 0;
}

/** Whether an answer that contradicts a lead may still be the answer to it: the name agrees, or a key does. */
export function resembles(asked: Lead, person: Person): boolean {
  const name = compareNames(asked, answered(person).lead).verdict;
  return name === 'same' || name === 'surname' || sharesKey(asked, person);
}

/** Whether the person has the name and the employer of the lead, so that these may stand for the person. */
export function bearsNameOf(asked: Lead, person: Person): boolean {
  const { lead: answer } = answered(person);
  if (compareNames(asked, answer).verdict !== 'same') return false;
  return compareEmployer(asked, person, answer).verdict === 'same';
}

function compareKeys(
  asked: Lead,
  person: Person,
  answer: Lead,
  mailboxes: readonly string[],
): Pick<Comparison, 'same' | 'other'> {
  const same: Field[] = [];
  const other: Conflict[] = [];
  if (asked.linkedinUrl && answer.linkedinUrl) {
    if (asked.linkedinUrl === answer.linkedinUrl) same.push('LinkedIn address');
    else other.push(conflict('LinkedIn address', asked.linkedinUrl, answer.linkedinUrl));
  }
  if (isMailboxOf(asked, mailboxes)) same.push('e-mail');
  if (asked.apolloId) {
    if (asked.apolloId === person.id) same.push('Apollo id');
    else other.push(conflict('Apollo id', asked.apolloId, person.id));
  }
  return { same, other };
}

function isMailboxOf({ email, hashedEmail }: Lead, mailboxes: readonly string[]): boolean {
  if (email !== undefined && mailboxKind(email) === 'person' && mailboxes.includes(mailboxOf(email)))
    return true;
  if (hashedEmail === undefined) return false;
  const algorithm = hashedEmail.length === 32 ? 'md5' : 'sha256';
  return mailboxes.some((mailbox) => hash(algorithm, mailbox) === hashedEmail);
}

/** A key that is one person's agrees: it is that person, unless the name is somebody else's. */
function byKey(comparison: Comparison): Match {
  const { asked, answer, name, employer, same, other, isUnsure } = comparison;
  const keys = same.map((field) => KEY_WORDS[field]).join(' and ');
  // Mailboxes are handed on and shared, profiles are not.
  const isPersonal = same.includes('LinkedIn address') || same.includes('Apollo id');
  const isWedding = name.verdict === 'surname' && (isPersonal || employer.verdict !== 'different');
  if (name.verdict === 'different' || (name.verdict === 'surname' && !isWedding)) {
    return conflicting([nameConflict(asked, answer)], `although it has the same ${keys}`);
  }
  const notes = [
    ...(isWedding ? [`the surname is another (${nameOf(asked)}, now ${nameOf(answer)})`] : []),
    ...(name.how ? [`the name agrees ${name.how}`] : []),
    ...other.map(({ words }) => `another ${words}`),
    ...(isUnsure ? ['Apollo itself is not sure'] : []),
  ];
  const reason = [`same ${keys}`, ...notes].join('; ');
  const { verdict, from, to } = employer;
  if (isEmployerAsked(asked) && (verdict === 'different' || verdict === 'past') && to !== undefined) {
    return { kind: 'moved', reason: `moved from ${from} to ${to}: ${reason}` };
  }
  const isCertain = !isUnsure && (other.length === 0 || name.verdict === 'same');
  return { kind: isCertain ? 'exact' : 'likely', reason };
}

/** Nothing that is one person's alone agrees: it takes the name, and what goes with it. */
function byName(comparison: Comparison): Match {
  const { asked, answer, name, employer, other } = comparison;
  const conflicts = [
    ...(name.verdict === 'different' || name.verdict === 'surname' ? [nameConflict(asked, answer)] : []),
    ...other,
    ...(employer.verdict === 'different' ? [employerConflict(employer)] : []),
  ];
  if (conflicts.length > 0) return conflicting(conflicts, isPerhapsRenamed(comparison) ? RENAMED : undefined);
  const isKeyed = asked.linkedinUrl ?? asked.hashedEmail ?? (asked.email && !isShared(asked) && asked.email);
  if (name.verdict === 'same') return byWholeName(comparison, isKeyed !== undefined);
  if (name.verdict === 'unknown' && !hasName(asked)) return byHandle(comparison);
  return byPartOfName(comparison, isKeyed !== undefined);
}

/**
 * LinkedIn addresses can be changed by whoever has them. Nothing in an answer tells that from somebody of the same name at
 * the same company (Apollo leaves `linkedin_uid` of people empty), so a person has to look.
 */
const RENAMED =
  'although name and employer agree: the address may have been changed since, or somebody else there has that name';

function isPerhapsRenamed({ name, employer, other }: Comparison): boolean {
  const isAddressAlone = other.every(({ field }) => field === 'LinkedIn address');
  return other.length > 0 && isAddressAlone && name.verdict === 'same' && employer.verdict === 'same';
}

function byWholeName({ asked, name, employer, person, isUnsure }: Comparison, isKeyed: boolean): Match {
  const how = name.how ? ` ${name.how}` : '';
  const { verdict, from, to } = employer;
  if (verdict === 'same') return likely(`name${how} and employer agree`, isUnsure);
  if (verdict === 'past' && to !== undefined) {
    return {
      kind: 'moved',
      reason: `moved from ${from} to ${to}: the name agrees${how}, and ${from} is in the history`,
    };
  }
  if (verdict === 'past') return likely(`the name agrees${how}, and ${from} is in the history`, isUnsure);
  const missing = isEmployerAsked(asked)
    ? 'the answer names no employer to compare'
    : 'there is no employer to compare';
  if ((isKeyed && !isUnsure) || person.confidence === 'high')
    return likely(`the name agrees${how}; ${missing}`, isUnsure);
  return conflicting([{ field: 'employer', words: `employer: only the name agrees, ${missing}` }]);
}

/** One word of a name, initials, or a script that cannot be compared. */
function byPartOfName(
  { asked, answer, name, employer, person, isUnsure }: Comparison,
  isKeyed: boolean,
): Match {
  const isSure = (isKeyed && !isUnsure) || (name.verdict === 'unknown' && person.confidence === 'high');
  const what =
    name.verdict === 'unknown'
      ? 'the name cannot be compared'
      : `as much of the name as there is agrees (${nameOf(asked)}, ${nameOf(answer)})`;
  if (!isSure)
    return conflicting([
      { field: 'name', words: `name: ${what.replace('agrees', 'agrees, which is too little')}` },
    ]);
  const { verdict, from, to } = employer;
  if (verdict === 'past' && to !== undefined)
    return { kind: 'moved', reason: `moved from ${from} to ${to}: ${what}` };
  return likely(verdict === 'same' ? `${what}, and the employer agrees` : what, isUnsure);
}

/** Only an address was asked for, and the answer does not repeat it: it has to go with the name. */
function byHandle({ asked, answer, employer, isUnsure, person }: Comparison): Match {
  const handle = asked.linkedinUrl ? slugText(asked.linkedinUrl) : localPart(asked.email);
  const field = asked.linkedinUrl ? 'LinkedIn address' : 'e-mail';
  const given = asked.linkedinUrl ?? asked.email ?? 'the hashed e-mail';
  if (handle === undefined) {
    return isUnsure
      ? conflicting([{ field, words: `${field}: nothing in the answer confirms it, and Apollo is not sure` }])
      : likely('Apollo found this person by the hashed e-mail; nothing else can be compared', false);
  }
  const fit = isShared(asked) ? 'against' : fitsHandle(handle, answer);
  const isShort = fit === 'unclear' && (isUnsure || employer.verdict === 'past' || nameOf(answer) === '');
  if (isShared(asked) && person.email?.toLowerCase() === asked.email) {
    return likely(`same shared mailbox (${asked.email}); nothing says that this person reads it`, isUnsure);
  }
  if (fit === 'against' || isShort) {
    return conflicting([
      { field, words: `${field}: ${given} does not go with ${nameOf(answer) || 'the answer'}` },
    ]);
  }
  const { verdict, from, to } = employer;
  const goes = fit === 'fits' ? `${given} goes with the name` : `Apollo found this person by ${given}`;
  if (verdict === 'past' && to !== undefined)
    return { kind: 'moved', reason: `moved from ${from} to ${to}: ${goes}` };
  const agree = verdict === 'same' ? ', and the employer agrees' : '';
  return likely(`${goes}${agree}; the answer does not repeat the ${field}`, isUnsure);
}

function likely(reason: string, isUnsure: boolean): Match {
  return { kind: 'likely', reason: isUnsure ? `${reason}; Apollo itself is not sure` : reason };
}

function conflicting(conflicts: readonly Conflict[], although?: string): Match {
  const reason = conflicts.map(({ words }) => words).join('; ');
  return { kind: 'conflict', reason: although ? `${reason}, ${although}` : reason };
}

function conflict(field: Field, asked: string, answer: string): Conflict {
  return { field, words: `${field}: asked for ${asked}, Apollo answered ${answer}` };
}

function nameConflict(asked: Lead, answer: Lead): Conflict {
  return conflict('name', nameOf(asked), nameOf(answer));
}

function employerConflict({ from = '', to = 'another', domains }: Employment): Conflict {
  return conflict(
    'employer',
    domains ? `${from} (${domains[0]})` : from,
    domains ? `${to} (${domains[1]})` : to,
  );
}

const KEY_WORDS: Readonly<Record<Field, string>> = {
  name: 'name',
  'LinkedIn address': 'LinkedIn address',
  'e-mail': 'e-mail address',
  'Apollo id': 'Apollo id',
  employer: 'employer',
};

function nameOf({ firstName, lastName, name }: Lead): string {
  return [firstName, lastName].filter(Boolean).join(' ') || (name ?? '');
}

function hasName(lead: Lead): boolean {
  return nameOf(lead) !== '';
}

function isShared({ email }: Lead): boolean {
  return email !== undefined && mailboxKind(email) !== 'person';
}

function localPart(email: string | undefined): string | undefined {
  return email?.slice(0, email.lastIndexOf('@'));
}

function slugText(url: string): string {
  const slug = url.slice(url.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(slug);
  } catch {
    return slug;
  }
}

function hostOf(email: string | undefined): string | undefined {
  return email === undefined ? undefined : domainOfEmail(email);
}

/** The domain, where the list names one; that of the e-mail address is only where mail goes. */
function ownDomain({ domain, email }: Lead): string | undefined {
  return domain !== undefined && domain === hostOf(email) ? undefined : domain;
}

/** Whether the list itself says where the person works. */
function isEmployerAsked(asked: Lead): boolean {
  return asked.company !== undefined || ownDomain(asked) !== undefined;
}

/** Whether somebody works where was asked. `past`: not any more. `unknown`: there is nothing to compare. */
interface Employment {
  readonly verdict: 'same' | 'past' | 'different' | 'unknown';
  /** As asked. */
  readonly from?: string;
  /** As answered. */
  readonly to?: string;
  /** Domains as asked and answered, where two companies have one name. */
  readonly domains?: readonly [string, string];
}

function compareEmployer(asked: Lead, person: Person, answer: Lead): Employment {
  const { company } = asked;
  const domain = ownDomain(asked) ?? (company === undefined ? asked.domain : undefined);
  const from = company ?? domain;
  if (from === undefined) return { verdict: 'unknown' };
  const to = person.company?.name ?? person.company?.domain;
  const named = { from, ...(to !== undefined && { to }) };
  const present = isPresentEmployer({ company, domain }, person);
  if (present === true) return { verdict: 'same', ...named };
  const mail = hostOf(answer.email);
  const isMailThere =
    mail !== undefined &&
    ((domain !== undefined && mail === domain) || (domain === undefined && isDomainOf(mail, from)));
  if (isMailThere && (present === undefined || person.emailStatus === 'verified'))
    return { verdict: 'same', ...named };
  const listed = (person.employers ?? []).filter(
    ({ name }) =>
      (company !== undefined && isSameCompany(company, name) === true) ||
      (domain !== undefined && isDomainOf(domain, name)),
  );
  if (listed.some(({ current }) => current)) return { verdict: 'same', ...named };
  if (listed.length > 0 || isMailThere) return { verdict: 'past', ...named };
  if (present === false) {
    const itsDomain = person.company?.domain;
    const isNamesake =
      domain !== undefined && itsDomain !== undefined && to !== undefined && isSameCompany(from, to) === true;
    return { verdict: 'different', ...named, ...(isNamesake && { domains: [domain, itsDomain] as const }) };
  }
  const elsewhere =
    person.employers?.find(({ current }) => current)?.name ?? (to === undefined ? mail : undefined);
  return elsewhere === undefined
    ? { verdict: 'unknown', ...named }
    : { verdict: 'different', from, to: elsewhere };
}

/** Whether the company in the answer is the one that was asked; `undefined` where nothing can be compared. */
function isPresentEmployer(
  { company, domain }: { company: string | undefined; domain: string | undefined },
  person: Person,
): boolean | undefined {
  const { name, domain: answerDomain, website } = person.company ?? {};
  const itsDomain = answerDomain ?? (website === undefined ? undefined : businessDomain(website));
  if (domain !== undefined && itsDomain !== undefined) {
    // Two domains tell two companies of one name apart.
    return isSameDomain(domain, itsDomain);
  }
  if (company !== undefined && name !== undefined) {
    const isSame = isSameCompany(company, name);
    if (isSame !== false)
      return isSame ?? (itsDomain !== undefined && isDomainOf(itsDomain, company) ? true : undefined);
    return itsDomain !== undefined && isDomainOf(itsDomain, company);
  }
  if (domain !== undefined && name !== undefined) return isDomainOf(domain, name);
  return company !== undefined && itsDomain !== undefined ? isDomainOf(itsDomain, company) : undefined;
}

/** Says whether Apollo's company is the one that was asked for, and why. */
export function compareCompany(asked: Lead, company: Company): Match {
  const answer = normaliseLead({
    company: company.name ?? '',
    domain: company.domain ?? company.website ?? '',
    company_linkedin_url: company.linkedinUrl ?? '',
  });
  if (asked.domain !== undefined && asked.domain === answer.domain)
    return { kind: 'exact', reason: 'same domain' };
  if (asked.companyLinkedinUrl !== undefined && asked.companyLinkedinUrl === answer.companyLinkedinUrl) {
    return { kind: 'exact', reason: 'same LinkedIn page' };
  }
  const isDomainLike =
    asked.domain !== undefined && answer.domain !== undefined && isSameDomain(asked.domain, answer.domain);
  if (isDomainLike)
    return { kind: 'likely', reason: `Apollo's main domain for ${asked.domain} is ${answer.domain}` };
  if (asked.company === undefined) {
    return { kind: 'likely', reason: 'Apollo found this company by its address; its name was not asked' };
  }
  const names = answer.company === undefined ? undefined : isSameCompany(asked.company, answer.company);
  const isNamed = names === true || (answer.domain !== undefined && isDomainOf(answer.domain, asked.company));
  if (isNamed) return { kind: 'likely', reason: 'the name agrees' };
  if (names === undefined) return { kind: 'likely', reason: 'the names cannot be compared' };
  return {
    kind: 'conflict',
    reason: `name: asked for ${asked.company}, Apollo answered ${answer.company}`,
  };
}
