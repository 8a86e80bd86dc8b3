import type { Writable } from 'node:stream';
import type { Core, Job } from '@connectionsphere/core';
import { type LeadFileFacts, writeEnrichedCsv } from '@connectionsphere/core/node';

/** What a job keeps of the list's file, so that it can be written alike after the file itself is gone. */
export type ListSource = Pick<LeadFileFacts, 'format' | 'encoding' | 'bom' | 'delimiter' | 'newline'> &
  Partial<Pick<LeadFileFacts, 'above' | 'headerCells'>>;

export function sourceOf(file: LeadFileFacts): ListSource {
  const { format, encoding, bom, delimiter, newline, above, headerCells } = file;
  return {
    format,
    encoding,
    bom,
    ...(delimiter !== undefined && { delimiter }),
    ...(newline !== undefined && { newline }),
    ...(above.length > 0 && { above }),
    ...(headerCells !== undefined && { headerCells }),
  };
}

/** Writes the job's rows, as far as they are, as a CSV like the list it came from. `target`: a path, or a stream. */
export async function writeJob(core: Core, job: Job, target: string | Writable): Promise<void> {
  const source = job.source as ListSource;
  await writeEnrichedCsv({
    target,
    source: { ...source, headers: job.headers },
    columns: core.jobs.columns(job),
    rows: core.jobs.lines(job.id),
  });
}
