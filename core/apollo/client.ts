import type { Lead } from '../leads/lead.ts';
import type { Http, HttpRequest, HttpResponse } from '../ports.ts';
import { readCreditBalance, readProfile, readUsageStats } from './account.ts';
import { creditsForCompanies, creditsForPeople } from './charges.ts';
import { readCompanyMatch } from './company.ts';
import { codeOf, inTrouble, keyRefused, noAnswer, notUnderstood, refusal } from './failure.ts';
import {
  asList,
  asNumber,
  asObject,
  asText,
  isNothing,
  type JsonObject,
  known,
  parseObject,
} from './json.ts';
import { looksLikeKey } from './key.ts';
import { readLateResult } from './late-result.ts';
import { readLimitHeaders, readRetryAfter } from './limits.ts';
import { isChallenge } from './on-the-way.ts';
import { readPerson } from './person.ts';
import { isRequestId, readRequestId } from './request-id.ts';
import {
  ANSWER_TIMEOUT_MS,
  type Apollo,
  type CallContext,
  type CompaniesAnswer,
  type CreditBalance,
  type Endpoint,
  type LatePoll,
  type LimitReadings,
  type PeopleAnswer,
  type Profile,
  type Reveal,
  type RevealContext,
  type UsageStats,
} from './types.ts';
import {
  type OnUnknownFields,
  unknownInCompanies,
  unknownInLateResult,
  unknownInPeople,
} from './unknown-fields.ts';

export interface ApolloOptions {
  readonly http: Http;
  /** With the version: `https://api.apollo.io/api/v1`. */
  readonly baseUrl: string;
  /**
   * ms until an answer is given up; default {@link ANSWER_TIMEOUT_MS}. A paid call that is given up is in doubt, so this
   * is far above what Apollo needs.
   */
  readonly timeoutMs?: number;
  readonly userAgent?: string;
  /** Hears of fields in answers that nobody knows of. */
  readonly onUnknownFields?: OnUnknownFields;
}

/** What Apollo's answers to phone requests advise where a poll is not told. */
const DEFAULT_POLL_MS = 10_000;

type Fields = Readonly<Record<string, string>>;

interface Operation {
  readonly endpoint: Endpoint;
  readonly method: HttpRequest['method'];
  /** Below the base address; default: the endpoint's name. */
  readonly path?: string;
  readonly query?: Fields;
  readonly body?: JsonObject;
}

/** A success, its body parsed. */
interface Success {
  readonly json: JsonObject;
  readonly body: string;
  readonly limits: LimitReadings;
}

/** Apollo over HTTP: {@link Apollo}'s eight operations, one request each. */
export function createApollo(options: ApolloOptions): Apollo {
  return new HttpApollo(options);
}

class HttpApollo implements Apollo {
  readonly #http: Http;
  readonly #baseUrl: string;
  readonly #timeoutMs: number;
  readonly #userAgent: string;
  readonly #onUnknownFields: OnUnknownFields;

  constructor({ http, baseUrl, timeoutMs, userAgent, onUnknownFields }: ApolloOptions) {
    this.#http = http;
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
    this.#timeoutMs = timeoutMs ?? ANSWER_TIMEOUT_MS;
    this.#userAgent = userAgent ?? 'connectionsphere-apollo';
    this.#onUnknownFields = onUnknownFields ?? (() => undefined);
  }

  async matchPerson(lead: Lead, context: RevealContext): Promise<PeopleAnswer> {
    const query = { ...personFields(lead), ...revealFields(context) };
    const success = await this.#succeed({ endpoint: 'people/match', method: 'POST', query }, context);
    const { json, limits } = success;
    this.#onUnknownFields(unknownInPeople(json));
    const person = readMatch(json.person ?? missIn(json), readPerson);
    if (person === undefined) throw notUnderstood('people/match', success.body, limits);
    return {
      people: [person],
      credits: creditsForPeople(json, [json.person]),
      limits,
      ...readLateRequest(success, context.reveal),
    };
  }

  async matchPeople(leads: readonly Lead[], context: RevealContext): Promise<PeopleAnswer> {
    const success = await this.#succeed(
      {
        endpoint: 'people/bulk_match',
        method: 'POST',
        query: revealFields(context),
        body: { details: leads.map(personFields) },
      },
      context,
    );
    const { json, limits } = success;
    this.#onUnknownFields(unknownInPeople(json));
    const people = readMatches(json, json.matches, readPerson);
    if (!people) throw notUnderstood('people/bulk_match', success.body, limits);
    return {
      people,
      credits: creditsForPeople(json, asList(json.matches)),
      limits,
      ...readLateRequest(success, context.reveal),
    };
  }

  async enrichCompany(lead: Lead, context: CallContext): Promise<CompaniesAnswer> {
    const { json, limits, body } = await this.#succeed(
      { endpoint: 'organizations/enrich', method: 'GET', query: companyFields(lead) },
      context,
    );
    this.#onUnknownFields(unknownInCompanies(json));
    const company = readMatch(json.organization ?? missIn(json), readCompanyMatch);
    if (company === undefined) throw notUnderstood('organizations/enrich', body, limits);
    return { companies: [company], credits: creditsForCompanies(json, [company]), limits };
  }

  async enrichCompanies(leads: readonly Lead[], context: CallContext): Promise<CompaniesAnswer> {
    const { json, limits, body } = await this.#succeed(
      {
        endpoint: 'organizations/bulk_enrich',
        method: 'POST',
        body: { details: leads.map(companyFields) },
      },
      context,
    );
    this.#onUnknownFields(unknownInCompanies(json));
    const companies = readMatches(json, json.organizations, readCompanyMatch);
    if (!companies) throw notUnderstood('organizations/bulk_enrich', body, limits);
    return {
      companies,
      credits: creditsForCompanies(json, companies),
      limits,
    };
  }

  profile(context: CallContext): Promise<Profile> {
    const query = { include_credit_usage: 'true' };
    return this.#read({ endpoint: 'users/api_profile', method: 'GET', query }, readProfile, context);
  }

  credits(context: CallContext): Promise<CreditBalance> {
    const operation: Operation = { endpoint: 'usage_stats/credit_usage_stats', method: 'POST' };
    return this.#read(operation, readCreditBalance, context);
  }

  usage(context: CallContext): Promise<UsageStats> {
    const operation: Operation = { endpoint: 'usage_stats/api_usage_stats', method: 'POST' };
    return this.#read(operation, readUsageStats, context);
  }

  async lateResult(requestId: string, context: CallContext): Promise<LatePoll> {
    const endpoint = 'webhook_result/show';
    if (!isRequestId(requestId))
      return { state: 'gone', reason: 'Apollo never gave such a number', limits: {} };
    const path = `webhook_result/${requestId}`;
    const response = await this.#ask({ endpoint, method: 'GET', path }, context);
    const limits = readLimitHeaders(response.headers);
    const json = parseObject(response.body) ?? {};
    const unfinished = readUnfinished(response, json);
    if (unfinished) return { ...unfinished, limits };
    if (!isSuccess(response)) throw refusal(endpoint, response);
    const late = asObject(json.webhook_result) ?? json;
    this.#onUnknownFields(unknownInLateResult(late));
    const result = readLateResult(late);
    if (!result) throw notUnderstood(endpoint, response.body, limits);
    return { state: 'ready', result: { requestId, ...result }, limits };
  }

  /** A free operation whose answer is one object. */
  async #read<T extends object>(
    operation: Operation,
    read: (json: JsonObject) => T | undefined,
    context: CallContext,
  ): Promise<T & { readonly limits: LimitReadings }> {
    const { json, body, limits } = await this.#succeed(operation, context);
    const answer = read(json);
    if (!answer) throw notUnderstood(operation.endpoint, body, limits);
    return { ...answer, limits };
  }

  async #succeed(operation: Operation, context: CallContext): Promise<Success> {
    const response = await this.#ask(operation, context);
    if (!isSuccess(response)) throw refusal(operation.endpoint, response);
    const limits = readLimitHeaders(response.headers);
    const json = parseObject(response.body);
    if (!json) throw notUnderstood(operation.endpoint, response.body, limits);
    return { json, body: response.body, limits };
  }

  async #ask(operation: Operation, { key, signal, watch }: CallContext): Promise<HttpResponse> {
    const { endpoint, method, body } = operation;
    if (!looksLikeKey(key)) throw keyRefused(endpoint);
    if (signal?.aborted) throw inTrouble(endpoint, 'the call was cancelled before it was sent');
    try {
      return await this.#http.request({
        method,
        url: this.#urlOf(operation),
        headers: {
          accept: 'application/json',
          'user-agent': this.#userAgent,
          'x-api-key': key,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        timeoutMs: this.#timeoutMs,
        ...(signal && { signal }),
        ...(watch && { watch }),
      });
    } catch (error) {
      throw noAnswer(endpoint, error, signal?.aborted ?? false);
    }
  }

  #urlOf({ endpoint, path, query }: Operation): string {
    const parameters = new URLSearchParams(query).toString();
    return `${this.#baseUrl}/${path ?? endpoint}${parameters && `?${parameters}`}`;
  }
}

/** Only what the lead has: an empty parameter is one that Apollo would look for. */
function personFields(lead: Lead): Fields {
  const split = lead.name === undefined || (lead.firstName !== undefined && lead.lastName !== undefined);
  return known({
    id: lead.apolloId,
    ...(split ? { first_name: lead.firstName, last_name: lead.lastName } : { name: lead.name }),
    email: lead.email,
    hashed_email: lead.hashedEmail,
    organization_name: lead.company,
    domain: lead.domain,
    linkedin_url: lead.linkedinUrl,
  }) as Fields;
}

function companyFields(lead: Lead): Fields {
  return known({
    domain: lead.domain,
    linkedin_url: lead.companyLinkedinUrl,
    name: lead.company,
  }) as Fields;
}

/** With a waterfall, phones come from it *instead* of from Apollo's own look-up, as Apollo describes it. */
function revealFields({ reveal, webhookUrl }: RevealContext): Fields {
  const { personalEmails, phones, waterfall, emailKnown } = reveal;
  const late = phones || waterfall;
  return {
    ...(personalEmails && { reveal_personal_emails: 'true' }),
    ...(phones && !waterfall && { reveal_phone_number: 'true' }),
    ...(waterfall && !emailKnown && { run_waterfall_email: 'true' }),
    ...(phones && waterfall && { run_waterfall_phone: 'true' }),
    // One of the two, never both: Apollo refuses that with a 400.
    ...(late && (webhookUrl === undefined ? { poll_only: 'true' } : { webhook_url: webhookUrl })),
  };
}

/** An answer without its key is a miss, unless it speaks of an error. */
function missIn(json: JsonObject): null | undefined {
  const error = asText(json.error) ?? asText(json.error_code) ?? asText(json.error_message);
  return error === undefined && json.status !== 'failed' ? null : undefined;
}

/** What was found; `null` for a miss; `undefined` when the entry is neither, which Apollo never documents. */
function readMatch<T>(
  entry: unknown,
  read: (from: JsonObject) => T | null | undefined,
): T | null | undefined {
  if (isNothing(entry)) return null;
  const object = asObject(entry);
  return object && read(object);
}

/**
 * One entry per detail, but for misses that Apollo leaves out, all of them included. `undefined` when there is
 * something else in place of the list, or nothing in it can be read: then Apollo's answers have changed, and to call
 * that misses would spend credits on a whole list of them.
 */
function readMatches<T>(
  json: JsonObject,
  list: unknown,
  read: (from: JsonObject) => T | null | undefined,
): (T | null | undefined)[] | undefined {
  if (json.status === 'failed') return undefined;
  if (list === undefined || list === null) return isAnswer(json) ? [] : undefined;
  if (!Array.isArray(list)) return undefined;
  const matches = list.map((entry) => readMatch(entry, read));
  return matches.length > 0 && matches.every((match) => match === undefined) ? undefined : matches;
}

/** A success of Apollo's without a list: nobody was found. */
function isAnswer(json: JsonObject): boolean {
  return asText(json.status)?.toLowerCase() === 'success' || Object.keys(json).length === 0;
}

/**
 * The id of the late part, where one will come: not when Apollo did not accept the waterfall, nor when an
 * earlier request looks for the same phones already.
 */
function readLateRequest({ json, body }: Success, reveal: Reveal): { readonly requestId?: string } {
  if (!reveal.phones && !reveal.waterfall) return {};
  const states = [json.waterfall, json.phone_enrichment].flatMap(
    (part) => asText(asObject(part)?.status) ?? [],
  );
  const coming = states.length === 0 || states.some((state) => state === 'accepted' || state === 'pending');
  const requestId = coming ? readRequestId(body) : undefined;
  return requestId === undefined ? {} : { requestId };
}

type Unfinished =
  | { readonly state: 'pending'; readonly retryAfterMs: number }
  | { readonly state: 'gone'; readonly reason: string };

/** Apollo's ways of saying that there is no late result, or not yet. */
function readUnfinished(response: HttpResponse, json: JsonObject): Unfinished | undefined {
  const code = codeOf(json)?.toLowerCase();
  const seconds = asNumber(json.retry_after_seconds);
  const wait = seconds === undefined ? readRetryAfter(response.headers) : Math.ceil(seconds * 1000);
  const pending = { state: 'pending', retryAfterMs: wait ?? DEFAULT_POLL_MS } as const;
  if (code === 'result_pending') return pending;
  if (code === 'request_id_unknown') return { state: 'gone', reason: 'Apollo does not know the request' };
  if (code === 'invalid_request_id') return { state: 'gone', reason: 'Apollo never gave such a number' };
  if (code === 'request_id_expired' || response.status === 410) {
    return { state: 'gone', reason: 'Apollo keeps late results for 30 days, and they are over' };
  }
  const status = asText(json.webhook_status)?.toLowerCase();
  if (!isSuccess(response) || status === undefined || hasResult(json)) return undefined;
  if (status === 'failed') return { state: 'gone', reason: 'Apollo could not make the result' };
  // `in_progress`, or another word for it.
  return status === 'success' ? undefined : pending;
}

function hasResult({ webhook_result: result }: JsonObject): boolean {
  return result !== undefined && !isNothing(result);
}

function isSuccess({ status, headers }: HttpResponse): boolean {
  return status >= 200 && status < 300 && !isChallenge(headers);
}
