import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { KEYS, startMachine } from './command-line.ts';

test('a drill: what was backed up while the server ran is there again on another machine, with the right key alone', async () => {
  await using machine = await startMachine({ env: { PORT: '0' } });
  const { dataDir, folder } = machine;
  const copy = path.join(folder, 'copy.sqlite');
  await machine.json(['connect', '--label', 'Sales EU'], { input: KEYS.contoso });
  const made = await machine.json<{ id: string }>(['token', 'create', '--name', 'n8n']);
  const server = machine.start(['serve']);
  await expect
    .poll(
      () =>
        stat(path.join(dataDir, 'server.sock')).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
  expect(await machine.json(['backup', copy])).toMatchObject({ file: copy });
  const { entries } = await machine.json<{ entries: { deed: string }[] }>(['audit', '--all']);
  expect(entries.map(({ deed }) => deed)).toContain('store.backup');
  server.child.kill('SIGTERM');
  await server.ran;
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  const keys = path.join(dataDir, 'encryption.keys');
  const key = (await readFile(keys, 'utf8')).trim().split(':')[1] ?? '';
  expect((await readFile(copy)).includes(key)).toBe(false);
  expect((await machine.run(['backup', copy])).stderr).toContain('There is a file');

  // Another machine: nothing but the copy, and then the key from where it was kept.
  const env = { DATA_DIR: path.join(folder, 'elsewhere') };
  const restored = await machine.run(['restore', copy], { env });
  expect([restored.code, restored.stdout]).toEqual([0, expect.stringContaining('which is not here')]);
  await copyFile(keys, path.join(env.DATA_DIR, 'encryption.keys'));
  const slots = await machine.json<{ slots: { label: string; health: object }[] }>(['slots', '--refresh'], {
    env,
  });
  expect(slots.slots[0]).toMatchObject({ label: 'Sales EU', health: { state: 'healthy' } });
  const { tokens } = await machine.json<{ tokens: { id: string }[] }>(['token', 'list'], { env });
  expect(tokens.map(({ id }) => id)).toEqual([made.id]);

  // A store that is there is not overwritten, but kept beside the restored one.
  expect((await machine.run(['restore', copy], { env })).stderr).toContain('There is a store in');
  const again = await machine.json<{ keptAs: string }>(['restore', copy, '--replace'], { env });
  expect((await stat(path.join(env.DATA_DIR, again.keptAs))).isFile()).toBe(true);
  const trail = await machine.json<{ entries: object[] }>(['audit', '--all'], { env });
  expect(trail.entries).toContainEqual(
    expect.objectContaining({
      deed: 'store.restore',
      by: expect.objectContaining({ kind: 'command-line' }),
      about: { keptAs: again.keptAs },
    }),
  );

  // What is no store, and what a later version wrote, is refused, and changes nothing.
  const none = path.join(folder, 'none.sqlite');
  await writeFile(none, 'no store');
  const refused = await machine.run(['restore', none, '--replace'], { env });
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('none.sqlite is damaged')]);
  const later = new DatabaseSync(copy);
  later.exec('PRAGMA user_version = 99');
  later.close();
  expect((await machine.run(['restore', copy, '--replace'], { env })).stderr).toContain(
    'written by a newer version',
  );
  expect((await machine.json<{ slots: object[] }>(['slots'], { env })).slots[0]).toMatchObject({
    label: 'Sales EU',
  });
}, 180_000);
