import type { EnrichContext, LeadRow } from '../enrichment/index.ts';
import { leadFromRow } from '../leads/index.ts';
import type { Chunk } from './intake.ts';
import { type Job, rowAt, subjectOf } from './types.ts';

/** The lead at this place of a job's chunk. */
export function leadAt(
  job: Job,
  { cells }: Chunk,
  number: number,
  index: number,
  duplicate: boolean,
): LeadRow {
  const lead = leadFromRow(cells[index] ?? [], job.mapping);
  return { row: rowAt(job, number, index), lead, duplicate };
}

/** How a job's leads are looked up. */
export function lookupsOf(
  { id, workspace, kind, options, notBefore }: Job,
  signal: AbortSignal,
): EnrichContext {
  return { workspace, source: id, kind: subjectOf(kind), options, notBefore, urgent: false, signal };
}
