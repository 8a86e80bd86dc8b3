import { HttpFailure, type HttpResponse } from '../ports.ts';
import {
  AnswerLost,
  AnswerNotUnderstood,
  type ApolloError,
  ApolloInTrouble,
  BadLead,
  type Circumstances,
  KeyNotAllowed,
  KeyRefused,
  OutOfCredits,
  RateLimited,
  RequestRefused,
  type SpentCredits,
} from './errors.ts';
import { asNumber, asObject, asText, type JsonObject, parseObject } from './json.ts';
import { readExceededWindow, readLimitHeaders, readRetryAfter } from './limits.ts';
import { answeredOnTheWay } from './on-the-way.ts';
import type { Endpoint, LimitReadings } from './types.ts';

const PAID: ReadonlySet<Endpoint> = new Set<Endpoint>([
  'people/match',
  'people/bulk_match',
  'organizations/enrich',
  'organizations/bulk_enrich',
]);

/** Spent credits come with a code such as `BILLING.LIMIT.CREDITS_EXHAUSTED`, the team's as a user's. */
const BILLING_CODE = /^BILLING\b/i;
/** Or with status 402, or with these words in any other refusal. */
const OUT_OF_CREDITS = [
  /\b(?:insufficient|not enough|out of|exhausted|depleted|used up|exceeded|no more)\b[^.]{0,40}\bcredits?\b/i,
  /\bcredits?\b[^.]{0,40}\b(?:insufficient|exhausted|depleted|used up|exceeded|run out)\b/i,
  /\bno credits? (?:left|remaining|available)\b/i,
  /\b(?:reached|hit)\b[^.]{0,40}\bcredits?[ _-](?:limit|cap|quota)\b/i,
  /\bcredits?[ _-](?:limit|cap|quota)\b[^.]{0,40}\b(?:reached|hit)\b/i,
];
const TOO_MANY_CALLS = /\bmaximum number of api calls\b/i;
const INACTIVE = /\b(?:no longer active|inactive|deactivated|suspended|revoked)\b/i;
/** What Apollo says beside, or instead of, its code `API_INACCESSIBLE`. */
const NOT_ALLOWED =
  /\b(?:not|n't) accessible with this api[ _-]?key\b|\bapi_inaccessible\b|\bapi[ _-]?key is not authori[sz]ed to access\b|\bmaster (?:api[ _-]?)?key\b|\b(?:your|free|current) plan\b/i;
/** Credits of plans that have those for mobile numbers apart. */
const MOBILE_CREDITS = /mobile|phone|direct[ _-]?dial/i;
/** Statuses with which a server says that what was sent is the reason. */
const ABOUT_WHAT_WAS_SENT = new Set([400, 413, 414, 422, 431]);
/** Parameters of a request as a whole, as Apollo's messages and codes name them. */
const PARAMETER =
  /webhook[_ ]?url|poll[_ ]?only|reveal[_ ](?:phone[_ ]number|personal[_ ]emails)|run[_ ]waterfall[_ ](?:email|phone)/i;
/** What names a lead of a request. */
const OF_A_LEAD = /\b(?:details\b|(?:hashed_)?email|(?:organization_|first_|last_)?name\b|domain|linkedin)/i;

/** What an answer other than a success means. */
export function refusal(endpoint: Endpoint, response: HttpResponse): ApolloError {
  const { status, headers, body } = response;
  const limits = readLimitHeaders(headers);
  const retryAfterMs = readRetryAfter(headers);
  const json = parseObject(body);
  const onTheWay = answeredOnTheWay(response, json);
  if (onTheWay) {
    const { what, reached } = onTheWay;
    if (reached === 'perhaps') return unanswered(endpoint, what, limits, { passing: true, retryAfterMs });
    return inTrouble(endpoint, what, limits, { passing: true, reached: false, retryAfterMs });
  }
  const words = json ? wordsOf(json) : body.slice(0, 500);

  if (status === 402 || BILLING_CODE.test(codeOf(json) ?? '')) return outOfCredits(endpoint, limits, json);
  const isAboutKey = status === 401 || status === 403;
  if (isAboutKey && (codeOf(json) === 'API_INACCESSIBLE' || NOT_ALLOWED.test(words))) {
    return keyNotAllowed(endpoint, limits);
  }
  if (status === 401) return keyRefused(endpoint, limits);
  if (status >= 400 && status < 500 && saysOutOfCredits(words)) return outOfCredits(endpoint, limits, json);
  if (status === 403) return forbidden(endpoint, limits, words, retryAfterMs);
  if (status === 429) return rateLimited(endpoint, limits, words, retryAfterMs);
  if (ABOUT_WHAT_WAS_SENT.has(status) && PAID.has(endpoint))
    return notTaken(endpoint, limits, status, json, words);
  if (status >= 500) {
    return inTrouble(endpoint, `Apollo has a problem of its own (status ${status})`, limits);
  }
  const advice = isElsewhere(status) ? '; check APOLLO_BASE_URL' : '';
  return inTrouble(endpoint, `the answer had status ${status}${advice}`, limits);
}

/** What it means that no answer came. Whatever does not promise otherwise may have reached Apollo. */
export function noAnswer(endpoint: Endpoint, error: unknown, aborted: boolean): ApolloError {
  const sent = !(error instanceof HttpFailure) || error.sent;
  const reason = error instanceof HttpFailure ? error.message : 'the connection failed';
  const cause = aborted ? 'the call was cancelled' : reason;
  if (sent) return unanswered(endpoint, cause, {});
  return inTrouble(endpoint, cause, {}, { passing: !aborted, reached: false });
}

/**
 * What a success without the data it should carry means: Apollo says in the body that it failed, or the
 * answer is not what Apollo documents.
 */
export function notUnderstood(endpoint: Endpoint, body: string, limits: LimitReadings): ApolloError {
  const json = parseObject(body);
  if (json && saysOutOfCredits(wordsOf(json))) return outOfCredits(endpoint, limits, json);
  if (!PAID.has(endpoint)) {
    return inTrouble(endpoint, 'the answer is not what Apollo documents', limits);
  }
  return new AnswerNotUnderstood(
    `Apollo's answer to ${endpoint} is not what Apollo documents. The call may have cost credits; check the usage in Apollo before asking again.`,
    endpoint,
    limits,
  );
}

/** The key cannot be one of Apollo's, or Apollo refuses it. */
export function keyRefused(endpoint: Endpoint, limits: LimitReadings = {}): KeyRefused {
  return new KeyRefused(
    'Apollo refuses this key: it is wrong, revoked or inactive. Make a new key in Apollo and put it into the slot.',
    endpoint,
    limits,
  );
}

/** Nothing was charged; asking again later is safe. */
export function inTrouble(
  endpoint: Endpoint,
  why: string,
  limits: LimitReadings = {},
  circumstances: Circumstances = {},
): ApolloInTrouble {
  return new ApolloInTrouble(
    `Apollo could not answer ${endpoint}: ${why}. Nothing was charged; try again later.`,
    endpoint,
    limits,
    circumstances,
  );
}

function unanswered(
  endpoint: Endpoint,
  why: string,
  limits: LimitReadings,
  circumstances: Circumstances = {},
): ApolloError {
  if (!PAID.has(endpoint)) return inTrouble(endpoint, why, limits, circumstances);
  return new AnswerLost(
    `Apollo's answer to ${endpoint} was lost: ${why}. The call may have cost credits; check the usage in Apollo before asking again.`,
    endpoint,
    limits,
    circumstances,
  );
}

function outOfCredits(endpoint: Endpoint, limits: LimitReadings, json: JsonObject | undefined): OutOfCredits {
  const spent = readSpentCredits(json);
  const what = spent.pool === 'mobile' ? 'no credits for mobile numbers left' : 'no credits left';
  const until =
    spent.until === undefined ? '' : ` before ${new Date(spent.until).toISOString().slice(0, 10)}`;
  return new OutOfCredits(
    `The Apollo team of this key has ${what}${until}. Buy credits in Apollo, wait for the next billing cycle, or connect a key of another team.`,
    endpoint,
    limits,
    spent,
  );
}

/** `error_details` of a refusal; its values stand alone or as `{ "value": … }`. */
function readSpentCredits(json: JsonObject | undefined): SpentCredits {
  const context = asObject(asObject(json?.error_details)?.context);
  const value = (name: string) => asObject(context?.[name])?.value ?? context?.[name];
  const balance = asNumber(value('credit_balance'));
  const until = Date.parse(asText(value('next_billing_date')) ?? '');
  return {
    pool: MOBILE_CREDITS.test(asText(value('credit_type')) ?? '') ? 'mobile' : 'all',
    ...(balance !== undefined && { balance }),
    ...(!Number.isNaN(until) && { until }),
  };
}

/** A 403 that is not about the scope of the key: of the key itself, or of something on the way that leaves no mark. */
function forbidden(
  endpoint: Endpoint,
  limits: LimitReadings,
  words: string,
  retryAfterMs: number | undefined,
): ApolloError {
  if (INACTIVE.test(words)) return keyRefused(endpoint, limits);
  const why = "the call was refused without one of Apollo's reasons (status 403)";
  return inTrouble(endpoint, why, limits, { passing: true, retryAfterMs });
}

function keyNotAllowed(endpoint: Endpoint, limits: LimitReadings): KeyNotAllowed {
  return new KeyNotAllowed(
    `This key may not use ${endpoint}. In Apollo, add the endpoint to the key or make a master key; if that does not help, the Apollo plan leaves it out.`,
    endpoint,
    limits,
  );
}

function rateLimited(
  endpoint: Endpoint,
  limits: LimitReadings,
  words: string,
  retryAfterMs: number | undefined,
): RateLimited {
  const window = readExceededWindow(words, limits);
  const per = window ? ` per ${window}` : '';
  return new RateLimited(
    `The Apollo team of this key has used up its calls${per} for ${endpoint}. Work goes on when the limit is over.`,
    endpoint,
    limits,
    window,
    retryAfterMs,
  );
}

/**
 * Something of what was sent is not taken: a lead, or the request as a whole. Apollo's own words are left out: they
 * may repeat what was sent. A batch that is too long is as many leads too many.
 */
function notTaken(
  endpoint: Endpoint,
  limits: LimitReadings,
  status: number,
  json: JsonObject | undefined,
  words: string,
): BadLead | RequestRefused {
  const code = codeOf(json);
  const shown = code !== undefined && /^[A-Z_]{1,40}$/.test(code) ? `${status} ${code}` : `${status}`;
  const parameter = PARAMETER.exec(words)?.[0]?.toLowerCase();
  const isOfALead = code === 'RECORD_LIMIT_EXCEEDED' || (code !== 'INVALID_REQUEST' && OF_A_LEAD.test(words));
  if (parameter === undefined && (status !== 400 || !json || isOfALead)) {
    return new BadLead(
      `Apollo does not take these details (${shown}). Nothing was charged; correct the lead's name, e-mail, company or LinkedIn address.`,
      endpoint,
      limits,
    );
  }
  return new RequestRefused(
    `${requestRefusedWords(shown, parameter)} Nothing was charged, and no lead is the reason.`,
    endpoint,
    limits,
  );
}

function requestRefusedWords(shown: string, parameter: string | undefined): string {
  if (parameter === undefined) {
    return `Apollo does not take the request (${shown}). Update this program, then try again.`;
  }
  if (/webhook/.test(parameter)) {
    return `Apollo does not take the address that late phones are to go to (${shown}). Set PUBLIC_URL to an https address that the internet can reach, or ask without phones and waterfall; then try again.`;
  }
  return `Apollo does not take the option ${parameter} (${shown}). Ask with other options, or update this program; then try again.`;
}

/** A redirect, or nothing of that name: whatever answers there is not Apollo's API. */
function isElsewhere(status: number): boolean {
  return status < 400 || status === 404 || status === 405;
}

function saysOutOfCredits(words: string): boolean {
  const text = words.replaceAll('_', ' ');
  return !TOO_MANY_CALLS.test(text) && OUT_OF_CREDITS.some((pattern) => pattern.test(text));
}

/** Apollo's refusals have one of these, depending on the operation. */
function wordsOf(json: JsonObject): string {
  const details = asObject(json.error_details);
  const fields = [codeOf(json), json.error, json.error_message, json.message, details?.message];
  return fields.flatMap((field) => asText(field) ?? []).join('. ');
}

/** Apollo's code of an error, wherever it stands. */
export function codeOf(json: JsonObject | undefined): string | undefined {
  return asText(json?.error_code) ?? asText(asObject(json?.error_details)?.code);
}
