import { describe, expect, it } from 'vitest';
import { Allowance } from '../../core/limits/allowance.ts';
import { Concurrency } from '../../core/limits/concurrency.ts';
import { Limiter } from '../../core/limits/limiter.ts';
import type { UsableConnection } from '../../core/slots/types.ts';

describe('how many calls are under way at once', () => {
  it('begins with sixteen and grows with every answer, up to 64', () => {
    const concurrency = new Concurrency();
    expect(concurrency.limit).toBe(16);
    concurrency.answered(300);
    expect(concurrency.limit).toBe(17);
    for (let answers = 0; answers < 100; answers += 1) concurrency.answered(300 + (answers % 50));
    expect(concurrency.limit).toBe(64);
  });

  it('shrinks while answers are slower than usual', () => {
    const concurrency = new Concurrency();
    for (let answers = 0; answers < 16; answers += 1) concurrency.answered(100);
    expect(concurrency.limit).toBe(32);
    for (let answers = 0; answers < 20; answers += 1) concurrency.answered(1000);
    expect(concurrency.limit).toBe(22);
  });

  it('does not shrink below four because of slowness alone', () => {
    const concurrency = new Concurrency();
    for (let latency = 100; latency < 1_000_000; latency *= 1.08) concurrency.answered(latency);
    expect(concurrency.limit).toBe(4);
  });

  it('takes scattered answers for what they are', () => {
    const concurrency = new Concurrency();
    const latencies = [60, 40, 150, 60, 25, 90, 70, 240, 55, 45];
    for (let answers = 0; answers < 100; answers += 1) {
      concurrency.answered(latencies[answers % latencies.length] ?? 60);
    }
    expect(concurrency.limit).toBe(64);
  });

  it('takes a pace that has become usual for the norm', () => {
    const concurrency = new Concurrency();
    concurrency.answered(100);
    for (let answers = 0; answers < 400; answers += 1) concurrency.answered(1000);
    expect(concurrency.limit).toBe(64);
  });

  it('is halved by trouble, and never stands still', () => {
    const concurrency = new Concurrency();
    for (let answers = 0; answers < 16; answers += 1) concurrency.answered(100);
    expect(concurrency.limit).toBe(32);
    concurrency.troubled();
    expect(concurrency.limit).toBe(16);
    for (let troubles = 0; troubles < 10; troubles += 1) concurrency.troubled();
    expect(concurrency.limit).toBe(1);
    concurrency.answered(100);
    expect(concurrency.limit).toBe(2);
  });
});

function newLimiter(limit?: number): Limiter {
  const allowance = new Allowance(60_000);
  const unlimited = { hour: { limit: null }, day: { limit: null } };
  allowance.learn({ minute: { limit: limit ?? null }, ...unlimited }, 0);
  return new Limiter('team-contoso', 'people/bulk_match', allowance);
}

describe('a limiter', () => {
  it('has room for what both its allowance and its pace allow', () => {
    const wide = newLimiter();
    expect(wide.room(0)).toEqual({ free: 16 });
    wide.underWay = 15;
    expect(wide.room(0)).toEqual({ free: 1 });
    wide.underWay = 16;
    expect(wide.room(0)).toEqual({ free: 0, at: undefined });
    expect(newLimiter(2).room(0)).toEqual({ free: 2 });
  });

  it('rests after trouble, longer each time, until an answer comes', () => {
    const limiter = newLimiter();
    const restOf = (now: number) => (limiter.room(now).at ?? now) - now;
    limiter.troubled(0, 0.999);
    expect(restOf(0)).toBeCloseTo(500, -1);
    limiter.troubled(1000, 0.999);
    expect(restOf(1000)).toBeCloseTo(1000, -1);
    limiter.troubled(3000, 0);
    expect(restOf(3000)).toBe(1000);
    for (let now = 10_000; now < 1_000_000; now += 100_000) limiter.troubled(now, 0.999);
    expect(restOf(910_000)).toBeLessThanOrEqual(30_000);
    expect(restOf(910_000)).toBeGreaterThan(29_000);
    limiter.answered(100);
    limiter.troubled(2_000_000, 0);
    expect(restOf(2_000_000)).toBe(250);
  });

  it('takes trouble that several calls met together for one', () => {
    const limiter = newLimiter();
    limiter.troubled(0, 0);
    for (let other = 0; other < 5; other += 1) limiter.troubled(100, 0);
    expect(limiter.room(100)).toEqual({ free: 0, at: 250 });
  });

  it('uses a key of the workspace that asks, and of no other', () => {
    const limiter = newLimiter();
    const connection = (workspace: string, slot: number) =>
      ({ workspace, slot }) as Partial<UsableConnection> as UsableConnection;
    limiter.connections = [connection('fabrikam', 1), connection('contoso', 2), connection('contoso', 3)];
    expect(limiter.connectionsOf('contoso').map(({ slot }) => slot)).toEqual([2, 3]);
    expect(limiter.connectionsOf('northwind')).toEqual([]);
  });
});
