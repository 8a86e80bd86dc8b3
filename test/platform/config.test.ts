import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../core/node/config.ts';

function complaints(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('no complaint');
}

test('nothing needs to be set', () => {
  expect(readConfig({})).toEqual({
    api: { requestsPerMinute: 60_000, allowPrivateCallbacks: false },
    apollo: { baseUrl: 'https://api.apollo.io/api/v1', minuteMs: 60_000 },
    host: '127.0.0.1',
    dataDir: resolve(import.meta.dirname, '../../.data'),
    port: 3000,
    lists: { rows: 2_000_000, columns: 500, cells: 50_000_000 },
    retentionDays: 90,
    lostAfterMs: 10_000,
    logLevel: 'info',
    slots: { self: 2, dfy: 2 },
    slack: { apiUrl: 'https://slack.com/api/', revokedDays: 7 },
  });
});

test('an empty or blank value is as good as none', () => {
  expect(readConfig({ PORT: '', REDIS_URL: '  ', SLACK_BOT_TOKEN: '' })).toEqual(readConfig({}));
});

test('reads every setting', () => {
  const key = randomBytes(32);
  expect(
    readConfig({
      APOLLO_BASE_URL: 'http://127.0.0.1:4010/api/v1/',
      APOLLO_MINUTE_MS: '600',
      DATA_DIR: '/srv/data',
      REDIS_URL: 'rediss://user:password@redis.example.com:6380/1',
      ENCRYPTION_KEYS: `new:${key.toString('base64')}`,
      PUBLIC_URL: 'https://leads.example.com/',
      PORT: '0',
      SLACK_BOT_TOKEN: 'xoxb-1-2',
      SLACK_SIGNING_SECRET: 'signing',
      SLACK_APP_TOKEN: 'xapp-1-2',
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 'client',
      SLACK_API_URL: 'http://localhost:4020/api',
      SLACK_REVOKED_DAYS: '3',
      SLOTS_SELF: '4',
      SLOTS_DFY: '0',
      LOST_AFTER_MS: '3000',
      MAX_LIST_ROWS: '1000',
      MAX_LIST_CELLS: '30000',
      RETENTION_DAYS: '30',
      SUPPORT_URL: 'https://example.com/help',
      LOG_LEVEL: 'debug',
      API_REQUESTS_PER_MINUTE: '600',
      ALLOW_PRIVATE_CALLBACKS: 'true',
    }),
  ).toEqual({
    api: { requestsPerMinute: 600, allowPrivateCallbacks: true },
    apollo: { baseUrl: 'http://127.0.0.1:4010/api/v1', minuteMs: 600 },
    dataDir: resolve('/srv/data'),
    redisUrl: 'rediss://user:password@redis.example.com:6380/1',
    encryptionKeys: [{ id: 'new', key }],
    publicUrl: 'https://leads.example.com',
    port: 0,
    slack: {
      apiUrl: 'http://localhost:4020/api/',
      botToken: 'xoxb-1-2',
      signingSecret: 'signing',
      appToken: 'xapp-1-2',
      client: { id: '1.2', secret: 'client' },
      revokedDays: 3,
    },
    slots: { self: 4, dfy: 0 },
    lists: { rows: 1000, columns: 500, cells: 30_000 },
    retentionDays: 30,
    lostAfterMs: 3_000,
    supportUrl: 'https://example.com/help',
    logLevel: 'debug',
  });
});

test('names every wrong setting in one message, with what is expected', () => {
  const message = complaints({
    APOLLO_BASE_URL: 'http://contoso.example.com',
    APOLLO_MINUTE_MS: '1.5',
    PORT: '70000',
    SLOTS_SELF: '3',
    SLOTS_DFY: '2',
    RETENTION_DAYS: '0',
    LOG_LEVEL: 'loud',
    SUPPORT_URL: 'help',
    PUBLIC_URL: 'ftp://example.com',
    SLACK_API_URL: 'slack',
    SLACK_CLIENT_ID: '1.2',
    SLACK_APP_TOKEN: 'xoxb-1-2',
  });
  expect(message.split('\n')).toEqual([
    '11 settings are wrong:',
    '- APOLLO_BASE_URL=http://contoso.example.com: expected an https address: http is only for this machine itself',
    '- APOLLO_MINUTE_MS=1.5: expected a whole number of milliseconds from 1 to 600000',
    '- SLOTS_SELF=3: expected 1 to 4 slots together with SLOTS_DFY, not 3 + 2',
    '- SLACK_API_URL=slack: expected an address such as https://example.com',
    '- SLACK_APP_TOKEN: expected an app-level token: it starts with xapp-',
    '- SLACK_CLIENT_SECRET (not set): expected together with SLACK_CLIENT_ID',
    '- PUBLIC_URL=ftp://example.com: expected an address such as https://example.com',
    '- PORT=70000: expected a whole number from 0 to 65535',
    '- RETENTION_DAYS=0: expected a whole number of days from 1 to 3650',
    '- SUPPORT_URL=help: expected an address such as https://example.com/help',
    '- LOG_LEVEL=loud: expected one of debug, info, warn, error',
  ]);
});

test('slots: at most four, at least one', () => {
  expect(complaints({ SLOTS_SELF: '0', SLOTS_DFY: '0' })).toContain('not 0 + 0');
  expect(complaints({ SLOTS_SELF: '5' })).toContain('SLOTS_SELF=5: expected a whole number from 0 to 4');
  expect(readConfig({ SLOTS_SELF: '1', SLOTS_DFY: '3' }).slots).toEqual({ self: 1, dfy: 3 });
});

test('a wrong secret is named, but never shown', () => {
  const secret = 'hush-Hopper1906';
  const message = complaints({
    ENCRYPTION_KEYS: `first:${secret}`,
    REDIS_URL: `https://user:${secret}@example.com`,
    SLACK_BOT_TOKEN: secret,
    SLACK_APP_TOKEN: secret,
    SLACK_CLIENT_SECRET: secret,
    APOLLO_BASE_URL: `https://user:${secret}@api.apollo.io/api/v1`,
  });
  for (const name of [
    'ENCRYPTION_KEYS',
    'REDIS_URL',
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'SLACK_CLIENT_ID',
    'APOLLO_BASE_URL',
  ]) {
    expect(message).toContain(`- ${name}`);
  }
  expect(message).not.toContain(secret);
});
