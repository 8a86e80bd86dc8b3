import { describe, expect, it } from 'vitest';
import { currentHealth, type Health, healthWords, parseKind } from '../../core/slots/index.ts';
import { createWorld, MONDAY } from './world.ts';

describe('the words for slots', () => {
  it('knows every name of a kind', () => {
    expect(['self', 'dfy', 'fly', 'dly', ' FLY '].map(parseKind)).toEqual([
      'self',
      'dfy',
      'dfy',
      'dfy',
      'dfy',
    ]);
    expect(parseKind('own')).toBeUndefined();
  });

  it('counts in words as in numbers', async () => {
    const { slots, newKey } = createWorld({ plan: { self: 1, dfy: 2 } });
    await slots.connect({ workspace: 'contoso', key: newKey() });
    expect(await slots.list('contoso')).toMatchObject({
      notation: '(self: 1/1) (fly: 0/2) 1/3',
      words: 'no self-service slot free, 2 done-for-you slots free',
    });
  });
});

describe('the words for health', () => {
  const minute = 60_000;
  it.each<[Health, string]>([
    [{ state: 'healthy' }, 'Healthy.'],
    [
      { state: 'limited', window: 'minute', until: MONDAY + 40_000 },
      'At its limit per minute for another 40 s. It continues automatically.',
    ],
    [
      { state: 'limited', window: 'day', until: MONDAY + 300 * minute },
      'At its limit per day for another 5 h. It continues automatically.',
    ],
    [
      { state: 'out-of-credits', since: MONDAY },
      'Out of credits since 2026-11-02 09:00 UTC. Add credits in Apollo; the slot is tried again every hour.',
    ],
    [
      { state: 'refused', since: MONDAY },
      'Refused by Apollo since 2026-11-02 09:00 UTC. Check the key in Apollo, or replace it in this slot.',
    ],
    [{ state: 'limited', window: 'hour', until: MONDAY }, 'Healthy.'],
    [{ state: 'out-of-credits', since: MONDAY - minute, until: MONDAY }, 'Healthy.'],
  ])('%j: %s', (health, words) => {
    expect(healthWords(health, MONDAY)).toBe(words);
  });

  it('a refused key does not get better by waiting', () => {
    const health: Health = { state: 'refused', since: MONDAY };
    expect(currentHealth({ health }, MONDAY + 1e12)).toEqual(health);
  });
});
