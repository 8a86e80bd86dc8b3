import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createLog, type LogLevel, logLevels, redactSecret } from '../../core/node/log.ts';

function recorder(level: LogLevel, json = true) {
  const lines: string[] = [];
  const log = createLog({ level, json, write: (line) => lines.push(line), now: () => Date.UTC(2026, 0, 2) });
  return { log, lines, entries: () => lines.map((line) => JSON.parse(line)) };
}

/** Everything that one line at `info` shows. */
function logged(message: string, fields?: Record<string, unknown>): string {
  const { log, lines } = recorder('info');
  log.info(message, fields);
  return lines.join('');
}

test.each(logLevels)('at %s, it shows this level and those after it', (level) => {
  const { log, entries } = recorder(level);
  for (const each of logLevels) log[each](`a message at ${each}`);
  expect(entries().map((entry) => entry.level)).toEqual(logLevels.slice(logLevels.indexOf(level)));
});

test.each(logLevels)('at %s, a secret is blanked out', (level) => {
  const { log, lines } = recorder('debug');
  log[level]('x-api-key: Hopper-Lovelace_Turing12', { apiKey: 'Hopper-Lovelace_Turing12' });
  expect(lines.join('')).not.toContain('Hopper');
});

test('JSON: one object a line, with time, level, message and fields', () => {
  const { log, lines, entries } = recorder('info');
  log.warn('Slot 2 is limited', { slot: 2, until: new Date(0), left: 10n, none: null });
  expect(lines[0]?.endsWith('\n')).toBe(true);
  expect(entries()).toEqual([
    {
      time: '2026-01-02T00:00:00.000Z',
      level: 'warn',
      message: 'Slot 2 is limited',
      slot: 2,
      until: '1970-01-01T00:00:00.000Z',
      left: '10',
      none: null,
    },
  ]);
});

test('for people: one line, whatever is in the message', () => {
  const { log, lines } = recorder('info', false);
  log.info('Job paused\nfaked line', { job: 'j1', reason: 'no credits left', slots: [1, 2] });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\d INFO {2}Job paused ⏎ faked line job=j1 reason="no credits left" slots=\[1,2\]\n$/,
  );
});

test('an error comes with its stack and its cause, in JSON and for people', () => {
  const error = new Error('the disk is full', { cause: new Error('ENOSPC for grace@navy.example.com') });
  const { log, entries } = recorder('info');
  log.error('A list could not be stored', { error });
  expect(entries()[0].error).toMatchObject({ name: 'Error', message: 'the disk is full' });
  expect(entries()[0].error.stack).toContain('log.test.ts');
  expect(entries()[0].error.cause.stack).toContain('log.test.ts');

  const people = recorder('info', false);
  people.log.error('A list could not be stored', { error });
  const [first, ...frames] = (people.lines[0] ?? '').trimEnd().split('\n');
  expect(first).toMatch(/ERROR A list could not be stored error="Error: the disk is full"$/);
  expect(frames.filter((line) => line.includes('log.test.ts')).length).toBeGreaterThanOrEqual(2);
  expect(frames.every((line) => line.startsWith('    '))).toBe(true);
  expect(people.lines[0]).toContain('caused by "Error: ENOSPC for [e-mail]"');
});

test('no error is logged without its stack', () => {
  const sources = globSync('{core,bot,n8n-nodes}/**/*.ts', {
    exclude: (name) => name.endsWith('node_modules'),
  });
  const offenders = sources.filter((file) => /\berror: String\(/.test(readFileSync(file, 'utf8')));
  expect(sources.length).toBeGreaterThan(100);
  expect(offenders).toEqual([]);
});

test('a known secret is blanked out wherever it is', () => {
  redactSecret('s3cret/with+signs');
  const line = logged('got s3cret/with+signs', {
    url: 'https://example.com/?q=s3cret%2Fwith%2Bsigns',
    deep: [{ 's3cret/with+signs': new Error('no s3cret/with+signs here') }],
  });
  expect(line).not.toContain('s3cret');
});

test.each([
  ['a header', 'sent x-api-key: Hopper-Lovelace_Turing12'],
  ['a quoted header', '{"x-api-key":"Hopper-Lovelace_Turing12"}'],
  ['a query', 'GET https://example.com/?api_key=Hopper-Lovelace_Turing12&page=2'],
  ['a plain word', 'the key Hopper-Lovelace_Turing12 was refused'],
  ['a bearer token', 'authorization: Bearer Hopper-Lovelace_Turing12'],
  ['a Slack bot token', 'using xoxb-Hopper-Lovelace'],
  ['a rotated Slack token', 'using xoxe.xoxb-1-Hopper-Lovelace'],
  ['a Slack app token', 'using xapp-1-Hopper-Lovelace'],
  ['a Slack hook', 'to https://hooks.slack.com/commands/T1/2/Hopper'],
  ['a password in an address', 'to redis://default:Hopper@redis.example.com'],
  ['an e-mail address', 'for Grace.Hopper@navy.example.com'],
  ['an e-mail address in an umlaut domain', 'for grace.Hopper@bücher.example'],
])('a text with %s is blanked out in messages and fields', (_, text) => {
  expect(logged(text)).not.toContain('Hopper');
  expect(logged('x', { list: [{ note: text }] })).not.toContain('Hopper');
  expect(logged('x', { error: new Error('outer', { cause: new Error(text) }) })).not.toContain('Hopper');
});

test.each([
  '+1 415 555 0132',
  '+14155550132',
  '(415) 555-0132',
  '415-555-0132',
  '+49 89/1234567',
  '030 12345 678',
])('the phone number %s is blanked out', (phone) => {
  expect(logged(`calling ${phone} now`, { phone })).not.toContain(phone);
});

test.each([
  '2026-01-02T03:04:05.678Z',
  '2026-01-02',
  '192.168.100.200',
  '550e8400-e29b-41d4-a716-446655440000',
  '-1234567890123456789',
  'took 1234567890 ms',
  'POST /people/bulk_match 200',
  '12/1000 leads',
])('%s is no secret', (text) => {
  expect(JSON.parse(logged('x', { text })).text).toBe(text);
});

test('fields named like a secret are blanked out, numbers and flags are not', () => {
  const secret = { value: 'Hopper' };
  const line = logged('x', {
    key: 'Hopper',
    botToken: 'Hopper',
    'x-api-key': 'Hopper',
    ENCRYPTION_KEYS: ['Hopper'],
    password: secret,
    headers: { authorization: 'Hopper' },
    rawHeaders: ['x-api-key', 'Hopper', 'accept', 'text/plain'],
    keys: 3,
    tokens: true,
  });
  expect(line).not.toContain('Hopper');
  expect(JSON.parse(line)).toMatchObject({
    keys: 3,
    tokens: true,
    rawHeaders: ['x-api-key', '[redacted]', 'accept', 'text/plain'],
  });
});

test('what JSON cannot hold does not break the log', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const line = logged('x', {
    circle,
    map: new Map([['a', 1]]),
    set: new Set(['b']),
    bytes: Buffer.from('Hopper'),
    call: () => 1,
    socket: new (class Socket {
      peer = 'Hopper';
    })(),
    invalid: new Date(Number.NaN),
    missing: undefined,
  });
  expect(JSON.parse(line)).toMatchObject({
    map: { a: 1 },
    set: ['b'],
    bytes: '[6 bytes]',
    call: '[function]',
    socket: '[Socket]',
    invalid: 'Invalid Date',
  });
});

test('a huge text is cut, and costs no time', () => {
  const start = performance.now();
  for (const text of ['a', 'a.', 'a-', '1 ', 'a@', 'key ']) {
    expect(logged('x', { text: text.repeat(500_000) }).length).toBeLessThan(20_000);
  }
  expect(performance.now() - start).toBeLessThan(2000);
});
