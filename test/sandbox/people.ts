import { createHash } from 'node:crypto';
import { Dice } from './chance.ts';
import type { Company } from './companies.ts';
import { companyAt, companyPhone, domainOfName, printCompany, someCompany } from './companies.ts';
import type { Name } from './spelling.ts';
import {
  bareDomain,
  letters,
  linkedinSlug,
  nameInEmail,
  nameInSlug,
  printedName,
  splitName,
} from './spelling.ts';

/** The fields by which a request may identify a person, in Apollo's words. */
export const PERSON_FIELDS = [
  'first_name',
  'last_name',
  'name',
  'email',
  'hashed_email',
  'organization_name',
  'domain',
  'id',
  'linkedin_url',
] as const;
export type PersonQuery = Partial<Record<(typeof PERSON_FIELDS)[number], string>>;

/** A person that Apollo knows. Everything in it follows from `key` and from the identifiers that were given. */
export interface Person {
  readonly key: string;
  /** Apollo's id, 24 hex digits. */
  readonly id: string;
  readonly name: Name;
  readonly slug: string;
  readonly company: Company;
  readonly email: string | null;
  readonly emailStatus: string;
  /** False: Apollo knows of the person but has nothing that costs a credit. */
  readonly chargeable: boolean;
  readonly phone: { readonly number: string; readonly mobile: boolean } | null;
}

/** What leads back to a person: its key, what was told about it, what was handed out. */
interface Basis {
  readonly key: string;
  readonly name: Name;
  readonly company: Company;
  readonly slug?: string;
  readonly email?: string;
}

const FREE_MAIL = new Set([
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'yahoo.com',
  'icloud.com',
  'aol.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  't-online.de',
  'orange.fr',
  'proton.me',
  'protonmail.com',
]);
const FIRST_NAMES = [
  'Ada',
  'Grace',
  'Edsger',
  'Barbara',
  'Donald',
  'Radia',
  'Alan',
  'Frances',
  'Tony',
] as const;
const LAST_NAMES = [
  'Lovelace',
  'Hopper',
  'Dijkstra',
  'Liskov',
  'Knuth',
  'Perlman',
  'Turing',
  'Allen',
] as const;
const TITLES = [
  ['Chief Technology Officer', 'c_suite', 'c_suite'],
  ['VP of Sales', 'vp', 'master_sales'],
  ['Head of Engineering', 'head', 'master_engineering_technical'],
  ['Director of Operations', 'director', 'master_operations'],
  ['Marketing Manager', 'manager', 'master_marketing'],
  ['Software Engineer', 'entry', 'master_engineering_technical'],
] as const;
/** The last says whether the GDPR holds there, which hides personal e-mail addresses. */
const HOMES = [
  ['San Francisco', 'California', 'United States', false],
  ['New York', 'New York', 'United States', false],
  ['Toronto', 'Ontario', 'Canada', false],
  ['London', 'England', 'United Kingdom', true],
  ['Berlin', 'Berlin', 'Germany', true],
  ['Paris', 'Ile-de-France', 'France', true],
] as const;

/**
 * Everybody Apollo knows. Nobody is stored in advance: a person is made up from the identity of the lead,
 * so that every spelling and every sufficient set of identifiers leads to one person. An id, LinkedIn
 * address or e-mail that was handed out leads back to the person it was handed out for.
 */
export class People {
  readonly #matchRate: number;
  readonly #handedOut = new Map<string, Basis>();
  #unhashed: Basis[] = [];

  constructor(matchRate: number) {
    this.#matchRate = matchRate;
  }

  /** `null`: nothing identifies the person, or Apollo does not know them. */
  find(query: PersonQuery): Person | null {
    const basis = this.#identify(query);
    if (!basis) return null;
    const dice = new Dice(basis.key);
    if (dice.share('known') >= this.#matchRate) return null;
    const person = makePerson(basis, dice);
    this.#remember(person);
    return person;
  }

  #identify(query: PersonQuery): Basis | undefined {
    const slug = query.linkedin_url === undefined ? undefined : linkedinSlug(query.linkedin_url, 'in');
    const email = query.email?.trim().toLowerCase();
    const mailDomain = email?.slice(email.lastIndexOf('@') + 1);
    const workDomain = mailDomain !== undefined && !FREE_MAIL.has(mailDomain) ? mailDomain : undefined;
    const domain =
      (query.domain === undefined ? undefined : bareDomain(query.domain)) ??
      workDomain ??
      (query.organization_name === undefined ? undefined : domainOfName(query.organization_name));
    const name =
      givenName(query) ??
      (email === undefined ? undefined : nameInEmail(email)) ??
      (slug === undefined ? undefined : nameInSlug(slug));
    const given = { ...(slug === undefined ? {} : { slug }), ...(email === undefined ? {} : { email }) };

    if (query.id !== undefined) {
      const known = this.#handedOut.get(`id:${query.id}`);
      if (known) return known;
    }
    if (name && domain !== undefined) {
      const key = `nd:${letters(name.first)}:${letters(name.last)}:${domain}`;
      return { key, name, company: companyAt(domain), ...given };
    }
    const alone = this.#aloneKey(slug, email, query.hashed_email?.trim().toLowerCase(), query.id);
    if (alone === undefined) return undefined;
    const known = this.#handedOut.get(alone);
    if (known) return known;
    const dice = new Dice(alone);
    return {
      key: alone,
      name: name ?? {
        first: dice.pick('first name', FIRST_NAMES),
        last: dice.pick('last name', LAST_NAMES),
      },
      company: domain === undefined ? someCompany(dice) : companyAt(domain),
      ...given,
    };
  }

  /** The strongest identifier that identifies a person all by itself. */
  #aloneKey(slug?: string, email?: string, hashed?: string, id?: string): string | undefined {
    if (slug !== undefined) return `li:${slug}`;
    if (email !== undefined) return `em:${email}`;
    if (hashed !== undefined) {
      this.#hashNew();
      return `eh:${hashed}`;
    }
    return id !== undefined && /^[0-9a-f]{24}$/.test(id) ? `id:${id}` : undefined;
  }

  /** The first person an identifier was handed out for keeps it, so that answers stay the same. */
  #remember(person: Person): void {
    if (this.#handedOut.has(`id:${person.id}`)) return;
    const { key, name, company, slug, email } = person;
    const basis: Basis = { key, name, company, slug, ...(email === null ? {} : { email }) };
    this.#handedOut.set(`id:${person.id}`, basis);
    this.#handOut(`li:${slug}`, basis);
    if (email === null) return;
    this.#handOut(`em:${email}`, basis);
    this.#unhashed.push(basis);
  }

  #handOut(identifier: string, basis: Basis): void {
    if (!this.#handedOut.has(identifier)) this.#handedOut.set(identifier, basis);
  }

  /** Hashing everybody's e-mail is only worth it once somebody asks by hash. */
  #hashNew(): void {
    for (const basis of this.#unhashed) {
      for (const algorithm of ['md5', 'sha256']) {
        const hash = createHash(algorithm)
          .update(basis.email ?? '')
          .digest('hex');
        this.#handOut(`eh:${hash}`, basis);
      }
    }
    this.#unhashed = [];
  }
}

function givenName(query: PersonQuery): Name | undefined {
  const first = printedName(query.first_name ?? '');
  const last = printedName(query.last_name ?? '');
  if (first !== '' && last !== '') return { first, last };
  return splitName(query.name ?? '');
}

function makePerson(basis: Basis, dice: Dice): Person {
  const { key, name, company } = basis;
  const status = emailStatus(dice.share('e-mail'));
  const email = basis.email ?? (status === 'unavailable' ? null : workEmail(key, name, company, dice));
  const phoneShare = dice.share('phone');
  const chargeable = email !== null || dice.share('chargeable') >= 0.2;
  const area = dice.pick('area', ['202', '415', '206', '512']);
  const number = `+1${area}5550${100 + Math.floor(dice.share('number') * 100)}`;
  return {
    key,
    id: dice.hex('person id', 24),
    name,
    slug: basis.slug ?? `${letters(name.first)}-${letters(name.last)}-${dice.hex('slug', 6)}`,
    company,
    email,
    emailStatus: basis.email !== undefined && status === 'unavailable' ? 'unverified' : status,
    chargeable,
    phone: phoneShare < 0.7 ? { number, mobile: phoneShare < 0.6 } : null,
  };
}

function emailStatus(share: number): string {
  if (share < 0.7) return 'verified';
  if (share < 0.77) return 'unverified';
  if (share < 0.83) return 'likely to engage';
  if (share < 0.9) return 'extrapolated';
  return 'unavailable';
}

/**
 * The address an employer would give. `first.last` leads to whoever is known by that name there, so people
 * who are known by something else get an address that only leads to them.
 */
function workEmail(key: string, name: Name, company: Company, dice: Dice): string {
  const suffix = key.startsWith('nd:') ? '' : `.${dice.hex('address', 6)}`;
  const local = `${letters(name.first)}.${letters(name.last)}${suffix}`;
  return `${/^[a-z0-9.]+$/.test(local) ? local : `p${dice.hex('address', 8)}`}@${company.domain}`;
}

/** The address that a waterfall finds, where Apollo itself has none. */
export function waterfallEmail(person: Person): string | null {
  const dice = new Dice(person.key);
  return dice.share('waterfall e-mail') < 0.8
    ? (person.email ?? workEmail(person.key, person.name, person.company, dice))
    : null;
}

interface PrintOptions {
  readonly personalEmails: boolean;
  /** A waterfall for e-mail answers without `email` and `email_status`: they come later. */
  readonly withoutEmail: boolean;
  /** How sure Apollo is that it is the one asked for. */
  readonly confidence: 'high' | 'low';
  /** With the employer's number among the person's. */
  readonly switchboard: boolean;
}

/** The employer's number, as Apollo lists it among a person's. */
function printSwitchboard(company: Company): Record<string, unknown> {
  const number = companyPhone(company);
  return {
    raw_number: number,
    sanitized_number: number,
    type: 'work_hq',
    position: 0,
    status: 'no_status',
    dnc_status: null,
    dnc_other_info: null,
    dialer_flags: null,
  };
}

/** The person in Apollo's shape. */
export function printPerson(person: Person, options: PrintOptions): Record<string, unknown> {
  const dice = new Dice(person.key);
  const { name, company, chargeable } = person;
  const [city, state, country, gdpr] = dice.pick('home', HOMES);
  const [title, seniority, department] = dice.pick('title', TITLES);
  const employmentId = dice.hex('employment id', 24);
  const personalEmails =
    gdpr || !chargeable || dice.share('personal e-mail') < 0.5
      ? []
      : [`${person.slug.replaceAll('-', '.')}@example.com`];
  return {
    id: person.id,
    first_name: name.first,
    last_name: name.last,
    name: `${name.first} ${name.last}`,
    linkedin_url: `http://www.linkedin.com/in/${encodeURIComponent(person.slug)}`,
    title: chargeable ? title : null,
    ...(options.withoutEmail ? {} : { email_status: person.emailStatus }),
    photo_url: null,
    twitter_url: null,
    github_url: null,
    facebook_url: null,
    extrapolated_email_confidence: person.emailStatus === 'extrapolated' ? 0.71 : null,
    headline: chargeable ? `${title} at ${company.name}` : null,
    ...(options.withoutEmail ? {} : { email: person.email }),
    ...(options.personalEmails ? { personal_emails: personalEmails } : {}),
    ...(options.switchboard ? { phone_numbers: [printSwitchboard(company)] } : {}),
    organization_id: company.id,
    employment_history: [
      {
        _id: employmentId,
        id: employmentId,
        key: employmentId,
        current: true,
        organization_id: company.id,
        organization_name: company.name,
        start_date: `${2010 + Math.floor(dice.share('start') * 14)}-01-01`,
        end_date: null,
        title: chargeable ? title : null,
      },
    ],
    state: chargeable ? state : null,
    city: chargeable ? city : null,
    country: chargeable ? country : null,
    organization: printCompany(company),
    is_likely_to_engage: person.emailStatus === 'likely to engage',
    departments: chargeable ? [department] : [],
    subdepartments: [],
    functions: [],
    seniority: chargeable ? seniority : null,
    show_intent: false,
    revealed_for_current_team: true,
    match_confidence: options.confidence,
  };
}
