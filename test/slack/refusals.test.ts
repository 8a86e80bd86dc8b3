import nock from 'nock';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { Clients, clientOptions, retryAfter, slackWord } from '../../bot/slack/transport/clients.ts';
import { createLog } from '../../core/node/index.ts';

/** What becomes of a call that Slack refuses: https://docs.slack.dev/apis/web-api/rate-limits, and each method's errors. */

const API = 'https://slack.com/api/';
const clients = new Clients(async () => 'xoxb-1', clientOptions(API, createLog({ write: () => {} })));

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

/** The failure of one message that is answered so; more than one call would be refused by nock. */
async function refusal(status: number, body: nock.ReplyBody, headers: nock.ReplyHeaders = {}) {
  nock(API, { reqheaders: { authorization: 'Bearer xoxb-1' } })
    .post('/chat.postMessage', { channel: 'C1', text: 'Done' })
    .reply(status, body, headers);
  const client = await clients.of('T1');
  return await client.chat.postMessage({ channel: 'C1', text: 'Done' }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test.each([
  ['too many calls', 429, { ok: false, error: 'ratelimited' }, { again: 'always', waitMs: 30_000 }],
  ['an error of its own', 500, 'Server error', { again: 'always' }],
  ['a page in its place', 503, '<html>Back soon</html>', { again: 'always' }],
  ['an address that is not there', 404, 'Not found', { again: 'never' }],
  ['a token that may be replaced', 200, { ok: false, error: 'token_revoked' }, { again: 'always' }],
  ['trouble inside', 200, { ok: false, error: 'internal_error' }, { again: 'always' }],
  ['a message that it does not take', 200, { ok: false, error: 'invalid_blocks' }, { again: 'never' }],
  ['a conversation that is gone', 200, { ok: false, error: 'channel_not_found' }, { again: 'never' }],
])('is sent once, and again later where that helps: %s', async (_, status, body, expected) => {
  const error = await refusal(status, body, status === 429 ? { 'retry-after': '30' } : {});
  expect(retryAfter(error)).toEqual(expected);
  const word = status === 200 && typeof body === 'object' ? body.error : undefined;
  expect(slackWord(error)).toBe(word);
});

test('a connection that breaks is tried again', async () => {
  nock(API)
    .post('/auth.test')
    .replyWithError(Object.assign(new Error('broken'), { code: 'ECONNRESET' }));
  const client = await clients.of('T1');
  const error = await client.auth.test().catch((thrown: unknown) => thrown);
  expect(retryAfter(error)).toEqual({ again: 'always' });
});
