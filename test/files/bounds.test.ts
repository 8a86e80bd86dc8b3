import { describe, expect, it } from 'vitest';
import { DEFAULT_BOUNDS } from '../../core/node/files/index.ts';
import { listOf, testFolder } from './lists.ts';
import { workbook } from './workbook.ts';

const folder = await testFolder();

/** ms until a list is refused. */
async function refusedAfter(content: string, message: RegExp): Promise<number> {
  const started = performance.now();
  await expect(listOf(folder, content)).rejects.toThrow(message);
  return performance.now() - started;
}

describe('a list beyond its bounds is refused with the limit named', () => {
  it('of columns, in the time that it takes to see them', async () => {
    const wide = Array.from({ length: 16_000 }, (_, column) => `c${column}`).join(',');
    const ms = await refusedAfter(`${wide}\n${wide}\n`, /has 16,000 columns; a list may have 500/);
    expect(ms).toBeLessThan(1000);
    const cells = Array.from({ length: 16_000 }, (_, column) => `c${column}`);
    const limit = /has 16,000 columns; a list may have 500/;
    const asJson = JSON.stringify([Object.fromEntries(cells.map((cell) => [cell, 1]))]);
    expect(await refusedAfter(asJson, limit)).toBeLessThan(1000);
    await expect(listOf(folder, workbook([cells, cells]), { fileName: 'wider.xlsx' })).rejects.toThrow(limit);
    const names = Object.fromEntries(Array.from({ length: 501 }, (_, column) => [`c${column}`, 1]));
    await refusedAfter(JSON.stringify(names), /has 501 columns; a list may have 500/);
    await expect(
      listOf(folder, workbook([Array.from({ length: 26 }, () => 'x')]), {
        fileName: 'wide.xlsx',
        bounds: { ...DEFAULT_BOUNDS, columns: 25 },
      }),
    ).rejects.toThrow(/26 columns; a list may have 25/);
  });

  it.each([
    ['a workbook', 'many.xlsx', workbook(Array.from({ length: 1000 }, (_, row) => ['Email', `${row}@b.de`]))],
    ['a JSON array', 'many.json', JSON.stringify(Array.from({ length: 1000 }, () => ({ email: 'a@b.de' })))],
  ])('%s is read in turns of the event loop, so that other requests go on', async (_, fileName, content) => {
    const list = await listOf(folder, content, { fileName });
    const started = Promise.withResolvers<number>();
    let read = 0;
    for await (const _row of list.rows()) {
      // The file itself is in memory by the first row.
      if (++read === 1) setImmediate(() => started.resolve(read));
    }
    expect(await started.promise).toBeLessThan(read);
  });

  it('of rows and cells', async () => {
    const bounds = { ...DEFAULT_BOUNDS, rows: 2 };
    const rows = 'a,b\n1,2\n1,2\n1,2\n';
    await expect(listOf(folder, rows, { bounds })).rejects.toThrow(/more than 2 rows.*MAX_LIST_ROWS/);
    await expect(listOf(folder, rows, { bounds: { ...DEFAULT_BOUNDS, cells: 5 } })).rejects.toThrow(
      /more than 5 cells.*MAX_LIST_CELLS/,
    );
    expect(await listOf(folder, rows, { bounds: { ...DEFAULT_BOUNDS, cells: 6 } })).toMatchObject({
      rowCount: 3,
    });
  });
});
