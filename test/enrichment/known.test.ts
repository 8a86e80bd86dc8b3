import { describe, expect, it } from 'vitest';
import type { KnownResult } from '../../core/enrichment/known.ts';
import { onEveryStore } from '../jobs/stores.ts';
import { PHONES, people, profiles, startWorld, WORKSPACE, type World } from '../jobs/world.ts';
import { entryOf, idOf, ScriptedApollo } from './scripted-apollo.ts';

const DAY = 86_400_000;
const CONTOSO = { name: 'Contoso', domain: 'contoso.com' };
const HALF = { matchRate: 0.5 };

function lookups(world: World): number {
  return world.sandbox.counts().lookups.people;
}

describe('what is known', () => {
  it('costs nothing the next time, in any spelling, in a list or a request', async () => {
    await using world = await startWorld();
    await world.run({ rows: people(30) });
    const { credits: charged } = world.sandbox.counts();
    const shouted = people(30).map((row) => row.map((cell) => ` ${cell.toUpperCase()} `));
    const again = await world.run({ rows: shouted });
    expect(again).toMatchObject({ state: 'done', credits: 0, calls: 0, counts: { known: 30, lookups: 0 } });
    const { results, credits } = await world.enrich(people(30));
    expect(results.every(({ outcome, how }) => outcome === 'matched' && how === 'known')).toBe(true);
    expect(credits).toBe(0);
    expect(lookups(world)).toBe(30);
    expect(world.sandbox.counts().credits).toBe(charged);
  });

  it('is asked for again when it is too old: a miss after 14 days, a match after 90', async () => {
    await using world = await startWorld(HALF);
    const rows = people(100);
    const { counts: first } = await world.run({ rows });
    expect(first.matched).toBeGreaterThan(20);
    expect(first.unmatched).toBeGreaterThan(20);
    world.clock.advance(13 * DAY);
    expect((await world.run({ rows })).counts).toMatchObject({ known: 100, lookups: 0 });
    world.clock.advance(2 * DAY);
    expect((await world.run({ rows })).counts).toMatchObject({
      known: first.matched,
      lookups: first.unmatched,
    });
    // The misses are fresh again now.
    expect((await world.run({ rows })).counts).toMatchObject({ known: 100, lookups: 0 });
    world.clock.advance(76 * DAY);
    expect((await world.run({ rows })).counts).toMatchObject({ known: 0, lookups: 100 });
  });

  it('may be as old as the list says', async () => {
    await using world = await startWorld(HALF);
    const rows = people(60);
    const { counts: first } = await world.run({ rows });
    world.clock.advance(2 * DAY);
    const short = { matchedForMs: DAY, unmatchedForMs: 3 * DAY };
    expect((await world.run({ rows, options: short })).counts).toMatchObject({
      known: first.unmatched,
      lookups: first.matched,
    });
    world.clock.advance(200 * DAY);
    const long = { matchedForMs: 300 * DAY, unmatchedForMs: 300 * DAY };
    expect((await world.run({ rows, options: long })).counts).toMatchObject({ known: 60, lookups: 0 });
  });

  it('is asked for again where somebody wants it fresh, once', async () => {
    await using world = await startWorld();
    await world.run({ rows: people(20) });
    const fresh = await world.run({ rows: [...people(20), ...people(20)], fresh: true });
    expect(fresh.estimate).toMatchObject({ known: 0, lookups: 20, duplicates: 20 });
    expect(fresh.counts).toMatchObject({ known: 0, lookups: 20, duplicates: 20 });
    expect(lookups(world)).toBe(40);
    // Paused and resumed, a list takes up what it has asked for itself.
    const limited = await world.run({ rows: people(20), fresh: true, creditLimit: 10 });
    await world.core.jobs.setCreditLimit(limited.id, undefined);
    expect(await world.resume(limited.id)).toMatchObject({ state: 'done', counts: { lookups: 20 } });
    expect(lookups(world)).toBe(60);
    const direct = await world.enrich(people(5), { fresh: true });
    expect(direct.results.every(({ how }) => how === 'lookup')).toBe(true);
  });

  it('answers a request for phones only in the part that it has', async () => {
    await using world = await startWorld();
    await world.run({ rows: people(20) });
    const phones = await world.run({ rows: profiles(20), options: PHONES });
    expect(phones.counts).toMatchObject({ known: 0, lookups: 20 });
    expect(phones.counts.phones).toBeGreaterThan(5);
    // The other way round everything is there.
    expect((await world.run({ rows: people(20) })).counts).toMatchObject({ known: 20, lookups: 0 });
    expect((await world.run({ rows: profiles(20), options: PHONES })).credits).toBe(0);
  });

  it('is found under every key of a person', async () => {
    await using world = await startWorld();
    const { id } = await world.run({ rows: people(3) });
    const output = await world.output(id);
    const links = output.map(({ added }) => ['', '', '', '', added.apollo_linkedin_url ?? '']);
    const ids = output.map(({ added }) => added.apollo_id);
    const byLink = await world.enrich(links);
    expect(byLink.results.map(({ person }) => person?.id)).toEqual(ids);
    expect(byLink).toMatchObject({ credits: 0, calls: 0 });
  });

  it.each([
    ['profile', ['Ada', 'Lovelace', 'contoso.com', '', 'https://www.linkedin.com/in/ada-two']],
    ['address', ['Ada', 'Lovelace', 'contoso.com', 'ada.two@contoso.com', '']],
  ])('of somebody is not a namesake’s at the same company who has another %s', async (_, row) => {
    const ada = (who: string) =>
      entryOf('Ada Lovelace', CONTOSO, {
        id: idOf(who),
        linkedin_url: `linkedin.com/in/ada-${who}`,
        email: `ada.${who}@contoso.com`,
      });
    const apollo = new ScriptedApollo(([detail]) => [
      ada(JSON.stringify(detail).includes('two') ? 'two' : 'one'),
    ]);
    await using world = await startWorld({ between: apollo.between });
    const idOfRow = async (asked: string[]) => (await world.enrich([asked])).results[0]?.person?.id;
    expect(await idOfRow(row.map((cell) => cell.replace('two', 'one')))).toBe(idOf('one'));
    // What stands under the name they share is the other one's.
    expect(await idOfRow(row)).toBe(idOf('two'));
    expect(apollo.calls).toHaveLength(2);
  });

  it('wrongly, as earlier versions kept it under a name that the person does not have, is left out', async () => {
    const apollo = new ScriptedApollo(() => [entryOf('Ada Lovelace', CONTOSO)]);
    await using world = await startWorld({ between: apollo.between });
    await world.enrich([['Ada', 'Lovelace', 'contoso.com', '', '']]);
    const results = world.store.collection<KnownResult>('results');
    const aliases = world.store.collection<string>('aliases');
    const [entry] = await Array.fromAsync(results.entries());
    const [key = ''] = entry ?? [];
    const wrong = key.replace('adalovelace', 'bobstone');
    expect(wrong).not.toBe(key);
    if (entry) await results.set(wrong, { ...entry[1], keys: [wrong.slice(wrong.indexOf('/') + 1)] });
    await aliases.set(wrong, wrong.slice(wrong.indexOf('/') + 1));
    apollo.script = () => [null];
    const { results: found } = await world.enrich([['Bob', 'Stone', 'contoso.com', '', '']]);
    expect(found).toMatchObject([{ outcome: 'unmatched' }]);
    expect(apollo.calls).toHaveLength(2);
  });

  it('is known in its own workspace only', async () => {
    await using world = await startWorld({ connect: false });
    await world.connect('key-contoso-sales-7Q2A');
    await world.connectTo('fabrikam', 'key-fabrikam-one-3M8T');
    await world.run({ rows: people(10) });
    const other = await world.run({ rows: people(10), workspace: 'fabrikam' });
    expect(other.counts).toMatchObject({ known: 0, lookups: 10 });
  });

  it('is gone after the time for which results are kept', async () => {
    await using world = await startWorld();
    const options = { matchedForMs: 1000 * DAY, unmatchedForMs: 1000 * DAY };
    await world.run({ rows: people(10), options });
    world.clock.advance(366 * DAY);
    expect((await world.run({ rows: people(10), options })).counts).toMatchObject({ known: 0, lookups: 10 });
  });
});

onEveryStore('lists at the same moment', (start) => {
  it('ask for everybody whom they share once, and both have the answers', async () => {
    await using world = await start({ latencyMs: 10, matchRate: 0.8 });
    const ids = [
      await world.begin({ rows: people(200) }),
      await world.begin({ rows: people(200, 100) }),
      await world.begin({ rows: people(200).reverse() }),
    ];
    const ended = [];
    for (const id of ids) ended.push(await world.core.jobs.settled(id));
    for (const each of ended) {
      expect(each).toMatchObject({ state: 'done', finished: 200 });
      const { known, lookups: asked, duplicates } = each.counts;
      expect(known + asked + duplicates).toBe(200);
    }
    expect(lookups(world)).toBe(300);
    const { credits, chargedMoreThanOnce } = world.sandbox.counts();
    expect(chargedMoreThanOnce).toEqual([]);
    expect(ended.reduce((sum, each) => sum + each.credits, 0)).toBe(credits);
    const [first, , reversed] = await Promise.all(ids.map((id) => world.output(id)));
    const found = (output = first) => output?.map(({ added }) => added.apollo_id);
    expect(found(reversed)?.reverse()).toEqual(found());
  });
});

it('a list does not wait for one that is cancelled: it asks by itself', async () => {
  const teams = [{ id: 'team', plan: { '*': { minute: 2 } }, keys: ['key-contoso-sales-7Q2A'] }];
  await using world = await startWorld({ teams });
  const first = await world.begin({ rows: people(60) });
  await expect.poll(() => lookups(world), { interval: 5 }).toBeGreaterThan(0);
  const second = await world.begin({ rows: people(60) });
  await world.core.jobs.cancel(first);
  expect(await world.core.jobs.settled(second)).toMatchObject({ state: 'done', finished: 60 });
  expect(lookups(world)).toBe(60);
  expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  const { credits } = await world.core.credits.month(WORKSPACE);
  expect(credits).toBe(world.sandbox.counts().credits);
});
