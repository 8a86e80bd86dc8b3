import { expect, it } from 'vitest';
import { KEYS, startMachine } from './command-line.ts';

it('schedule has a list run again, shows that, and switches it off', async () => {
  await using machine = await startMachine();
  await machine.json(['connect'], { input: KEYS.contoso });
  await machine.file('ada.csv', 'First Name,Last Name,Website\nAda,Lovelace,contoso.com\n');
  const { id } = await machine.json<{ id: string }>(['enrich', 'ada.csv', '--yes']);
  expect((await machine.run(['schedule', id])).stdout).toContain('does not run again by itself');

  const set = await machine.json(['schedule', id, '--every', 'week', '--older-than', '14']);
  expect(set).toMatchObject({ job: id, schedule: { every: 'week', olderThanDays: 14, job: id } });
  expect((await machine.run(['schedule', id])).stdout).toMatch(/every week, next on .*; who was answered in/);
  expect((await machine.run(['status', id])).stdout).toContain('Runs again');
  expect(await machine.json(['schedule', id, '--off'])).toEqual({ job: id, schedule: null });

  expect(await machine.run(['schedule', id, '--older-than', '14'])).toMatchObject({ code: 2 });
  expect(await machine.run(['schedule', id, '--every', 'day'])).toMatchObject({ code: 2 });
});
