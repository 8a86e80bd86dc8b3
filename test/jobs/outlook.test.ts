import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../../core/index.ts';
import { expectedCost, means, type PastList } from '../../core/jobs/outlook.ts';
import type { Connection } from '../../core/slots/index.ts';
import { PHONES, people, startWorld } from './world.ts';

const planned = { rows: 100, duplicates: 0, skipped: 0, lookups: 100, mostCredits: 900 };
const withPhones = { ...DEFAULT_OPTIONS, ...PHONES };

describe('what a list is expected to cost', () => {
  it('goes by default figures, then by the lists of the workspace that were alike', () => {
    const first = expectedCost('people', withPhones, planned, []);
    expect(first.expectedFrom).toBe('default');
    expect(first.expectedCredits).toBeGreaterThan(100);
    expect(first.expectedCredits).toBeLessThan(900);
    const alike: PastList = { kind: 'people', options: withPhones, lookups: 200, credits: 500 };
    const others: PastList[] = [
      { ...alike, options: DEFAULT_OPTIONS, credits: 200 },
      { ...alike, kind: 'companies', credits: 100 },
    ];
    expect(expectedCost('people', withPhones, planned, [...others, alike])).toEqual({
      expectedCredits: 250,
      expectedFrom: 'workspace',
    });
    expect(expectedCost('people', withPhones, planned, [{ ...alike, lookups: 10 }]).expectedFrom).toBe(
      'default',
    );
  });

  it('counts the second call of those who are looked up by a name alone', () => {
    const twice = { ...planned, secondCalls: 50, mostCredits: 950 };
    const expected = (plan: typeof planned, past: PastList[] = []) =>
      expectedCost('people', withPhones, plan, past).expectedCredits ?? 0;
    expect(expected(twice) - expected(planned)).toBe(40);
    const alike: PastList = { kind: 'people', options: withPhones, lookups: 100, credits: 300 };
    expect(expected(twice, [alike]) - expected(planned, [alike])).toBe(40);
    // Its own second calls are in what a list has cost.
    expect(expected(twice, [{ ...alike, secondCalls: 50 }])).toBe(300);
  });

  it('is never more than the most', () => {
    const dear: PastList = { kind: 'people', options: withPhones, lookups: 100, credits: 5000 };
    expect(expectedCost('people', withPhones, planned, [dear]).expectedCredits).toBe(900);
  });
});

const connection = (team: string, credits?: Connection['credits']): Connection => ({
  id: team,
  workspace: 'contoso',
  slot: 1,
  kind: 'self',
  label: 'Sales',
  last4: '7Q2A',
  team,
  teamKnown: true,
  connectedAt: 0,
  health: { state: 'healthy' },
  ...(credits && { credits }),
});

describe('what the connected keys have left', () => {
  const cost = { expectedCredits: 300, mostCredits: 900 };

  it("is each team's once, and less where its users have caps", () => {
    const left = (...connections: Connection[]) =>
      means(connections, DEFAULT_OPTIONS, cost, undefined, 0).creditsLeft;
    const readAt = 0;
    expect(left()).toBeUndefined();
    expect(left(connection('a'))).toBeUndefined();
    expect(left(connection('a', { left: 500, readAt }), connection('a', { left: 500, readAt }))).toBe(500);
    expect(left(connection('a', { left: 500, readAt }), connection('b', { left: 30, readAt }))).toBe(530);
    const capped = { left: 6109, user: 6109, team: 363_515, readAt };
    expect(left(connection('a', capped))).toBe(6109);
    expect(left(connection('a', capped), connection('a', capped))).toBe(12_218);
  });

  it('is a warning before a list that cannot finish, or may not', () => {
    const warned = (left: number, limit?: number) =>
      means([connection('a', { left, readAt: 0 })], DEFAULT_OPTIONS, cost, limit, 0).warnings ?? [];
    expect(warned(100).join()).toMatch(/cannot finish.*about 300.*100 are left/);
    expect(warned(500).join()).toMatch(/At its dearest/);
    expect(warned(1000)).toEqual([]);
    expect(warned(100, 50)).toEqual([]);
  });

  it('says plainly that no limit holds with a waterfall', () => {
    const reveal = { ...DEFAULT_OPTIONS.reveal, waterfall: true };
    expect(means([], { ...DEFAULT_OPTIONS, reveal }, cost, 100, 0).warnings?.join()).toMatch(
      /no limit can be promised/,
    );
  });
});

describe('an estimate', () => {
  it('says the greatest and the expected cost, what is left, and how long phones take', async () => {
    await using world = await startWorld();
    const job = await world.prepare({ rows: people(4100), options: PHONES });
    expect(job.estimate).toMatchObject({ mostCredits: 41_000, creditsLeft: 20_000, expectedFrom: 'default' });
    // 410 polls, and Apollo takes 1,000 a minute of the sandbox's teams.
    expect(job.estimate.phoneSeconds).toBeGreaterThan(0);
    expect(job.estimate.expectedCredits).toBeGreaterThan(4100);
    expect(job.estimate.expectedCredits).toBeLessThan(20_000);
    expect(job.estimate.warnings?.join()).toContain('At its dearest this list costs more');
  });

  it('says nothing of polling where Apollo sends phones, or none are wanted', async () => {
    await using world = await startWorld({ publicUrl: 'https://contoso.example' });
    expect(
      (await world.prepare({ rows: people(10), options: PHONES })).estimate.phoneSeconds,
    ).toBeUndefined();
    expect((await world.prepare({ rows: people(10) })).estimate.phoneSeconds).toBeUndefined();
  });
});
