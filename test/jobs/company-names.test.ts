import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../../core/index.ts';
import { startWorld, WORKSPACE } from './world.ts';

const HEADERS = ['Company', 'Website'];

describe('a company by its name alone', () => {
  it('is looked up by the domain that another row of the list has for it', async () => {
    await using world = await startWorld();
    const job = await world.prepare({
      headers: HEADERS,
      rows: [
        ['Contoso', ''],
        ['Contoso Ltd.', 'https://www.contoso.com/about'],
        ['Fabrikam', ''],
      ],
    });
    expect(job.estimate).toMatchObject({ rows: 3, duplicates: 1, lookups: 1, skipped: 1, mostCredits: 1 });
    await world.core.jobs.start(job.id);
    const done = await world.core.jobs.settled(job.id);
    expect(done).toMatchObject({ state: 'done', credits: 1 });
    const rows = await world.output(job.id);
    expect(rows.map(({ added }) => added.apollo_outcome)).toEqual(['matched', 'matched', 'skipped']);
    expect(rows[2]?.added.apollo_error).toMatch(/name alone.*Add the domain/);
  });

  it('is skipped where two companies of the list bear the name', async () => {
    await using world = await startWorld();
    const job = await world.prepare({
      headers: HEADERS,
      rows: [
        ['Contoso', 'contoso.com'],
        ['Contoso', 'contoso.example.org'],
        ['Contoso', ''],
      ],
    });
    expect(job.estimate).toMatchObject({ lookups: 2, skipped: 1 });
  });

  it('is known from an earlier list, and asked for anew by the domain known from there', async () => {
    await using world = await startWorld();
    const before = await world.run({ headers: HEADERS, rows: [['Contoso', 'contoso.com']] });
    expect(before.credits).toBe(1);
    const rows = [['Contoso', '']];
    const known = await world.prepare({ headers: HEADERS, rows });
    expect(known.estimate).toMatchObject({ known: 1, lookups: 0, skipped: 0 });
    const anew = await world.run({ headers: HEADERS, rows, fresh: true });
    expect(anew).toMatchObject({ credits: 1, counts: { matched: 1, skipped: 0 } });
  });

  it('is never sent for a few leads at once either', async () => {
    await using world = await startWorld();
    const answer = await world.core.enrich({
      workspace: WORKSPACE,
      kind: 'company',
      leads: [{ company: 'Contoso' }, { company: 'Contoso', domain: 'contoso.com' }, { company: 'Fabrikam' }],
      options: DEFAULT_OPTIONS,
    });
    expect(answer).toMatchObject({ credits: 1, calls: 1 });
    expect(answer.results.map(({ outcome }) => outcome)).toEqual(['matched', 'matched', 'skipped']);
    expect(answer.results[2]?.error).toMatch(/name alone/);
  });
});
