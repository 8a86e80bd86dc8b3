import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type LeadFile, type LeadFileOptions, openLeadFile } from '../../core/node/files/index.ts';

/** A folder that is removed after the test file's tests. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lists-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens a list that is on disk as exactly these bytes. */
export async function listOf(
  folder: string,
  content: string | Uint8Array,
  options?: LeadFileOptions & { fileName?: string },
): Promise<LeadFile> {
  const { fileName = 'leads.csv', ...reading } = options ?? {};
  const path = join(folder, fileName);
  await writeFile(path, content);
  return openLeadFile(path, reading);
}

export async function rowsOf(list: LeadFile): Promise<string[][]> {
  return Array.fromAsync(list.rows());
}

/** All rows below the header, those that are no leads among them. */
export async function linesOf(list: LeadFile): Promise<string[][]> {
  const lines = await Array.fromAsync(list.lines());
  return lines.map((line) => ('otherRow' in line ? [...line.otherRow] : line));
}
