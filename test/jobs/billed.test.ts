import { describe, expect, it } from 'vitest';
import type { Reveal } from '../../core/apollo/index.ts';
import { KEYS, people, startWorld, WORKSPACE } from './world.ts';

const NOTHING: Reveal = { personalEmails: false, phones: false, waterfall: false };

describe('what answers cost that do not say it', () => {
  it.each([
    ['people', NOTHING],
    ['people with personal e-mails', { ...NOTHING, personalEmails: true }],
    ['people in a waterfall', { ...NOTHING, waterfall: true }],
  ] as const)(
    'is what Apollo books, also where somebody without chargeable data is found: %s',
    async (_, reveal) => {
      await using world = await startWorld({ matchRate: 0.8, teams: [{ id: 'team', keys: [KEYS[0]] }] });
      if (!reveal.waterfall) world.sandbox.fault({ kind: 'not allowed', endpoint: 'people/bulk_match' });
      const rows = people(150).map(([first = '', last = '', domain = '']) => [first, last, domain, '', '']);
      const status = await world.run({ rows, options: { reveal } });
      expect(status).toMatchObject({ state: 'done', inDoubtCredits: 0 });
      const counts = world.sandbox.counts();
      if (!reveal.waterfall) expect(counts.byEndpoint['people/match']).toBeGreaterThan(100);
      // Somebody is found who costs nothing; else this would show nothing.
      expect(counts.peopleCharged).toBeLessThan(status.counts.matched + status.counts.review);
      expect(status.credits).toBe(counts.credits);
      expect((await world.core.credits.month(WORKSPACE)).credits).toBe(counts.credits);
    },
  );
});
