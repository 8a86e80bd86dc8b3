import { expect, test } from 'vitest';
import { onEveryStore } from './stores.ts';
import { KEYS, PHONES, people, WORKSPACE } from './world.ts';

onEveryStore('removing a workspace', (start) => {
  test('leaves nothing of it, and everything of the others', async () => {
    await using world = await start();
    const { core } = world;
    await core.slots.connect({ workspace: 'fabrikam', key: KEYS[0] });
    const rows = people(30);
    const job = await world.run({ rows });
    const phones = await world.run({ rows: people(3, 50), options: PHONES });
    const others = await world.run({ rows, workspace: 'fabrikam' });
    const running = await world.begin({ rows: people(2000, 100) });
    await core.credits.setMonthlyLimit(WORKSPACE, 100_000);

    await core.removeWorkspace(WORKSPACE);

    expect(await core.jobs.list(WORKSPACE)).toEqual([]);
    for (const id of [job.id, phones.id, running]) {
      expect(await core.jobs.status(id)).toBeUndefined();
      expect(await world.storedUnder(id)).toEqual([]);
    }
    expect((await core.slots.list(WORKSPACE)).notation).toBe('(self: 0/4) 0/4');
    expect(await core.credits.month(WORKSPACE)).toEqual({ credits: 0, inDoubtCredits: 0, bySlot: {} });
    expect(await world.storedUnder(`${WORKSPACE}/`)).toEqual([]);

    expect(await core.jobs.status(others.id)).toMatchObject({ state: 'done', finished: 30 });
    const again = await world.run({ rows, workspace: 'fabrikam' });
    expect(again).toMatchObject({ state: 'done', credits: 0, counts: { known: 30 } });

    await core.removeWorkspace(WORKSPACE);
  });
});
