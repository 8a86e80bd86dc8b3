import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ForgottenMarks, type KnownResult, KnownResults } from '../../core/enrichment/index.ts';
import { DEFAULT_OPTIONS } from '../../core/enrichment/options.ts';
import { mapColumns } from '../../core/index.ts';
import { JobRows } from '../../core/jobs/rows.ts';
import type { Job } from '../../core/jobs/types.ts';
import type { MovableStore } from '../../core/node/entry-store.ts';
import { createLog, singleProcess, systemClock } from '../../core/node/index.ts';
import { MemoryStore } from '../slots/world.ts';
import { onEveryStore } from './stores.ts';
import { PHONES, profiles, startWorld, WORKSPACE, type World } from './world.ts';

const HER = /quintessa|brambleby/i;
const PROFILE = 'https://www.linkedin.com/in/quintessa-brambleby';
const HEADERS = ['first_name', 'last_name', 'company_domain', 'email', 'linkedin_url'];
const ROW = ['Quintessa', 'Brambleby', 'contoso.com', '', PROFILE];
const ROWS = [ROW, ['Quintessa', 'A. Brambleby', 'fabrikam.com', '', ''], ...profiles(4)];

/** A list of five with her name in its own, whose phones are still on their way. */
async function listOf(world: World, workspace = WORKSPACE): Promise<string> {
  const { id } = await world.core.jobs.prepare({
    workspace,
    name: 'Quintessa Brambleby and others.csv',
    headers: HEADERS,
    source: {},
    mapping: mapColumns(HEADERS, ROWS),
    rows: (async function* () {
      yield* ROWS;
    })(),
    options: { ...DEFAULT_OPTIONS, ...PHONES },
    fresh: false,
  });
  await world.core.jobs.start(id);
  await expect
    .poll(async () => (await world.core.jobs.status(id))?.latePeople, { timeout: 20_000 })
    .toBeGreaterThan(0);
  return id;
}

async function everything(world: World): Promise<string> {
  let text = '';
  for await (const entries of (world.store as MovableStore).stored()) text += JSON.stringify(entries);
  return text;
}

onEveryStore('forgetting somebody whose phone is on its way', (start) => {
  test('leaves nothing of her, and everybody else with their phones and the books equal', async () => {
    await using world = await start({ lateMs: 1_000, minuteMs: 600 });
    const id = await listOf(world);
    const before = await world.core.personData(WORKSPACE, PROFILE);
    expect(before).toMatchObject({ isForgotten: false, results: [{ outcome: 'matched' }] });
    expect(before.rows).toMatchObject([{ list: id, row: 1, cells: { first_name: 'Quintessa' } }]);
    const apolloId = before.results[0]?.person?.id ?? 'none';
    expect(await everything(world)).toContain(apolloId);

    await world.core.forget(WORKSPACE, [PROFILE]);
    await world.core.forget(WORKSPACE, ['quintessa.brambleby@contoso.com']);

    const left = await everything(world);
    expect(left).not.toContain(apolloId);
    expect(left.match(/[^"]{0,60}quintessa brambleby[^"]{0,60}/i)).toBeNull();
    expect((await world.core.jobs.status(id))?.name).toBe('[forgotten] and others.csv');
    const after = await world.core.personData(WORKSPACE, PROFILE);
    expect(after).toEqual({ isForgotten: true, results: [], rows: [] });
    const done = await world.core.jobs.settled(id);
    expect(done).toMatchObject({ state: 'done', latePeople: 0 });
    expect(await everything(world)).not.toContain(apolloId);
    const phones = (await world.output(id)).map(({ added }) => Boolean(added.apollo_phone));
    expect(phones.slice(2)).toEqual([true, true, true, true]);
    expect(done.credits + done.inDoubtCredits).toBeGreaterThanOrEqual(world.sandbox.counts().credits);
  }, 40_000);
});

test('nothing of her stands in the files of the store, the log beside it included', async () => {
  await using world = await startWorld({ lateMs: 1_000 });
  await listOf(world);
  await world.core.forget(WORKSPACE, ['contoso.com', 'fabrikam.com']);
  for (const name of (await readdir(world.directory)).filter((each) => each.startsWith('store.sqlite'))) {
    const text = (await readFile(join(world.directory, name))).toString('latin1');
    expect([name, text.match(HER)?.[0]]).toEqual([name, undefined]);
  }
}, 30_000);

test('a domain means everybody at it, for this workspace alone, and all are forgotten or none', async () => {
  await using world = await startWorld();
  const rows = profiles(3);
  const job = await world.run({ rows });
  await world.core.slots.removeAll('fabrikam');
  const others = await world.prepare({ rows, workspace: 'fabrikam' });
  await expect(world.core.forget(WORKSPACE, ['contoso.com', 'nobody at all'])).rejects.toThrow(
    'Give an e-mail',
  );
  expect((await world.core.jobs.status(job.id))?.counts.matched).toBe(3);
  expect((await world.output(job.id)).every(({ cells }) => cells[0] !== '')).toBe(true);

  expect(await world.core.forget(WORKSPACE, '@contoso.com')).toMatchObject({
    rows: 3,
    results: 3,
    remains: [],
  });
  expect((await world.output(job.id)).every(({ cells }) => cells.join('') === '')).toBe(true);
  const again = await world.run({ rows });
  expect(again).toMatchObject({ credits: 0, counts: { skipped: 3 } });
  expect((await world.output(others.id)).every(({ cells }) => cells[0] !== '')).toBe(true);
});

test('a domain means those at it whom Apollo does not know too', async () => {
  await using world = await startWorld({ matchRate: 0 });
  const headers = ['first_name', 'last_name', 'company_domain'];
  await world.run({ headers, rows: [ROW.slice(0, 3)] });
  expect(await everything(world)).toMatch(HER);
  expect(await world.core.forget(WORKSPACE, 'contoso.com')).toMatchObject({ results: 1, rows: 1 });
  expect((await everything(world)).match(HER)).toBeNull();
});

test('an answer that was under way when its person was forgotten is not kept', async () => {
  const store = new MemoryStore();
  const http = { request: () => Promise.reject(new Error('nothing is asked here')) };
  const log = createLog({ write: () => undefined });
  const marks = new ForgottenMarks(singleProcess({ clock: systemClock, http, log, store }));
  const known = new KnownResults(store, 86_400_000, marks);
  const result = (key: string): KnownResult => ({
    outcome: 'matched',
    keys: [key, 'em:ada@contoso.com'],
    at: Date.now(),
    reveal: { personalEmails: false, phones: false, waterfall: false },
    credits: 1,
    by: { source: 'list', row: 0 },
  });
  await marks.add('contoso', ['li:ada']);
  await known.remember('contoso', [result('li:ada')]);
  await known.remember('fabrikam', [result('li:ada')]);
  expect((await known.byKey('contoso', ['li:ada'])).size).toBe(0);
  expect((await known.byKey('fabrikam', ['li:ada'])).size).toBe(1);
});

test('what was found in a chunk while its person was forgotten is not kept', async () => {
  const http = { request: () => Promise.reject(new Error('nothing is asked here')) };
  const log = createLog({ write: () => undefined });
  const ports = singleProcess({ clock: systemClock, http, log, store: new MemoryStore() });
  const rows = new JobRows(
    ports,
    new KnownResults(ports.store, 86_400_000, new ForgottenMarks(ports)),
    86_400_000,
  );
  const job = { id: 'job', kind: 'people', chunks: 1, mapping: mapColumns(HEADERS, ROWS) } as Job;
  await rows.keep(job.id, 0, { cells: ROWS, duplicates: [] }, []);
  const found = ROWS.map(() => ({ outcome: 'unmatched' as const }));

  expect(await rows.forget(job, new Set(['li:quintessa-brambleby']))).toMatchObject({ removed: 1 });
  const kept = await rows.withoutForgotten(job.id, 0, found);
  expect(kept[0]).toMatchObject({ outcome: 'skipped', error: expect.stringContaining('forgotten') });
  expect(kept.slice(1)).toEqual(found.slice(1));
});
