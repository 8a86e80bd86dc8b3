import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askPeople } from './ask.ts';
import type { Fault, Sandbox } from './index.ts';
import { startSandbox } from './index.ts';

const KEY = 'key-of-team-a-1111';
const OTHER = 'key-of-team-b-2222';
const PIONEERS = [
  { name: 'Ada Lovelace', domain: 'contoso.com' },
  { name: 'Grace Hopper', domain: 'contoso.com' },
  { name: 'Edsger Dijkstra', domain: 'contoso.com' },
  { name: 'Barbara Liskov', domain: 'contoso.com' },
];

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    matchRate: 1,
    teams: [
      { id: 'team-a', keys: [KEY] },
      { id: 'team-b', keys: [OTHER] },
    ],
  });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const batch = (key = KEY) => askPeople(sandbox, key, PIONEERS);
const firstNames = (matches: { first_name: string }[]) => matches.map((match) => match.first_name);

describe('faults without a charge', () => {
  it.each<[Fault, number, boolean]>([
    [{ kind: '429' }, 429, true],
    [{ kind: '500' }, 500, true],
    [{ kind: '502' }, 502, false],
    [{ kind: '503' }, 503, false],
    [{ kind: '504' }, 504, false],
    [{ kind: 'revoked' }, 401, false],
    [{ kind: 'noCredits' }, 422, true],
  ])('%o answers %i', async (fault, status, limitHeaders) => {
    sandbox.fault({ ...fault, times: 1 });
    const reply = await batch();

    expect(reply.status).toBe(status);
    expect(reply.headers.has('x-rate-limit-minute')).toBe(limitHeaders);
    expect(reply.headers.has('retry-after')).toBe(status === 429);
    expect(sandbox.counts()).toMatchObject({ credits: 0, rateLimited: 0, chargedAnswerLost: { calls: 0 } });
    expect((await batch()).status).toBe(200);
  });

  it('cuts a connection before anything happened', async () => {
    sandbox.fault({ kind: 'cutBefore' });

    await expect(batch()).rejects.toThrow();
    expect(sandbox.counts()).toMatchObject({
      credits: 0,
      byStatus: { cut: 1 },
      chargedAnswerLost: { calls: 0 },
    });
  });
});

describe('faults that charge', () => {
  it('cuts a connection after charging', async () => {
    sandbox.fault({ kind: 'cut' });

    await expect(batch()).rejects.toThrow();
    expect(sandbox.counts()).toMatchObject({ credits: 4, chargedAnswerLost: { calls: 1, credits: 4 } });
  });

  it.each<Fault>([
    { kind: '500', charged: true },
    { kind: '502', charged: true },
  ])('%o', async (fault) => {
    sandbox.fault(fault);

    expect((await batch()).status).toBe(Number(fault.kind));
    expect(sandbox.counts()).toMatchObject({ credits: 4, chargedAnswerLost: { calls: 1, credits: 4 } });
  });

  it.each<Fault>([{ kind: 'nonsense' }, { kind: 'truncated' }])(
    '%o is a 200 that is no JSON',
    async (fault) => {
      sandbox.fault(fault);
      const reply = await batch();

      expect(reply.status).toBe(200);
      expect(reply.json).toBeUndefined();
      expect(sandbox.counts().chargedAnswerLost).toEqual({ calls: 1, credits: 4 });
    },
  );

  it('never answers', async () => {
    sandbox.fault({ kind: 'hang' });
    const hanging = fetch(`${sandbox.url}/people/bulk_match`, {
      method: 'POST',
      headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ details: PIONEERS }),
      signal: AbortSignal.timeout(100),
    });

    await expect(hanging).rejects.toThrow();
    expect(sandbox.counts()).toMatchObject({
      byStatus: { hung: 1 },
      chargedAnswerLost: { calls: 1, credits: 4 },
    });
  });

  it('sees a client that did not wait for what it paid', async () => {
    sandbox.fault({ kind: 'slow', ms: 60_000 });
    const impatient = fetch(`${sandbox.url}/people/bulk_match`, {
      method: 'POST',
      headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ details: PIONEERS }),
      signal: AbortSignal.timeout(100),
    });

    await expect(impatient).rejects.toThrow();
    await expect.poll(() => sandbox.counts().chargedAnswerLost).toEqual({ calls: 1, credits: 4 });
    expect(sandbox.counts().byStatus).toEqual({ abandoned: 1 });
  });

  it.each<[Fault['kind'], string[]]>([
    ['short', ['Ada', 'Edsger', 'Barbara']],
    ['shifted', ['Barbara', 'Ada', 'Grace', 'Edsger']],
    ['swapped', ['Ada', 'Edsger', 'Grace', 'Barbara']],
  ])('%s spoils the order of a batch', async (kind, expected) => {
    sandbox.fault({ kind, times: 1 });

    expect(firstNames((await batch()).json.matches)).toEqual(expected);
    expect(firstNames((await batch()).json.matches)).toEqual(['Ada', 'Grace', 'Edsger', 'Barbara']);
  });
});

describe('switches', () => {
  it('hold for a key, an endpoint and a number of calls', async () => {
    sandbox.fault({ kind: '503', key: '1111', endpoint: 'people/bulk_match', after: 1, times: 2 });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await batch()).status);

    expect(statuses).toEqual([200, 503, 503, 200]);
    expect((await batch(OTHER)).status).toBe(200);
  });

  it('are switched off one by one or all together', async () => {
    const off = sandbox.fault({ kind: '503' });
    sandbox.fault({ kind: '500' });

    expect((await batch()).status).toBe(503);
    off();
    expect((await batch()).status).toBe(500);
    sandbox.heal();
    expect((await batch()).status).toBe(200);
  });

  it('happen with the given probability', async () => {
    sandbox.fault({ kind: '503', probability: 0.5 });
    const replies = await Promise.all(Array.from({ length: 60 }, () => batch()));
    const failed = replies.filter((reply) => reply.status === 503).length;

    expect(failed).toBeGreaterThan(12);
    expect(failed).toBeLessThan(48);
  });

  it('go together when one of them is slow, and come over HTTP', async () => {
    const on = (fault: Fault) =>
      fetch(`${sandbox.controlUrl}/faults`, { method: 'POST', body: JSON.stringify(fault) });
    await on({ kind: 'slow', ms: 80 });
    await on({ kind: '502' });
    const started = performance.now();

    expect((await batch()).status).toBe(502);
    expect(performance.now() - started).toBeGreaterThan(70);
    await fetch(`${sandbox.controlUrl}/faults`, { method: 'DELETE' });
    expect((await batch()).status).toBe(200);
  });
});
