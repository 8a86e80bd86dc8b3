import nock from 'nock';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { engine, jsonOf, people, withServer } from './world.ts';

/** What the node does when the server, or what stands before it, refuses a request or breaks off. */

const SERVER = { url: 'https://server.example.com', token: `csa_000000000000_${'x'.repeat(43)}` };
const START = { resource: 'list', operation: 'start', wait: false, listName: 'Webinar' };
const SOON = { 'retry-after': '0.01' };

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

/** What is asked `times` times: to start one and the same list. Its key and its rows are the same each time. */
function startOf(parts = new Set<unknown>()) {
  const isSame = (part: unknown) => parts.add(part).size <= 2;
  const reqheaders = { authorization: `Bearer ${SERVER.token}`, 'idempotency-key': isSame };
  return (times = 1) =>
    nock(SERVER.url, { reqheaders })
      .post('/v1/jobs', (body) => /person0\..*\n.*person1\./.test(body) && isSame(body))
      .query(({ name }) => name === 'Webinar')
      .times(times);
}

const run = async () => await (await engine()).run(withServer(SERVER, START), people(2));

it('starts one list, however often the request has to be sent again', async () => {
  const start = startOf();
  start().replyWithError(Object.assign(new Error('broken'), { code: 'ECONNRESET' }));
  start(2).reply(429, {}, SOON);
  start().reply(503, '<html>Back soon</html>', SOON);
  start().reply(201, { id: 'mwtpnwhc9c9a9a', rows: 2 });
  const ended = await run();
  expect(jsonOf(ended)).toEqual([{ id: 'mwtpnwhc9c9a9a', rows: 2 }]);
});

it.each([
  [
    409,
    { title: 'Key was used already', detail: 'Use another key.', code: 'key-reused' },
    'ConnectionSphere: Key was used already',
    'Use another key.',
  ],
  [
    404,
    '<html>Not here</html>',
    'The ConnectionSphere server answered 404',
    'Check the server address in the credential: something else seems to answer there.',
  ],
])(
  'asks once where the answer stays the same, and says what it was: %i',
  async (status, body, message, description) => {
    startOf()().reply(status, body);
    const { error } = await run();
    expect(error).toMatchObject({ message, description });
  },
);
