import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { SlotPlan } from '../slots/types.ts';
import { DEFAULT_BOUNDS, type ListBounds } from './files/bounds.ts';
import type { ProxySettings } from './http.ts';
import { type EncryptionKey, EncryptionKeysError, parseEncryptionKeys } from './keyring.ts';
import { type LogLevel, logLevels } from './log.ts';

/** `.data` in the root of the repository, from wherever the program is started. */
const DEFAULT_DATA_DIR = fileURLToPath(new URL('../../.data', import.meta.url));

/** At most this many slots in a workspace, of both kinds together. */
const MOST_SLOTS = 4;

/** Settings whose value may never be shown. */
const SECRETS: ReadonlySet<string> = new Set([
  'ENCRYPTION_KEYS',
  'HTTPS_PROXY',
  'OPERATORS_URL',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'REDIS_URL',
  'SLACK_APP_TOKEN',
  'SLACK_BOT_TOKEN',
  'SLACK_CLIENT_SECRET',
  'SLACK_SIGNING_SECRET',
]);

/** Every setting of the program, checked. */
export interface Config {
  readonly apollo: {
    /** APOLLO_BASE_URL, without a slash at its end. */
    readonly baseUrl: string;
    /** APOLLO_MINUTE_MS: how long Apollo's minute lasts, ms; hour and day in proportion. */
    readonly minuteMs: number;
  };
  /** DATA_DIR, absolute. */
  readonly dataDir: string;
  /** ENCRYPTION_KEYS; the first encrypts. Without it, keys come from DATA_DIR. */
  readonly encryptionKeys?: readonly EncryptionKey[];
  readonly redisUrl?: string;
  /** LOST_AFTER_MS: how long a process on Redis may be silent until others take over its work, ms. */
  readonly lostAfterMs: number;
  /** PUBLIC_URL, without a slash at its end: where Apollo's webhooks reach this program. */
  readonly publicUrl?: string;
  /** HOST: the address that is listened on; none: every one of this machine. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  readonly api: {
    /** API_REQUESTS_PER_MINUTE: of one token. */
    readonly requestsPerMinute: number;
    /** ALLOW_PRIVATE_CALLBACKS: deliver to addresses inside the server's own network too. */
    readonly allowPrivateCallbacks: boolean;
  };
  readonly slack: {
    /** SLACK_API_URL, with a slash at its end. */
    readonly apiUrl: string;
    readonly botToken?: string;
    readonly signingSecret?: string;
    readonly appToken?: string;
    /** SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: for several workspaces. */
    readonly client?: { readonly id: string; readonly secret: string };
    /** SLACK_REVOKED_DAYS: days for which a workspace whose token was revoked keeps what it has. */
    readonly revokedDays: number;
  };
  readonly slots: SlotPlan;
  /** MAX_LIST_ROWS, MAX_LIST_CELLS: how large a list may be. */
  readonly lists: ListBounds;
  /** Days that results are kept. */
  readonly retentionDays: number;
  /** AUDIT_DAYS: days that is kept who did what; at least as long as results, two years unless given. */
  readonly auditDays?: number;
  readonly supportUrl?: string;
  /** OPERATORS_URL: what posts a request for a done-for-you slot to the operators, an address of a hook or of mail. */
  readonly operatorsUrl?: string;
  /** OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME: where traces go. */
  readonly traces?: {
    /** Without a slash at its end. */
    readonly endpoint: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly serviceName: string;
  };
  /** HTTPS_PROXY and NO_PROXY: how Apollo is reached where the network has no other way out. */
  readonly proxy?: ProxySettings;
  readonly logLevel: LogLevel;
}

/** Settings are wrong. The message has a line for each of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads all settings from `env`. An empty value counts as not set. Throws one {@link ConfigError} that names
 * every setting that is wrong, what is expected, and, unless it is a secret, what is there.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const { set, unreadable } = withFiles(
    Object.fromEntries(
      Object.entries(env)
        .map(([name, value]) => [name, value?.trim()] as const)
        .filter(([, value]) => value),
    ),
  );
  if (unreadable.length > 0) throw new ConfigError(['A setting is wrong:', ...unreadable].join('\n'));
  // In groups: a check of settings against each other runs even when one elsewhere is wrong.
  const apollo = apolloSettings.safeParse(set);
  const slots = slotSettings.safeParse(set);
  const slack = slackSettings.safeParse(set);
  const client = slackClientSettings.safeParse(set);
  const traces = traceSettings.safeParse(set);
  const own = ownSettings.safeParse(set);
  if (apollo.success && slots.success && slack.success && client.success && traces.success && own.success) {
    const { endpoint, ...tracing } = traces.data;
    return {
      ...own.data,
      ...(endpoint !== undefined && { traces: { ...tracing, endpoint } }),
      apollo: apollo.data,
      slots: slots.data,
      slack: { ...slack.data, ...client.data },
    };
  }
  const issues = [apollo, slots, slack, client, traces, own].flatMap((group) => group.error?.issues ?? []);
  throw new ConfigError(
    [
      issues.length === 1 ? 'A setting is wrong:' : `${issues.length} settings are wrong:`,
      ...issues.map(({ path, message }) => `- ${describe(String(path[0]), set)}: ${message}`),
    ].join('\n'),
  );
}

/** Each secret may stand in a file, as Docker and Kubernetes hand them out: `NAME_FILE` is its path. */
function withFiles(set: Readonly<Record<string, string | undefined>>) {
  const unreadable: string[] = [];
  const read: Record<string, string | undefined> = { ...set };
  for (const name of SECRETS) {
    const path = set[`${name}_FILE`];
    if (path === undefined) continue;
    if (set[name] !== undefined) {
      unreadable.push(`- ${name}_FILE: ${name} is set too; set one of them`);
      continue;
    }
    try {
      read[name] = readFileSync(path, 'utf8').trim() || undefined;
    } catch (error) {
      unreadable.push(`- ${name}_FILE=${path}: it cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  return { set: read, unreadable };
}

function describe(name: string, set: Readonly<Record<string, string | undefined>>): string {
  const value = set[name];
  if (value === undefined) return `${name} (not set)`;
  // An address may hold a password before its @.
  return SECRETS.has(name) || value.includes('@') ? name : `${name}=${value}`;
}

/** A whole number, both ends included. */
function integer(from: number, to: number, unit = '') {
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to, {
      error: `expected a whole number${unit} from ${from} to ${to}`,
    })
    .transform(Number);
}

/** An address with one of `protocols`, e.g. `https:`, and neither user nor password, query nor fragment. */
function address(protocols: readonly string[], expected: string) {
  return z.string().refine(
    (text) => {
      const url = URL.parse(text);
      return url !== null && protocols.includes(url.protocol) && !/[@?#]/.test(text);
    },
    { error: `expected ${expected}`, abort: true },
  );
}

/** An https address; on this machine itself, as for tests, http will do. */
const secureAddress = address(['https:', 'http:'], 'an address such as https://example.com').refine(
  (text) => text.startsWith('https:') || isLoopback(new URL(text).hostname),
  { error: 'expected an https address: http is only for this machine itself' },
);

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

const withoutSlash = (text: string) => text.replace(/\/+$/, '');

const apolloSettings = z
  .object({
    APOLLO_BASE_URL: secureAddress.transform(withoutSlash).default('https://api.apollo.io/api/v1'),
    APOLLO_MINUTE_MS: integer(1, 600_000, ' of milliseconds').default(60_000),
  })
  .transform((env) => ({ baseUrl: env.APOLLO_BASE_URL, minuteMs: env.APOLLO_MINUTE_MS }));

const slotSettings = z
  .object({ SLOTS_SELF: integer(0, MOST_SLOTS).default(2), SLOTS_DFY: integer(0, MOST_SLOTS).default(2) })
  .transform((env) => ({ self: env.SLOTS_SELF, dfy: env.SLOTS_DFY }))
  .refine(({ self, dfy }) => self + dfy >= 1 && self + dfy <= MOST_SLOTS, {
    path: ['SLOTS_SELF'],
    error: ({ input }) => {
      const { self, dfy } = input as SlotPlan;
      return `expected 1 to ${MOST_SLOTS} slots together with SLOTS_DFY, not ${self} + ${dfy}`;
    },
  });

const slackSettings = z
  .object({
    SLACK_API_URL: secureAddress
      .transform((text) => `${withoutSlash(text)}/`)
      .default('https://slack.com/api/'),
    SLACK_BOT_TOKEN: z
      .string()
      .regex(/^xox(?:b-|e\.)/, 'expected a bot token: it starts with xoxb-')
      .optional(),
    SLACK_APP_TOKEN: z
      .string()
      .startsWith('xapp-', 'expected an app-level token: it starts with xapp-')
      .optional(),
    SLACK_SIGNING_SECRET: z.string().optional(),
    SLACK_REVOKED_DAYS: integer(0, 365, ' of days').default(7),
  })
  .transform((env) => ({
    apiUrl: env.SLACK_API_URL,
    revokedDays: env.SLACK_REVOKED_DAYS,
    ...(env.SLACK_BOT_TOKEN && { botToken: env.SLACK_BOT_TOKEN }),
    ...(env.SLACK_SIGNING_SECRET && { signingSecret: env.SLACK_SIGNING_SECRET }),
    ...(env.SLACK_APP_TOKEN && { appToken: env.SLACK_APP_TOKEN }),
  }));

const slackClientSettings = z
  .object({ SLACK_CLIENT_ID: z.string().optional(), SLACK_CLIENT_SECRET: z.string().optional() })
  .transform(({ SLACK_CLIENT_ID: id, SLACK_CLIENT_SECRET: secret }, context) => {
    if (id && secret) return { client: { id, secret } };
    if (id)
      context.addIssue({
        code: 'custom',
        path: ['SLACK_CLIENT_SECRET'],
        message: 'expected together with SLACK_CLIENT_ID',
      });
    if (secret)
      context.addIssue({
        code: 'custom',
        path: ['SLACK_CLIENT_ID'],
        message: 'expected together with SLACK_CLIENT_SECRET',
      });
    return {};
  });

const encryptionKeys = z.string().transform((text, context) => {
  try {
    return parseEncryptionKeys(text);
  } catch (error) {
    if (!(error instanceof EncryptionKeysError)) throw error;
    context.addIssue(
      `expected id:key,id:key with keys of 32 bytes in base64 (openssl rand -base64 32), but ${error.message}`,
    );
    return z.NEVER;
  }
});

/** As OpenTelemetry has them: `name=value,name=value`, values percent-encoded. */
const otlpHeaders = z.string().transform((text, context) => {
  const pairs = text.split(',').map((pair) => /^\s*([!-~]+?)\s*=\s*(.*?)\s*$/.exec(pair));
  try {
    return Object.fromEntries(
      pairs.map((pair) => [pair?.[1] ?? fail(), decodeURIComponent(pair?.[2] ?? '')]),
    );
  } catch {
    context.addIssue('expected name=value,name=value');
    return z.NEVER;
  }
});

function fail(): never {
  throw new Error('no name');
}

const traceSettings = z
  .object({
    OTEL_EXPORTER_OTLP_ENDPOINT: address(['https:', 'http:'], 'an address such as http://localhost:4318')
      .transform(withoutSlash)
      .optional(),
    OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders.optional(),
    OTEL_SERVICE_NAME: z.string().default('connectionsphere'),
  })
  .transform((env) => ({
    endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    headers: env.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    serviceName: env.OTEL_SERVICE_NAME,
  }));

/** Only this machine itself, unless somebody says otherwise: by HOST, or by a PUBLIC_URL that others come by. */
function hostOf({ HOST, PUBLIC_URL }: { HOST?: string | undefined; PUBLIC_URL?: string | undefined }) {
  if (HOST !== undefined) return { host: HOST };
  return PUBLIC_URL === undefined ? { host: '127.0.0.1' } : {};
}

const ownSettings = z
  .object({
    DATA_DIR: z.string().default(DEFAULT_DATA_DIR),
    ENCRYPTION_KEYS: encryptionKeys.optional(),
    REDIS_URL: z
      .string()
      .refine((text) => /^rediss?:$/.test(URL.parse(text)?.protocol ?? ''), {
        error: 'expected an address such as redis://localhost:6379',
      })
      .optional(),
    LOST_AFTER_MS: integer(1_000, 600_000, ' of milliseconds').default(10_000),
    PUBLIC_URL: secureAddress.transform(withoutSlash).optional(),
    HOST: z
      .string()
      .regex(/^[\w.:-]{1,255}$/, 'expected an address such as 127.0.0.1, or 0.0.0.0 for every one')
      .optional(),
    PORT: integer(0, 65_535).default(3000),
    ALLOW_PRIVATE_CALLBACKS: z
      .enum(['true', 'false'], { error: 'expected true or false' })
      .default('false')
      .transform((text) => text === 'true'),
    API_REQUESTS_PER_MINUTE: integer(1, 10_000_000, ' of requests').default(60_000),
    MAX_LIST_ROWS: integer(1, 100_000_000, ' of rows').default(DEFAULT_BOUNDS.rows),
    MAX_LIST_CELLS: integer(1, 999_999_999, ' of cells').default(DEFAULT_BOUNDS.cells),
    RETENTION_DAYS: integer(1, 3650, ' of days').default(90),
    AUDIT_DAYS: integer(1, 7300, ' of days').optional(),
    SUPPORT_URL: address(['https:', 'http:'], 'an address such as https://example.com/help').optional(),
    OPERATORS_URL: z
      .string()
      .refine((text) => /^(https?:\/\/[^\s@]+|mailto:[^\s@?]+@[^\s@?]+)$/.test(text), {
        error: 'expected an address such as https://hooks.slack.com/services/… or mailto:team@example.com',
      })
      .optional(),
    HTTPS_PROXY: z
      .string()
      .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), {
        error: 'expected the address of a proxy such as http://proxy.example.com:3128',
      })
      .optional(),
    NO_PROXY: z.string().default(''),
    LOG_LEVEL: z.enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` }).default('info'),
  })
  .refine(({ AUDIT_DAYS, RETENTION_DAYS }) => AUDIT_DAYS === undefined || AUDIT_DAYS >= RETENTION_DAYS, {
    path: ['AUDIT_DAYS'],
    error: 'expected at least as many days as RETENTION_DAYS: who did what is kept longer than the data',
  })
  .transform((env) => ({
    dataDir: resolve(env.DATA_DIR),
    ...hostOf(env),
    port: env.PORT,
    api: {
      requestsPerMinute: env.API_REQUESTS_PER_MINUTE,
      allowPrivateCallbacks: env.ALLOW_PRIVATE_CALLBACKS,
    },
    lists: { ...DEFAULT_BOUNDS, rows: env.MAX_LIST_ROWS, cells: env.MAX_LIST_CELLS },
    retentionDays: env.RETENTION_DAYS,
    ...(env.AUDIT_DAYS !== undefined && { auditDays: env.AUDIT_DAYS }),
    logLevel: env.LOG_LEVEL,
    ...(env.ENCRYPTION_KEYS && { encryptionKeys: env.ENCRYPTION_KEYS }),
    ...(env.HTTPS_PROXY && { proxy: { url: env.HTTPS_PROXY, except: env.NO_PROXY } }),
    ...(env.REDIS_URL && { redisUrl: env.REDIS_URL }),
    lostAfterMs: env.LOST_AFTER_MS,
    ...(env.PUBLIC_URL && { publicUrl: env.PUBLIC_URL }),
    ...(env.SUPPORT_URL && { supportUrl: env.SUPPORT_URL }),
    ...(env.OPERATORS_URL && { operatorsUrl: env.OPERATORS_URL }),
  }));
