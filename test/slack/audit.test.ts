import { expect, test } from 'vitest';
import { connectKey, startWorld } from './bot.ts';
import { TEAM } from './slack-server.ts';

test('what people do is recorded under their ids, and stays when the app is removed', async () => {
  const { ada, root, keys, core } = await startWorld();
  await connectKey(ada, keys.one);
  await root.submit(await root.choose(await root.modal('settings'), 'who.disconnect', 'everyone'));
  await root.command('token n8n');
  const trail = async () =>
    (await Array.fromAsync(core.audit.entries({ workspace: TEAM }))).map(({ deed, by, facts }) => ({
      deed,
      by: `${by.kind} ${by.id} ${by.via}`,
      facts,
    }));
  expect(await trail()).toMatchObject([
    { deed: 'token.create', by: `person ${root.id} slack`, facts: { name: 'n8n' } },
    { deed: 'settings.change', by: `person ${root.id} slack`, facts: { disconnect: '"everyone"' } },
    { deed: 'slot.connect', by: `person ${ada.id} slack`, facts: { slot: 1 } },
  ]);
  await ada.event({ type: 'app_uninstalled' });
  await expect.poll(async () => (await trail()).map(({ deed }) => deed)).toContain('token.revoke');
  // What was done stays when the workspace goes.
  expect((await trail()).map(({ deed }) => deed)).toEqual(
    expect.arrayContaining(['workspace.remove', 'slot.disconnect', 'slot.connect']),
  );
});
