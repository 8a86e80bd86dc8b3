import { randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../platform/temporary-directory.ts';
import { hasRedis, LOST_AFTER_MS, startRedis } from '../redis/server.ts';
import { startSandbox } from '../sandbox/index.ts';
import { apolloKey } from '../slots/world.ts';
import { connectKey, listOf, reviewOf } from './bot.ts';
import { startBotProcess } from './bot-process.ts';
import { Person, signedRequest } from './person.ts';
import { type Call, SlackServer, TEAM } from './slack-server.ts';

const isDone = ({ method, args, answer }: Call) =>
  /^chat/.test(method) && answer.ok === true && String(args.text).includes('is done');

describe.skipIf(!hasRedis)('two processes that serve Slack on one Redis', () => {
  test('do nothing twice, and one says what the other could not say before it died', async () => {
    const slack = new SlackServer();
    onTestFinished(() => slack[Symbol.asyncDispose]());
    await slack.start([{ name: 'ada' }]);
    const redis = await startRedis();
    onTestFinished(() => redis[Symbol.asyncDispose]());
    const key = apolloKey();
    const sandbox = await startSandbox({ teams: [{ id: 'team-a', keys: [key] }], matchRate: 1 });
    onTestFinished(() => sandbox.close());
    const env = {
      DATA_DIR: await temporaryDirectory(),
      REDIS_URL: redis.url,
      LOST_AFTER_MS: String(LOST_AFTER_MS),
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      APOLLO_BASE_URL: sandbox.url,
    };
    const [first, second] = await Promise.all([
      startBotProcess(slack, env),
      startBotProcess(slack, env, '--role', 'web'),
    ]);
    const id = await slack.userId('ada');
    const here = new Person(id, slack, first.eventsUrl);
    const there = new Person(id, slack, second.eventsUrl);

    // One event, sent to both at once; one request, caught and sent to the other.
    const file = await slack.upload('leads.csv', listOf(25));
    const channel_id = await slack.directMessage(id);
    const shared = { type: 'file_shared', file_id: file, user_id: id, channel_id };
    await Promise.all([here.event(shared, 'Ev1'), there.event(shared, 'Ev1', 1)]);
    const offered = ({ method, args }: Call) =>
      method === 'chat.postMessage' && /^Enrich/.test(String(args.text));
    await slack.until(offered);
    const form = { command: '/apollo', text: 'help', team_id: TEAM, user_id: id, trigger_id: '1' };
    const caught = signedRequest(new URLSearchParams(form).toString());
    expect((await here.send(caught)).status).toBe(200);
    expect((await there.send(caught)).status).toBe(401);

    // Connected here, seen there; started in both at once.
    await connectKey(here, key);
    const review = await reviewOf(there, file);
    // The figures get through, the file does not.
    slack.fail({ method: 'files.getUploadURLExternal', times: 1000, status: 503 });
    await Promise.all([here.submit(review), there.submit(review)]);
    await slack.until(isDone);
    await slack.until(({ method }) => method === 'files.getUploadURLExternal');
    // The one that works on jobs tells of their ends, and holds what is still to be said.
    first.child.kill('SIGKILL');
    slack.heal();
    await slack.until(
      ({ method, answer }) => method === 'files.completeUploadExternal' && answer.ok === true,
      0,
      40_000,
    );
    expect(slack.calls.filter(isDone)).toHaveLength(1);
    const progress = slack.of('chat.postMessage').filter(({ args }) => /\d%/.test(String(args.text)));
    expect(progress).toHaveLength(1);
    expect(slack.calls.filter(offered)).toHaveLength(1);
    expect(slack.problems).toEqual([]);
    expect(first.logged() + second.logged()).not.toContain(key);
  });
});
