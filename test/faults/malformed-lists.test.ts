import { describe, expect } from 'vitest';
import { leadFromRow, MappingError, mapColumns } from '../../core/leads/index.ts';
import { LeadFileError } from '../../core/node/index.ts';
import { listOf, testFolder } from '../files/lists.ts';
import { workbook, workbookOf } from '../files/workbook.ts';
import { random } from '../sandbox/chance.ts';
import { length, report, seeded } from './length.ts';
import { mutate } from './mutate.ts';

const HEADERS = ['First Name', 'Last Name', 'Company', 'E-Mail', 'LinkedIn URL', 'Note'];
const ROWS = Array.from({ length: 12 }, (_, row) => [
  `Ada${row}`,
  'Lovelace',
  'Contoso, "Inc."',
  `ada.${row}@contoso.example`,
  `https://www.linkedin.com/in/ada-${row}`,
  'line one\nline two; é漢',
]);
const delimited = (delimiter: string) =>
  [HEADERS, ...ROWS]
    .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter))
    .join('\r\n');
const records = ROWS.map((row) => Object.fromEntries(row.map((cell, index) => [HEADERS[index], cell])));

const TEXTS: readonly [name: string, good: Buffer][] = [
  ['CSV', Buffer.from(delimited(','))],
  ['CSV with semicolons in Windows-1252', Buffer.from(delimited(';').replaceAll('漢', ''), 'latin1')],
  ['TSV', Buffer.from(delimited('\t').replaceAll('"', ''))],
  ['CSV in UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(delimited(','), 'utf16le')])],
  ['NDJSON', Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'))],
  ['JSON', Buffer.from(JSON.stringify(records))],
];
const SHEET = [HEADERS, ...ROWS]
  .map(
    (row, at) =>
      `<row r="${at + 1}">${row.map((cell, column) => `<c r="${String.fromCharCode(65 + column)}${at + 1}" t="inlineStr"><is><t>${cell.replace(/[&<"]/g, '')}</t></is></c>`).join('')}</row>`,
  )
  .join('');

/** Reads a list as the surfaces do: rows as wide as its header, and what each row says of a lead. */
async function readWhole(folder: string, bytes: Uint8Array): Promise<number> {
  const list = await listOf(folder, bytes);
  try {
    const mapping = mapColumns(list.headers, await list.sample(200));
    let count = 0;
    for await (const row of list.rows()) {
      count += 1;
      expect(row).toHaveLength(list.headers.length);
      leadFromRow(row, mapping);
    }
    expect(count).toBe(list.rowCount);
    return count;
  } finally {
    await list.close();
  }
}

/** Reads it, or is told what is wrong with it; any other error fails the test with the input in base64. */
async function survive(folder: string, bytes: Uint8Array): Promise<'read' | 'refused'> {
  try {
    await readWhole(folder, bytes);
    return 'read';
  } catch (error) {
    if (error instanceof LeadFileError || error instanceof MappingError) {
      expect(error.message).toMatch(/\w{3}.*[.)]$/s);
      return 'refused';
    }
    throw new Error(`Not an answer to this list (base64): ${Buffer.from(bytes).toString('base64')}`, {
      cause: error,
    });
  }
}

async function all(what: string, count: number, inputs: () => Uint8Array): Promise<void> {
  const folder = await testFolder();
  const usage = { read: 0, refused: 0 };
  const began = performance.now();
  let most = 0;
  const before = process.memoryUsage().rss;
  for (let number = 0; number < count; number += 1) {
    usage[await survive(folder, inputs())] += 1;
    if (number % 100 === 0) most = Math.max(most, process.memoryUsage().rss - before);
  }
  expect(most / 1e6).toBeLessThan(600);
  // Were everything refused (or nothing), the mutations would test little.
  expect(usage.read).toBeGreaterThan(0);
  expect(usage.refused).toBeGreaterThan(0);
  const seconds = Math.round((performance.now() - began) / 1000);
  report(`Malformed ${what}`, {
    inputs: count,
    ...usage,
    'MB more memory at most': Math.round(most / 1e6),
    seconds,
  });
}

describe('a malformed list is read, or refused with what to do', () => {
  seeded('as text', async (seed) => {
    const chance = random(seed);
    await all('CSV, TSV, NDJSON and JSON', length(300, 60_000), () => {
      const [, good] = TEXTS[Math.floor(chance() * TEXTS.length)] ?? ['', Buffer.alloc(0)];
      return mutate(good, chance);
    });
  });

  seeded('as a workbook, broken in its archive or in its sheets', async (seed) => {
    const chance = random(seed);
    const good = workbook([HEADERS, ...ROWS]);
    await all('XLSX', length(16, 4000), () =>
      chance() < 0.5
        ? mutate(good, chance)
        : workbookOf([mutate(Buffer.from(SHEET), chance).toString('utf8')]),
    );
  });
});
