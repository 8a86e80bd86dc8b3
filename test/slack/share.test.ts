import { expect, it } from 'vitest';
import { connectKey, startWorld } from './bot.ts';
import { textOf } from './person.ts';

it('/apollo slots share leaves a share of a team’s limits to colleagues, and shows it', async () => {
  const { ada, core, keys } = await startWorld();
  await connectKey(ada, keys.one);
  const set = async (rest: string) => textOf((await ada.command(`slots ${rest}`)).args);
  expect(await set('share 1=50')).toContain('Slot 1 uses 50 % of its limits');
  expect(await set('')).toContain("uses 50 % of its team's limits");
  expect((await core.slots.connections('T000000001'))[0]?.share).toBe(50);
  expect(await set('share 1=100')).toContain('all of its limits');
  expect(await set('')).not.toContain("team's limits");
  for (const wrong of ['share', 'share 1=0', 'share 1=101', 'share x=5', '50'])
    expect(await set(wrong)).toContain('/apollo slots share 2=50');
  expect(await set('share 2=50')).toMatch(/nothing is connected|no key|free/i);
});
