import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ExternalStorage, useExternalStorage } from '../../n8n-nodes/testing/external-storage.mts';
import { startApiServer } from '../api/api-server.ts';
import { workbook } from '../files/workbook.ts';
import { type S3, startS3 } from './s3.ts';
import { apollo, engine, jsonOf, withKeys, withServer } from './world.ts';

const CSV = Buffer.from('Vorname;Nachname;Firma\nAda;Lovelace;Contoso\nGräce;Hopper;Fabrikam\n');
const SHEET = workbook([
  ['Vorname', 'Nachname', 'Firma'],
  ['Ada', 'Lovelace', 'Contoso'],
  ['Gräce', 'Hopper', 'Fabrikam'],
]);
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

let folder: string;
let s3: S3;
let storage: ExternalStorage;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'n8n-s3-'));
  s3 = await startS3();
  const env = { ...s3.env, N8N_USER_FOLDER: folder, N8N_DEFAULT_BINARY_DATA_MODE: 's3' };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  storage = await useExternalStorage();
});

afterAll(async () => {
  await s3[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('files that n8n keeps in an S3', () => {
  it.each([
    ['CSV', CSV, { fileName: 'leads.csv', mimeType: 'text/csv' }],
    ['workbook', SHEET, { fileName: 'leads.xlsx', mimeType: XLSX }],
  ])('are read: a %s', async (_, bytes, named) => {
    await using sandbox = await apollo();
    const data = await storage.store(bytes, named);
    // The item names its file, and no longer holds it.
    expect(data).toMatchObject({ data: 's3', id: expect.stringMatching(/^s3:workflows\//) });
    const node = withKeys(sandbox, { leadsFrom: 'file', separateOutputs: false });
    const ended = await (await engine()).run(node, [{ json: {}, binary: { data } }]);
    expect(ended.error).toBeUndefined();
    expect(jsonOf(ended)).toMatchObject([
      { Vorname: 'Ada', Firma: 'Contoso', apollo: { outcome: 'matched' } },
      { Vorname: 'Gräce', Firma: 'Fabrikam', apollo: { outcome: 'matched' } },
    ]);
  });

  it.each(['csv', 'xlsx'])('become a list, whose enriched file is written there: %s', async (fileFormat) => {
    await using api = await startApiServer();
    const data = await storage.store(CSV, { fileName: 'leads.csv', mimeType: 'text/csv' });
    const run = async (parameters: object, item = {}) =>
      await (await engine()).run(withServer(api, { resource: 'list', ...parameters }), [
        { json: {}, ...item },
      ]);
    const start = { operation: 'start', wait: false, leadsFrom: 'file', options: { kind: 'people' } };
    const [started] = jsonOf(await run(start, { binary: { data } }));
    expect(started).toMatchObject({ name: 'leads.csv', rows: 2 });
    const list = String(started?.id);
    await expect.poll(async () => jsonOf(await run({ operation: 'get', list }))[0]?.state).toBe('done');

    const { outputs, error } = await run({ operation: 'getFile', list, fileFormat });
    expect(error).toBeUndefined();
    const written = outputs[0]?.[0]?.binary?.data ?? { data: '', mimeType: '' };
    expect(written).toMatchObject({ data: 's3', fileName: `leads-enriched.${fileFormat}` });
    const bytes = await s3.get(written.id?.replace(/^s3:/, '') ?? '');
    expect(bytes).toEqual(await storage.read(written));
    if (fileFormat === 'xlsx') expect(bytes.subarray(0, 2).toString()).toBe('PK');
    else
      expect(bytes.toString()).toMatch(
        /^\uFEFFVorname;Nachname;Firma;apollo_outcome;.*\nAda;Lovelace;Contoso;matched;/,
      );
  });

  it('that are gone are named, before anything is spent', async () => {
    await using sandbox = await apollo();
    const data = await storage.store(CSV, { fileName: 'leads.csv', mimeType: 'text/csv' });
    const gone = { ...data, id: `${data.id}-gone` };
    const node = withKeys(sandbox, { leadsFrom: 'file' });
    const { error } = await (await engine()).run(node, [{ json: {}, binary: { data: gone } }]);
    expect(error?.message).toMatch(/could not read the file/);
    expect(error?.description).toMatch(/^leads\.csv: .*Nothing was spent/);
    expect(sandbox.counts().credits).toBe(0);
  });
});
