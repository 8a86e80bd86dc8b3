import type { HttpResponse } from '../ports.ts';
import { asText, type JsonObject } from './json.ts';

/** Something between us and Apollo answered in its place. */
export interface AnsweredOnTheWay {
  /** Who did, for people. */
  readonly what: string;
  /** `never`: Apollo did not see the request; `perhaps`: nobody can say, so it may have been charged. */
  readonly reached: 'never' | 'perhaps';
}

/**
 * With these Cloudflare says that it could not reach the server behind it: down (521), unreachable (523), no TLS
 * (525, 526), no such origin (530). Source: Cloudflare's documentation, "5xx errors".
 */
const NEVER_REACHED = new Set([521, 523, 525, 526, 530]);
/** Apollo failed by itself, before it charged; any other 5xx is of something on the way. */
const APOLLOS_OWN = new Set([500, 503]);
/** `error code: 1010` and its kind: Cloudflare's refusals as text, from its edge. */
const CLOUDFLARE_CODE = /^\s*error code:\s*(\d{3,4})\b/i;
const CLOUDFLARE_PAGE = /cloudflare|cf-ray|cf-error|just a moment|attention required/i;
/** With these a server says that what was sent is the reason, whoever wrote the page. */
const ABOUT_WHAT_WAS_SENT = new Set([400, 404, 405, 413, 414, 422, 431]);

/** Cloudflare marks its challenge pages so, whatever their status (its documentation, "Detect a challenge page"). */
export function isChallenge(headers: HttpResponse['headers']): boolean {
  return headers['cf-mitigated'] === 'challenge';
}

/** Says whether an answer other than a success is not Apollo's own. */
export function answeredOnTheWay(
  { status, body, headers }: HttpResponse,
  json: JsonObject | undefined,
): AnsweredOnTheWay | undefined {
  if (isChallenge(headers))
    return { what: `Cloudflare, before Apollo, held the call up (status ${status})`, reached: 'never' };
  const code = CLOUDFLARE_CODE.exec(body)?.[1] ?? (json && codeOfCloudflare(json));
  const isPage = /^\s*</.test(body);
  if (status >= 500) {
    if (NEVER_REACHED.has(status))
      return { what: `Cloudflare could not reach Apollo (status ${status})`, reached: 'never' };
    if (!APOLLOS_OWN.has(status)) {
      return {
        what: `something on the way answered in Apollo's place (status ${status})`,
        reached: 'perhaps',
      };
    }
    // 500 and 503 charge nothing, whoever they are from.
    if (code === undefined && !isPage) return undefined;
    return { what: `something on the way answered in Apollo's place (status ${status})`, reached: 'never' };
  }
  if (code !== undefined) {
    return {
      what: `Cloudflare, before Apollo, refused the call (status ${status}, code ${code})`,
      reached: 'never',
    };
  }
  if (status < 400 || !isPage || ABOUT_WHAT_WAS_SENT.has(status)) return undefined;
  const who = CLOUDFLARE_PAGE.test(body) ? 'Cloudflare, before Apollo,' : 'a firewall on the way';
  return { what: `${who} refused the call (status ${status})`, reached: 'never' };
}

/** Cloudflare's refusals as JSON (RFC 9457) carry `cloudflare_error` and the code. */
function codeOfCloudflare(json: JsonObject): string | undefined {
  if (json.cloudflare_error !== true) return undefined;
  const code = json.error_code;
  return typeof code === 'number' ? String(code) : (asText(code) ?? 'unknown');
}
