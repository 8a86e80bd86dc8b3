import { describe, expect, it } from 'vitest';
import { people, startWorld, WORKSPACE, type World } from '../jobs/world.ts';

function calls(world: World): Record<string, number> {
  const { byEndpoint } = world.sandbox.counts();
  return {
    single: byEndpoint['people/match'] ?? 0,
    bulk: byEndpoint['people/bulk_match'] ?? 0,
  };
}

describe('leads that somebody waits for', () => {
  it('are answered in their order, with what each of them cost and why', async () => {
    await using world = await startWorld({ matchRate: 0.6 });
    const [ada = [], alan = [], barbara = []] = people(3);
    const nobody = ['', '', '', '', ''];
    const answer = await world.enrich([ada, nobody, alan, ada, barbara]);
    expect(answer.results.map(({ how }) => how)).toEqual([
      'lookup',
      undefined,
      'lookup',
      'duplicate',
      'lookup',
    ]);
    expect(answer.results[1]).toMatchObject({
      outcome: 'skipped',
      error: expect.stringContaining('add an e-mail'),
    });
    expect(answer.results[3]?.person).toEqual(answer.results[0]?.person);
    for (const { outcome, person } of answer.results)
      expect(person !== undefined).toBe(outcome === 'matched');
    expect(answer).toMatchObject({ calls: 1, inDoubtCalls: 0, rateLimited: 0 });
    expect(answer.credits).toBe(world.sandbox.counts().credits);
    expect(answer.stopped).toBeUndefined();
  });

  it('go one by one where there is one, and in tens where there are more', async () => {
    // What fills a ten comes within a few milliseconds; on a clock that is slow, a busy machine keeps to them too.
    await using world = await startWorld({ speed: 0.1 });
    await world.enrich(people(1));
    expect(calls(world)).toEqual({ single: 1, bulk: 0 });
    await world.enrich(people(25, 1));
    expect(calls(world)).toEqual({ single: 1, bulk: 3 });
  });

  it('are no list, and are known to lists afterwards', async () => {
    await using world = await startWorld();
    await world.enrich(people(12));
    expect(await world.core.jobs.list(WORKSPACE)).toEqual([]);
    expect((await world.run({ rows: people(12) })).counts).toMatchObject({ known: 12, lookups: 0 });
  });

  it('share the look-up of a list that is just asking for them', async () => {
    await using world = await startWorld({ latencyMs: 20 });
    const id = await world.begin({ rows: people(10) });
    await expect.poll(() => calls(world).bulk, { interval: 2 }).toBeGreaterThan(0);
    const { results, credits } = await world.enrich(people(10));
    await world.core.jobs.settled(id);
    expect(results.every(({ outcome, how }) => outcome === 'matched' && how === 'known')).toBe(true);
    expect(credits).toBe(0);
    expect(world.sandbox.counts().lookups.people).toBe(10);
  });

  it('say how long they had to wait for their turn', async () => {
    const teams = [{ id: 'team', plan: { '*': { minute: 1 } }, keys: ['key-contoso-sales-7Q2A'] }];
    await using world = await startWorld({ teams });
    const quick = await world.enrich(people(10));
    expect(quick.waitedMs).toBeLessThan(30_000);
    const slow = await world.enrich(people(10, 10));
    expect(slow.waitedMs).toBeGreaterThan(30_000);
    expect(slow.waitedMs).toBeLessThan(300_000);
  });

  it('cost no more than they may, and what is missing is all that is asked for next time', async () => {
    await using world = await startWorld();
    const first = await world.enrich(people(20), { creditLimit: 7 });
    expect(first).toMatchObject({ stopped: 'budget', credits: 7 });
    expect(first.results.filter(({ outcome }) => outcome === 'undecided')).toHaveLength(13);
    const second = await world.enrich(people(20));
    expect(second.results.every(({ outcome }) => outcome === 'matched')).toBe(true);
    expect(second.credits).toBe(13);
    expect(world.sandbox.counts().credits).toBe(20);
  });

  it('say at once that there is no key', async () => {
    await using world = await startWorld({ connect: false });
    const answer = await world.enrich(people(2));
    expect(answer).toMatchObject({ stopped: 'no-slot', credits: 0, calls: 0 });
    expect(answer.results.map(({ outcome }) => outcome)).toEqual(['undecided', 'undecided']);
  });

  it('are given back when nobody waits any more; what had left is remembered', async () => {
    const teams = [{ id: 'team', plan: { '*': { minute: 1 } }, keys: ['key-contoso-sales-7Q2A'] }];
    await using world = await startWorld({ teams });
    const gone = new AbortController();
    const asked = world.enrich(people(40), { signal: gone.signal });
    await expect.poll(() => calls(world).bulk, { interval: 2 }).toBeGreaterThan(0);
    gone.abort();
    const answer = await asked;
    expect(answer.stopped).toBe('aborted');
    expect(world.core.waiting()).toBe(0);
    expect(answer.credits).toBe(world.sandbox.counts().credits);
    const matched = answer.results.filter(({ outcome }) => outcome === 'matched').length;
    world.sandbox.setPlan('team', 'paid');
    const again = await world.enrich(people(40));
    expect(again.results.filter(({ how }) => how === 'known').length).toBeGreaterThanOrEqual(matched);
    expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  it('ask for companies too', async () => {
    await using world = await startWorld();
    const answer = await world.core.enrich({
      workspace: WORKSPACE,
      kind: 'company',
      leads: [{ domain: 'contoso.com' }, { company: 'Fabrikam', domain: 'fabrikam.com' }, {}],
      options: {
        reveal: { personalEmails: false, phones: false, waterfall: false },
        company: false,
        matchedForMs: 1000,
        unmatchedForMs: 1000,
      },
    });
    expect(answer.results.map(({ outcome, company }) => [outcome, company?.name])).toEqual([
      ['matched', 'Contoso'],
      ['matched', 'Fabrikam'],
      ['skipped', undefined],
    ]);
    expect(world.sandbox.counts().lookups.people).toBe(0);
  });
});
