/** What stands in the place of something that may not be seen. */
const BLANK = '[redacted]';

/** Field names whose value is a secret: `key`, `apiKey`, `x-api-key`, `botToken`, `ENCRYPTION_KEYS`, … */
const SECRET_FIELD = /(?:^|[-_.]|[a-z])(?:key|token|secret|password|authorization|cookie)s?$/i;

/** How deep into a value the log looks. */
const MOST_DEPTH = 6;

/** Shorter secrets would blank out ordinary words. */
const LEAST_SECRET_LENGTH = 6;

/** A log line is for reading: more of one text than this, in characters, helps nobody. */
const MOST_TEXT = 8_000;

const knownSecrets = new Set<string>();

/** From now on every log blanks `secret` out wherever it appears, also as a part of a URL. */
export function redactSecret(secret: string): void {
  if (secret.length < LEAST_SECRET_LENGTH) return;
  knownSecrets.add(secret);
  knownSecrets.add(encodeURIComponent(secret));
}

/** `text` without known secrets, anything that looks like one, e-mail addresses and phone numbers. */
export function redactText(text: string): string {
  let clean = text;
  // The longest first: one secret may be a part of another.
  for (const secret of [...knownSecrets].sort((a, b) => b.length - a.length)) {
    clean = clean.replaceAll(secret, BLANK);
  }
  if (clean.length > MOST_TEXT) clean = `${clean.slice(0, MOST_TEXT)}… (${clean.length} characters)`;
  for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
  return clean.replace(PHONE_CANDIDATE, (candidate) => (isPhone(candidate) ? '[phone]' : candidate));
}

/** `value` as JSON can hold it, redacted throughout: secret fields by name, texts by what they look like. */
function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MOST_DEPTH) return '[…]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Map) return redactFields(Object.fromEntries(value), depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value) || value instanceof Set) return redactList([...value], depth);
  if (isPlainObject(value)) return redactFields(value, depth);
  // Anything else, such as a socket, may be the root of half the program.
  return value instanceof URL ? redactText(value.href) : `[${value.constructor?.name ?? 'object'}]`;
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Lists of headers alternate names and values: what follows the name of a secret is one. */
function redactList(list: readonly unknown[], depth: number): unknown[] {
  return list.map((item, index) => {
    const before = list[index - 1];
    const isSecret = typeof item === 'string' && typeof before === 'string' && SECRET_FIELD.test(before);
    return isSecret ? BLANK : redactValue(item, depth + 1);
  });
}

/** The fields of a log line: as {@link redactValue}, for an object. Numbers and flags are no secrets. */
export function redactFields(fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const isPlain = value == null || typeof value === 'number' || typeof value === 'boolean';
      const isSecret = !isPlain && SECRET_FIELD.test(name);
      return [redactText(name), isSecret ? BLANK : redactValue(value, depth + 1)];
    }),
  );
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  return {
    name: error.name,
    ...redactFields({ ...error }, depth),
    message: redactText(error.message),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
  };
}

/** Every repetition has an end: a text of one endless word must not cost time in the square of its length. */
const PATTERNS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Slack: tokens, and the addresses that let anyone who knows them post.
  [/\b(?:xox[a-z]|xapp)[-.][\w.-]+/gi, BLANK],
  [/\bhooks\.slack\.com\/[^\s"'<>]+/gi, `hooks.slack.com/${BLANK}`],
  [/\bbearer\s{1,9}[\w.~+/=-]{8,}/gi, `Bearer ${BLANK}`],
  // A password in a URL.
  [/(\b[a-z][a-z\d+.-]{0,20}:\/\/[^\s:@/]{0,99}:)[^\s@/]{1,999}(?=@)/gi, `$1${BLANK}`],
  // Apollo's keys are 22 characters of base64url: after a name that announces one, anything like it is one.
  [
    /((?:key|token|secret|password|authorization)s?["']?\s{0,3}[:=,][\s"'[]{0,4})[\w~+/.-]{16,}=*/gi,
    `$1${BLANK}`,
  ],
  [/((?:key|token|secret|password|authorization)s?["']?\s{1,3}["']?)[\w~+/.-]{22,}=*/gi, `$1${BLANK}`],
  [/[^\s@<>"'(),;:=/\\[\]]{1,64}@(?:[\p{L}\d-]{1,63}\.){1,9}\p{L}{2,63}/giu, '[e-mail]'],
];

const PHONE_CANDIDATE = /(?<![\w.:-])(?:\+|\()?\d[\d\s()./-]{5,20}\d(?![\w:-])/g;

/**
 * Digits as people write phone numbers: with a plus, or in groups. Plain digits are counts, times and ids;
 * eight digits are a date; four short groups with dots are an IP address.
 */
function isPhone(candidate: string): boolean {
  const digits = candidate.replace(/\D/g, '').length;
  if (candidate.startsWith('+')) return digits >= 7 && digits <= 15;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(candidate)) return false;
  return digits >= 9 && digits <= 15 && /\D/.test(candidate);
}
