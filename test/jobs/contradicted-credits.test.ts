import { expect, it } from 'vitest';
import type { Http } from '../../core/ports.ts';
import { people, startWorld } from './world.ts';

it('a list that Apollo refuses for credits, which its balance says are there, is told once and goes on in the end', async () => {
  let refusals = 0;
  const refusing = (http: Http): Http => ({
    ...http,
    request: async (request) => {
      if (refusals >= 6 || !request.url.includes('/people/')) return await http.request(request);
      refusals += 1;
      return { status: 422, headers: {}, body: 'insufficient credits' };
    },
  });
  await using world = await startWorld({ between: refusing, speed: 2000 });
  world.tend();
  const id = await world.begin({ rows: people(5) });
  await expect.poll(async () => (await world.core.jobs.status(id))?.state).toBe('done');
  const told = world.events.filter(({ type }) => type === 'job.paused' || type === 'slot.trouble');
  expect(told.filter(({ type }) => type === 'job.paused')).toHaveLength(1);
  expect(refusals).toBe(6);
  expect((await world.core.jobs.status(id))?.credits).toBe(5);
});
