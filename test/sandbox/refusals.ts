/** An answer that is none of Apollo's work: nothing is looked up, counted by a window or charged. */
interface Refusal {
  readonly status: number;
  readonly type: 'text/plain' | 'text/html' | 'application/json';
  readonly body: string;
}

const page = (status: number, title: string): Refusal => ({
  status,
  type: 'text/html',
  body: `<!doctype html><html><head><title>api.apollo.io | ${status}: ${title}</title></head><body><h1>${title}</h1><p>Cloudflare Ray ID: 8f00</p></body></html>`,
});
const text = (status: number, body: string): Refusal => ({ status, type: 'text/plain', body });
const json = (status: number, body: unknown): Refusal => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

/**
 * Refusals as they were met, by the name of the fault that makes them. Sources: Cloudflare's documentation of its codes
 * (`1xxx`, `5xx errors`); what public clients of Apollo handle (`error code: 1010` and `1015` as text, pages); Apollo's
 * reference (`API_INACCESSIBLE`, met with 401 too and with a `message` alone; `INVALID_WEBHOOK_URL`;
 * `BILLING.LIMIT.CREDITS_EXHAUSTED`).
 */
export const REFUSALS = {
  '502': page(502, 'Bad gateway'),
  '503': page(503, 'Service unavailable'),
  '504': page(504, 'Gateway time-out'),
  '520': page(520, 'Web server is returning an unknown error'),
  '521': page(521, 'Web server is down'),
  '522': page(522, 'Connection timed out'),
  '523': page(523, 'Origin is unreachable'),
  '524': page(524, 'A timeout occurred'),
  '525': page(525, 'SSL handshake failed'),
  '526': page(526, 'Invalid SSL certificate'),
  '530': page(530, 'Origin DNS error'),
  'cloudflare 1010': text(403, 'error code: 1010'),
  'cloudflare 1015': text(429, 'error code: 1015'),
  'cloudflare 403': page(403, 'Attention Required! | Cloudflare'),
  'cloudflare 429': page(429, 'You are being rate limited'),
  'cloudflare json': json(429, {
    type: 'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/error-1015/',
    title: 'Error 1015: You are being rate limited',
    status: 429,
    error_code: 1015,
    cloudflare_error: true,
    retryable: true,
  }),
  forbidden: json(403, { message: 'Forbidden' }),
  'not allowed': json(403, {
    error: 'api/v1/people/bulk_match is not accessible with this api_key on a free plan.',
    error_code: 'API_INACCESSIBLE',
  }),
  'not allowed 401': json(401, { error: 'The key has no access.', error_code: 'API_INACCESSIBLE' }),
  'not allowed in words': json(403, {
    message: 'api/v1/people/bulk_match is not accessible with this api_key',
  }),
  'refused as json': json(401, { error: 'Invalid access credentials.' }),
  'wrong webhook': json(400, {
    status: 'failed',
    error_code: 'INVALID_WEBHOOK_URL',
    error_message: 'Please add a valid webhook_url',
  }),
  'wrong request': json(400, {
    status: 'failed',
    error_code: 'INVALID_PARAMETER',
    error_message: 'Unknown parameter',
  }),
  'no mobile credits': json(422, {
    error: 'insufficient credits',
    error_details: {
      code: 'BILLING.LIMIT.CREDITS_EXHAUSTED',
      message: 'insufficient credits',
      context: {
        credit_type: { value: 'mobile credits' },
        credit_balance: { value: 0 },
        next_billing_date: { value: '2026-12-18' },
      },
    },
  }),
  'no credits in words': text(422, 'insufficient credits'),
} as const satisfies Readonly<Record<string, Refusal>>;

export type RefusalKind = keyof typeof REFUSALS;
export const REFUSAL_KINDS = Object.keys(REFUSALS) as RefusalKind[];

export function isRefusal(kind: string | undefined): kind is RefusalKind {
  return kind !== undefined && Object.hasOwn(REFUSALS, kind);
}
