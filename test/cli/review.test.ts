import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { KEYS, startMachine } from './command-line.ts';

it('review shows what contradicts beside what was asked, and takes decisions about it', async () => {
  await using machine = await startMachine();
  const rowOf = async (name: string): Promise<Record<string, string>> =>
    (parse(await machine.read(name), { columns: true }) as Record<string, string>[])[0] ?? {};
  await machine.json(['connect'], { input: KEYS.contoso });
  await machine.file('ada.csv', 'First Name,Last Name,Website\nAda,Lovelace,contoso.com\n');
  await machine.json(['enrich', 'ada.csv', '--out', 'ada-out.csv', '--yes']);
  const { apollo_linkedin_url: profile } = await rowOf('ada-out.csv');
  // The profile is Ada's, and the list says that it is Bob's.
  await machine.file('bob.csv', `First Name,Last Name,LinkedIn\nBob,Stone,${profile}\n`);
  const listed = await machine.json<{ id: string }>(['enrich', 'bob.csv', '--out', 'out.csv', '--yes']);
  expect(listed).toMatchObject({ matched: 0, review: 1 });

  const { stdout } = await machine.run(['review', listed.id]);
  expect(stdout).toMatch(/Row 1 .*name/);
  expect(stdout).toMatch(/Name +Bob Stone +Ada Lovelace/);
  expect(stdout).toContain(`review ${listed.id} --accept ROWS --reject ROWS`);
  const unclear = await machine.run(['review', listed.id, '--accept', '1', '--reject', 'all']);
  expect(unclear).toMatchObject({ code: 2, stderr: expect.stringContaining('both accepted and rejected') });
  const decided = await machine.json(['review', listed.id, '--accept', 'all']);
  expect(decided).toEqual({ job: listed.id, accepted: [1], rejected: [], open: 0 });
  await machine.json(['resume', listed.id]);
  expect(await rowOf('out.csv')).toMatchObject({ 'First Name': 'Bob', apollo_outcome: 'matched' });
});
