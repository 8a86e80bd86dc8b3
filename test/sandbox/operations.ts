import type { Endpoint, WindowName } from '../../core/apollo/types.ts';
import { WINDOW_NAMES } from '../../core/apollo/types.ts';
import type { Key } from './accounts.ts';
import type { Company } from './companies.ts';
import { findCompany, printCompany } from './companies.ts';
import type { FaultKind } from './faults.ts';
import { disarrange } from './faults.ts';
import type { LateResults } from './late.ts';
import { namesOf } from './late.ts';
import type { Charge, Ledger } from './ledger.ts';
import { total } from './ledger.ts';
import type { MissShape } from './misses.ts';
import { companyMiss, personMiss } from './misses.ts';
import type { People, Person, PersonQuery } from './people.ts';
import { printPerson } from './people.ts';
import type { Call, Reveal } from './requests.ts';
import {
  Refusal,
  readCompanies,
  readCompany,
  readPeople,
  readPerson,
  readRequestId,
  readReveal,
} from './requests.ts';
import { limitsOf } from './settings.ts';
import type { RateWindows } from './windows.ts';

/** An answer of Apollo's, not yet spoilt by a fault. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Put into the JSON as a bare number, which no double could carry. */
  readonly requestId?: bigint;
  /** Default: JSON. */
  readonly type?: 'application/json' | 'text/plain';
  /** Credits that this call was charged. */
  readonly charged?: number;
}

export interface World {
  readonly people: People;
  readonly ledger: Ledger;
  readonly late: LateResults;
  readonly windows: RateWindows;
  readonly matchRate: number;
  readonly allowHttpWebhooks: boolean;
  readonly outOfCreditsStatus: number;
  readonly creditRefusal: 'code' | 'text';
  readonly switchboards: boolean;
  readonly companiesByName: boolean;
  readonly misses: MissShape;
  readonly now: () => number;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly endpoint: Endpoint;
}

/** By path below the base address. */
const ROUTES: Readonly<Record<string, Route>> = {
  '/people/match': { method: 'POST', endpoint: 'people/match' },
  '/people/bulk_match': { method: 'POST', endpoint: 'people/bulk_match' },
  '/organizations/enrich': { method: 'GET', endpoint: 'organizations/enrich' },
  '/organizations/bulk_enrich': { method: 'POST', endpoint: 'organizations/bulk_enrich' },
  '/users/api_profile': { method: 'GET', endpoint: 'users/api_profile' },
  '/usage_stats/credit_usage_stats': { method: 'POST', endpoint: 'usage_stats/credit_usage_stats' },
  '/usage_stats/api_usage_stats': { method: 'POST', endpoint: 'usage_stats/api_usage_stats' },
};
const ENDPOINTS: readonly Endpoint[] = [
  ...Object.values(ROUTES).map((route) => route.endpoint),
  'webhook_result/show',
];
const POLLING = /^\/webhook_result\/([^/]+)$/;

/** The operation at a method and path, and what follows its path; `undefined` where Apollo has none. */
export function findOperation(
  method: string,
  path: string,
): { endpoint: Endpoint; rest: string } | undefined {
  const polled = POLLING.exec(path);
  if (method === 'GET' && polled?.[1]) return { endpoint: 'webhook_result/show', rest: decode(polled[1]) };
  const route = ROUTES[path];
  return route?.method === method ? { endpoint: route.endpoint, rest: '' } : undefined;
}

/** Does what Apollo would do, charging included. `fault` disarranges the list of a batch. */
export function perform(endpoint: Endpoint, call: Call, key: Key, world: World, fault?: FaultKind): Answer {
  try {
    return operations[endpoint](call, key, world, fault);
  } catch (error) {
    if (error instanceof Refusal) return printRefusal(error, endpoint);
    throw error;
  }
}

/** What a call is answered when the credits of the key's team, or those of its user, do not suffice. */
export function outOfCredits(key: Key, world: World, pool: 'lead' | 'mobile' = 'lead'): Answer {
  const status = world.outOfCreditsStatus;
  const message =
    'You have insufficient credits for this request. Please upgrade your plan or wait for the next billing cycle.';
  if (world.creditRefusal === 'text') return { status, body: message, type: 'text/plain' };
  const [credit_type, left] =
    pool === 'mobile' ? ['mobile credits', key.mobileLeft] : ['lead credits', key.left];
  const next_billing_date = new Date(key.team.cycleEndsAt).toISOString().slice(0, 10);
  return {
    status,
    body: {
      error: message,
      error_details: {
        code: 'BILLING.LIMIT.CREDITS_EXHAUSTED',
        message,
        context: {
          credit_type: { value: credit_type },
          credit_balance: { value: left },
          next_billing_date: { value: next_billing_date },
        },
      },
    },
  };
}

type Operation = (call: Call, key: Key, world: World, fault?: FaultKind) => Answer;

const operations: Readonly<Record<Endpoint, Operation>> = {
  'people/match': (call, key, world) => {
    const reveal = readReveal(call.query, world.allowHttpWebhooks);
    const query = readPerson(call.query);
    if (reveal.phones && key.mobileLeft === 0) return outOfCredits(key, world, 'mobile');
    const looked = lookUp([query], key, world);
    if (!looked) return outOfCredits(key, world);
    const late = promise(looked, reveal, key, world, false);
    const [person] = looked.found;
    return {
      status: 200,
      body: {
        person: person ? print(person, query, reveal, world) : personMiss(world.misses, query),
        ...late.fields,
      },
      charged: total(looked.charges),
      ...(late.requestId === undefined ? {} : { requestId: late.requestId }),
    };
  },

  'people/bulk_match': (call, key, world, fault) => {
    const reveal = readReveal(call.query, world.allowHttpWebhooks);
    const queries = readPeople(call.body);
    if (reveal.phones && key.mobileLeft === 0) return outOfCredits(key, world, 'mobile');
    const looked = lookUp(queries, key, world);
    if (!looked) return outOfCredits(key, world);
    const late = promise(looked, reveal, key, world, true);
    const charged = total(looked.charges);
    const matches = queries
      .map((query, index) => {
        const person = looked.found[index];
        return person ? print(person, query, reveal, world) : personMiss(world.misses, query);
      })
      .filter((entry) => entry !== undefined);
    const billing = {
      unique_enriched_records: new Set(looked.charges.map((charge) => charge.names[0])).size,
      missing_records: looked.found.filter((person) => person === null).length,
      credits_consumed: charged,
    };
    return {
      status: 200,
      body: {
        status: 'success',
        error_code: null,
        error_message: null,
        total_requested_enrichments: queries.length,
        ...(isWaterfall(reveal) ? {} : billing),
        matches: disarrange(matches, fault),
        ...late.fields,
      },
      charged,
      requestId: late.requestId ?? world.late.newRequestId(),
    };
  },

  'organizations/enrich': (call, key, world) => {
    const query = readCompany(call.query, world.companiesByName);
    const company = findCompany(query, world.matchRate);
    const charges = company ? [companyCharge(company, key)] : [];
    if (!affordable(charges, key, world)) return outOfCredits(key, world);
    return {
      status: 200,
      body: { organization: company ? printCompany(company) : companyMiss(world.misses) },
      charged: total(charges),
    };
  },

  'organizations/bulk_enrich': (call, key, world, fault) => {
    const { companies, byDomain } = readCompanies(call.query, call.body, world.companiesByName);
    const found = companies.map((query) => findCompany(query, world.matchRate));
    const known = new Map(
      found.filter((company) => company !== null).map((company) => [company.id, company]),
    );
    const charges = [...known.values()].map((company) => companyCharge(company, key));
    if (!affordable(charges, key, world)) return outOfCredits(key, world);
    const distinct = new Set(companies.map((query) => JSON.stringify(query).toLowerCase())).size;
    const organizations = found
      .map((company) => (company ? printCompany(company) : companyMiss(world.misses)))
      .filter((entry) => entry !== undefined);
    return {
      status: 200,
      body: {
        status: 'success',
        error_code: null,
        error_message: null,
        total_requested_records: byDomain ? null : companies.length,
        total_requested_domains: byDomain ? companies.length : null,
        unique_domains: byDomain ? distinct : null,
        unique_records: byDomain ? null : distinct,
        unique_enriched_records: known.size,
        missing_records: found.filter((company) => company === null).length,
        organizations: disarrange(organizations, fault),
      },
      charged: total(charges),
    };
  },

  'users/api_profile': (call, key) => {
    const { limit, used, left } = (key.cap ?? key.team.pool).balance;
    const mobile = key.team.mobile?.balance;
    const credits = {
      num_credits_remaining: key.team.unified ? 0 : left,
      effective_num_lead_credits: limit,
      num_lead_credits_used: key.team.unified ? 0 : used,
      effective_num_direct_dial_credits: mobile?.limit ?? 0,
      num_direct_dial_credits_used: mobile?.used ?? 0,
      effective_num_export_credits: 0,
      num_export_credits_used: 0,
      effective_num_ai_credits: 0,
      num_ai_credits_used: 0,
      effective_num_power_up_credits: 0,
      num_power_up_credits_used: 0,
      total_unified_credits_used: used,
    };
    const profile = {
      id: key.userId,
      team_id: key.team.id,
      first_name: 'Grace',
      last_name: 'Hopper',
      title: 'Revenue Operations',
      email: 'grace.hopper@example.com',
    };
    return {
      status: 200,
      body: call.query.get('include_credit_usage') === 'true' ? { ...profile, ...credits } : profile,
    };
  },

  'usage_stats/credit_usage_stats': (_call, key) => {
    const { limit, used, left } = key.team.credits;
    const none = { limit: 0, consumed: 0, left_over: 0 };
    const mobile = key.team.mobile?.balance;
    return {
      status: 200,
      body: {
        credit_usage_stats: {
          lead_credit: { limit, consumed: used, left_over: left },
          direct_dial_credit: mobile
            ? { limit: mobile.limit, consumed: mobile.used, left_over: mobile.left }
            : none,
          export_credit: none,
          conversation_credit: none,
          ai_credit: none,
          power_up_credit: none,
          inbound_website_visitor_credit: none,
          dialer: none,
          web_search_record_credit: none,
          contact_website_visitor_credit: none,
        },
        current_credit_cycle: {
          start_date: new Date(key.team.cycleStartsAt).toISOString(),
          end_date: new Date(key.team.cycleEndsAt).toISOString(),
        },
      },
    };
  },

  'usage_stats/api_usage_stats': (_call, key, world) => {
    const foreign = { limit: 6000, consumed: 0, left_over: 6000 };
    const usage: Record<string, unknown> = {
      // An endpoint that this project has no use for: Apollo lists all it has.
      '["api/v1/contacts", "search"]': { day: foreign, hour: foreign, minute: foreign },
    };
    for (const endpoint of ENDPOINTS) usage[usageKey(endpoint)] = printUsage(endpoint, key, world);
    return { status: 200, body: usage };
  },

  'webhook_result/show': (call, key, world) => {
    const id = readRequestId(call.rest);
    if (id === undefined) return { status: 400, body: { error_code: 'invalid_request_id' } };
    const polled = world.late.poll(id, key.team);
    switch (polled.state) {
      case 'ready':
        return { status: 200, body: polled.body };
      case 'expired':
        return { status: 410, body: { error_code: 'request_id_expired' } };
      case 'unknown':
        return { status: 404, body: { error_code: 'request_id_unknown' } };
      case 'pending':
        return {
          status: 404,
          body: { error_code: 'result_pending', retry_after_seconds: polled.retryAfterSeconds },
        };
    }
  },
};

interface LookedUp {
  /** In the order of the request. */
  readonly found: readonly (Person | null)[];
  readonly charges: readonly Charge[];
}

/** Finds and charges people; `undefined` when the credits do not suffice, and then nobody is charged. */
function lookUp(
  queries: readonly Parameters<People['find']>[0][],
  key: Key,
  world: World,
): LookedUp | undefined {
  const found = queries.map((query) => world.people.find(query));
  // Apollo bills a person once per request, however often the request names them.
  const distinct = new Map(
    found.filter((person) => person?.chargeable).map((person) => [person?.id, person]),
  );
  const charges = [...distinct.values()]
    .filter((person) => person !== null)
    .map((person): Charge => ({ for: 'data', names: namesOf(person), credits: key.team.price }));
  if (!affordable(charges, key, world)) return undefined;
  world.ledger.lookedUp(queries.length, found.filter((person) => person !== null).length);
  return { found, charges };
}

/** Charges, unless the team's credits are used up or do not suffice. */
function affordable(charges: readonly Charge[], key: Key, world: World): boolean {
  return key.left > 0 && world.ledger.charge(key, charges);
}

function companyCharge(company: Company, key: Key): Charge {
  return { for: 'company', names: [company.id], credits: key.team.price };
}

interface Promised {
  readonly fields: Record<string, unknown>;
  readonly requestId?: bigint;
}

/** Sees to the late part of a request, and says what the answer to a batch tells about it. */
function promise(looked: LookedUp, reveal: Reveal, key: Key, world: World, batch: boolean): Promised {
  const matched = looked.found.filter((person) => person !== null);
  const distinct = [...new Map(matched.map((person) => [person.id, person])).values()];
  const work = { key, requested: looked.found.length, webhookUrl: reveal.webhookUrl };
  if (isWaterfall(reveal)) {
    const requestId = world.late.newRequestId();
    const phones = reveal.phones || reveal.waterfallPhones;
    const waterfall = { emails: reveal.waterfallEmails };
    world.late.accept(requestId, { ...work, people: distinct, phones, waterfall });
    const accepted = { status: 'accepted', message: 'Accepted; the results go to the webhook address.' };
    return { fields: { waterfall: accepted }, requestId };
  }
  if (!reveal.phones || distinct.length === 0) return { fields: {} };

  const requestId = world.late.newRequestId();
  const inProgress = batch ? world.late.inProgress(key.team) : new Set<string>();
  const people = distinct.filter((person) => !inProgress.has(person.id));
  if (people.length === 0) {
    const skipped = {
      status: 'skipped',
      message: 'An earlier request is looking for these numbers already.',
    };
    return { fields: { phone_enrichment: skipped }, requestId };
  }
  world.late.accept(requestId, { ...work, people, phones: true, waterfall: undefined });
  const pending = {
    // An id of the work behind it; polling takes the request_id beside it.
    request_id: people[0]?.id,
    status: 'pending',
    message: 'The numbers go to the webhook address; they can be polled with the request_id of this answer.',
  };
  // Apollo documents the state of phone work for batches only.
  return { fields: batch ? { phone_enrichment: pending } : {}, requestId };
}

function isWaterfall(reveal: Reveal): boolean {
  return reveal.waterfallEmails || reveal.waterfallPhones;
}

function print(
  person: Person,
  query: PersonQuery,
  reveal: Reveal,
  { switchboards }: World,
): Record<string, unknown> {
  return printPerson(person, {
    personalEmails: reveal.personalEmails,
    withoutEmail: reveal.waterfallEmails,
    confidence: isSure(query) ? 'high' : 'low',
    switchboard: switchboards,
  });
}

/** Where somebody rests on a name and the name of an employer, Apollo's search is fuzzy. */
function isSure({ email, hashed_email, id, linkedin_url, domain }: PersonQuery): boolean {
  return [email, hashed_email, id, linkedin_url, domain].some((given) => given !== undefined);
}

function printUsage(endpoint: Endpoint, key: Key, world: World): Record<WindowName, unknown> {
  const { id, plan } = key.team.allowance;
  const states = world.windows.read(id, endpoint, limitsOf(plan, endpoint), world.now());
  const usage = WINDOW_NAMES.map((name) => {
    const { limit, used } = states[name];
    return [name, { limit, consumed: used, left_over: limit === null ? null : Math.max(0, limit - used) }];
  });
  return Object.fromEntries(usage) as Record<WindowName, unknown>;
}

function usageKey(endpoint: Endpoint): string {
  const slash = endpoint.lastIndexOf('/');
  return `["api/v1/${endpoint.slice(0, slash)}", "${endpoint.slice(slash + 1)}"]`;
}

/** Apollo has a different shape for refusals in batches and single calls. */
function printRefusal(refusal: Refusal, endpoint: Endpoint): Answer {
  if (!endpoint.includes('/bulk_')) {
    return { status: refusal.status, body: { error: refusal.message } };
  }
  const body = { status: 'failed', error_code: refusal.code, error_message: refusal.message };
  // As documented: an empty batch of organizations is JSON that calls itself plain text.
  const plain = endpoint === 'organizations/bulk_enrich' && refusal.code === 'INVALID_REQUEST';
  return { status: refusal.status, body, type: plain ? 'text/plain' : 'application/json' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
