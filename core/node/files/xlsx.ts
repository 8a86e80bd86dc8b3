import { readFile, stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { LeadFileError } from './errors.ts';
import type { XlsxAnswer, XlsxQuestion } from './xlsx-worker.ts';

const MEGABYTE = 1_000_000;
const LARGEST_FILE = 50 * MEGABYTE;

/**
 * The rows of the first sheet that holds anything, all equally long. A workbook is read whole, which takes
 * long for a large one, so it is done in a thread of its own.
 * @throws {LeadFileError} for a file that is too large, damaged or no workbook.
 */
export async function xlsxRows(name: string, path: string): Promise<string[][]> {
  const { size } = await stat(path);
  if (size > LARGEST_FILE) {
    throw new LeadFileError(
      `${name} has ${Math.ceil(size / MEGABYTE)} MB; an Excel file may have 50 MB. Save the list as CSV, which has no limit.`,
    );
  }
  const answer = await ask({ bytes: new Uint8Array(await readFile(path)) });
  if ('rows' in answer) return answer.rows;
  throw new LeadFileError(`${name} ${answer.problem}`);
}

function ask(question: XlsxQuestion): Promise<XlsxAnswer> {
  const worker = new Worker(new URL('./xlsx-worker.ts', import.meta.url), { workerData: question });
  return new Promise((resolve) => {
    const broken = () => resolve({ problem: 'could not be read. Save the list as CSV and try again.' });
    worker.once('message', resolve).once('error', broken).once('exit', broken);
  });
}
