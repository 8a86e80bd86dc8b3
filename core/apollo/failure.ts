import { HttpFailure, type HttpResponse } from '../ports.ts';
import {
  AnswerLost,
  AnswerNotUnderstood,
  type ApolloError,
  ApolloInTrouble,
  BadLead,
  KeyNotAllowed,
  KeyRefused,
  OutOfCredits,
  RateLimited,
} from './errors.ts';
import { asText, type JsonObject, parseObject } from './json.ts';
import { readExceededWindow, readLimitHeaders, readRetryAfter } from './limits.ts';
import type { Endpoint, LimitReadings } from './types.ts';

const PAID: ReadonlySet<Endpoint> = new Set<Endpoint>([
  'people/match',
  'people/bulk_match',
  'organizations/enrich',
  'organizations/bulk_enrich',
]);

/**
 * Apollo documents no answer for "out of credits". Status 402 means it, and so do these words in any
 * other refusal.
 */
const OUT_OF_CREDITS = [
  /\b(?:insufficient|not enough|out of|exhausted|depleted|used up|exceeded|no more)\b[^.]{0,40}\bcredits?\b/i,
  /\bcredits?\b[^.]{0,40}\b(?:insufficient|exhausted|depleted|used up|exceeded|run out)\b/i,
  /\bno credits? (?:left|remaining|available)\b/i,
];
const TOO_MANY_CALLS = /\bmaximum number of api calls\b/i;
const INACTIVE = /\b(?:no longer active|inactive|deactivated|suspended|revoked)\b/i;
/** Statuses with which a server says that what was sent is the reason. */
const ABOUT_THE_LEAD = new Set([400, 413, 414, 422, 431]);
/** Apollo failed before it charged; any other 5xx may come from something between us and an Apollo that charged. */
const NOT_CHARGED = new Set([500, 503]);

/** What an answer other than a success means. */
export function refusal(endpoint: Endpoint, response: HttpResponse): ApolloError {
  const { status, headers, body } = response;
  const limits = readLimitHeaders(headers);
  const json = parseObject(body);
  const words = json ? wordsOf(json) : body.slice(0, 500);

  if (status === 401) return keyRefused(endpoint, limits);
  if (status === 402) return outOfCredits(endpoint, limits);
  if (status === 403 && json?.error_code === 'API_INACCESSIBLE') return keyNotAllowed(endpoint, limits);
  if (status >= 400 && status < 500 && saysOutOfCredits(words)) return outOfCredits(endpoint, limits);
  if (status === 403) return forbidden(endpoint, limits, words);
  if (status === 429) return rateLimited(endpoint, limits, words, readRetryAfter(headers));
  if (ABOUT_THE_LEAD.has(status) && PAID.has(endpoint)) return badLead(endpoint, limits, status, json);
  if (status >= 500 && !NOT_CHARGED.has(status)) {
    return unanswered(endpoint, `something on the way answered in Apollo's place (status ${status})`, limits);
  }
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
  return sent ? unanswered(endpoint, cause, {}) : inTrouble(endpoint, cause, {});
}

/**
 * What a success without the data it should carry means: Apollo says in the body that it failed, or the
 * answer is not what Apollo documents.
 */
export function notUnderstood(endpoint: Endpoint, body: string, limits: LimitReadings): ApolloError {
  const json = parseObject(body);
  if (json && saysOutOfCredits(wordsOf(json))) return outOfCredits(endpoint, limits);
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
export function inTrouble(endpoint: Endpoint, why: string, limits: LimitReadings = {}): ApolloInTrouble {
  return new ApolloInTrouble(
    `Apollo could not answer ${endpoint}: ${why}. Nothing was charged; try again later.`,
    endpoint,
    limits,
  );
}

function unanswered(endpoint: Endpoint, why: string, limits: LimitReadings): ApolloError {
  if (!PAID.has(endpoint)) return inTrouble(endpoint, why, limits);
  return new AnswerLost(
    `Apollo's answer to ${endpoint} was lost: ${why}. The call may have cost credits; check the usage in Apollo before asking again.`,
    endpoint,
    limits,
  );
}

function outOfCredits(endpoint: Endpoint, limits: LimitReadings): OutOfCredits {
  return new OutOfCredits(
    'The Apollo team of this key has no credits left. Buy credits in Apollo, wait for the next billing cycle, or connect a key of another team.',
    endpoint,
    limits,
  );
}

/** A 403 without Apollo's code for it. */
function forbidden(endpoint: Endpoint, limits: LimitReadings, words: string): ApolloError {
  if (words.trimStart().startsWith('<')) {
    return inTrouble(endpoint, 'a firewall on the way blocked the call (status 403)', limits);
  }
  return INACTIVE.test(words) ? keyRefused(endpoint, limits) : keyNotAllowed(endpoint, limits);
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

/** Apollo's own words are left out: they may repeat what was sent. */
function badLead(
  endpoint: Endpoint,
  limits: LimitReadings,
  status: number,
  json: JsonObject | undefined,
): BadLead {
  const code = asText(json?.error_code);
  const shown = code !== undefined && /^[A-Z_]{1,40}$/.test(code) ? `${status} ${code}` : `${status}`;
  return new BadLead(
    `Apollo does not take these details (${shown}). Nothing was charged; correct the lead's name, e-mail, company or LinkedIn address.`,
    endpoint,
    limits,
  );
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
  const fields = [json.error_code, json.error, json.error_message, json.message];
  return fields.flatMap((field) => asText(field) ?? []).join('. ');
}
