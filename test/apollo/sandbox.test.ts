import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  AnswerLost,
  AnswerNotUnderstood,
  type Apollo,
  ApolloInTrouble,
  BadLead,
  createApollo,
  KeyNotAllowed,
  KeyRefused,
  OutOfCredits,
  RateLimited,
  RequestRefused,
  type RevealContext,
} from '../../core/apollo/index.ts';
import type { Lead } from '../../core/leads/lead.ts';
import { createHttp } from '../../core/node/http.ts';
import { type FaultKind, type Sandbox, startSandbox } from '../sandbox/index.ts';

const MASTER = 'contoso-master-key-0001';
const SCOPED = 'contoso-scoped-key-0002';
const TEAM = '5f0a1c2d3e4b5a6978811001';
const LEADS: Lead[] = [
  { firstName: 'Ada', lastName: 'Lovelace', domain: 'contoso.com' },
  { firstName: 'Grace', lastName: 'Hopper', domain: 'fabrikam.com' },
  { name: 'Alan Turing', company: 'Northwind Traders' },
];
const PLAIN: RevealContext = {
  key: MASTER,
  reveal: { personalEmails: false, phones: false, waterfall: false },
};

/** The whole way: the client, undici, a socket and a server that keeps Apollo's contract. */
describe('Apollo over HTTP', () => {
  const http = createHttp();
  let sandbox: Sandbox;
  let apollo: Apollo;

  beforeAll(async () => {
    const keys = [MASTER, { key: SCOPED, scopes: ['people/bulk_match' as const] }];
    const plan = { 'people/bulk_match': { minute: 20, hour: 100 } };
    sandbox = await startSandbox({ teams: [{ id: TEAM, keys, plan }], matchRate: 1, lateMs: 20 });
    apollo = createApollo({ http, baseUrl: sandbox.url });
  });
  afterEach(() => sandbox.reset());
  afterAll(async () => {
    await http.close();
    await sandbox.close();
  });

  it('finds people in a batch and one by one alike', async () => {
    const batch = await apollo.matchPeople(LEADS, PLAIN);
    expect(batch.credits).toBe(sandbox.counts().credits);
    const [single] = (await apollo.matchPerson(LEADS[1] ?? {}, PLAIN)).people ?? [];
    expect(batch.people?.map((person) => person?.firstName)).toEqual(['Ada', 'Grace', 'Alan']);
    expect(batch.people?.[1]).toEqual(single);
    expect(batch.limits).toEqual({
      minute: { limit: 20, used: 1 },
      hour: { limit: 100, used: 1 },
      day: { limit: null },
    });
  });

  it('finds companies in a batch and one by one alike', async () => {
    const { companies } = await apollo.enrichCompanies(LEADS.slice(0, 2), PLAIN);
    expect(companies).toHaveLength(2);
    expect((await apollo.enrichCompany(LEADS[0] ?? {}, PLAIN)).companies).toEqual([companies?.[0]]);
  });

  it('reads the account with a master key', async () => {
    expect(await apollo.profile(PLAIN)).toMatchObject({ teamId: TEAM, creditsLeft: 10_000 });
    expect(await apollo.credits(PLAIN)).toMatchObject({ limit: 10_000, used: 0, left: 10_000 });
    const { endpoints } = await apollo.usage(PLAIN);
    expect(Object.keys(endpoints)).toHaveLength(8);
    expect(endpoints['people/bulk_match']?.minute).toEqual({ limit: 20, used: 0 });
  });

  it('says which endpoint a scoped key may not use, and uses the others', async () => {
    const scoped = { ...PLAIN, key: SCOPED };
    expect((await apollo.matchPeople(LEADS, scoped)).people).toHaveLength(3);
    const refused = apollo.usage(scoped);
    await expect(refused).rejects.toBeInstanceOf(KeyNotAllowed);
    await expect(refused).rejects.toThrow('usage_stats/api_usage_stats');
  });

  it('gets phones late, by the id it was given', async () => {
    const reveal = { ...PLAIN.reveal, phones: true };
    const webhookUrl = 'https://hooks.example.com/apollo';
    const { people, requestId = '' } = await apollo.matchPeople(LEADS, { ...PLAIN, reveal, webhookUrl });
    const poll = () => apollo.lateResult(requestId, PLAIN);
    await expect.poll(poll).toMatchObject({ state: 'ready', result: { requestId } });
    const late = await poll();
    const ids = late.state === 'ready' ? late.result.people.map(({ id }) => id) : [];
    expect(ids).toEqual(people?.map((person) => person?.id));
    expect(await apollo.lateResult('17', PLAIN)).toMatchObject({ state: 'gone' });
  });

  it('gives a short list as it is, for others to say whose answers they are', async () => {
    sandbox.fault({ kind: 'short' });
    expect((await apollo.matchPeople(LEADS, PLAIN)).people).toHaveLength(LEADS.length - 1);
  });

  it.each<[FaultKind, new (...some: never[]) => Error]>([
    ['429', RateLimited],
    ['500', ApolloInTrouble],
    ['503', ApolloInTrouble],
    ['502', AnswerLost],
    ['504', AnswerLost],
    ['cut', AnswerLost],
    ['cutBefore', AnswerLost],
    ['hang', AnswerLost],
    ['nonsense', AnswerNotUnderstood],
    ['truncated', AnswerNotUnderstood],
    ['revoked', KeyRefused],
    ['noCredits', OutOfCredits],
  ])('calls it by its name: %s', async (kind, type) => {
    sandbox.fault({ kind });
    // Only what never comes is waited for in vain.
    const timeoutMs = kind === 'hang' ? 200 : 20_000;
    const asking = createApollo({ http, baseUrl: sandbox.url, timeoutMs });
    await expect(asking.matchPeople(LEADS, PLAIN)).rejects.toBeInstanceOf(type);
    await expect(asking.matchPerson(LEADS[0] ?? {}, PLAIN)).rejects.toBeInstanceOf(type);
  });

  it('names the window and the wait when the limit is really reached', async () => {
    for (let count = 0; count < 20; count += 1) await apollo.matchPeople(LEADS, PLAIN);
    const error = await apollo.matchPeople(LEADS, PLAIN).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimited);
    expect(error).toMatchObject({ window: 'minute', limits: { minute: { limit: 20, used: 20 } } });
    expect((error as RateLimited).retryAfterMs).toBeGreaterThan(0);
  });

  it('is refused an empty batch, one of eleven and one with a bad lead', async () => {
    const eleven = Array.from({ length: 11 }, () => LEADS[0] ?? {});
    await expect(apollo.matchPeople([], PLAIN)).rejects.toBeInstanceOf(RequestRefused);
    for (const batch of [eleven, [...LEADS, { email: 'not an address' }]]) {
      await expect(apollo.matchPeople(batch, PLAIN)).rejects.toBeInstanceOf(BadLead);
    }
  });
});
