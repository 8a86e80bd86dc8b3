import type { EnrichContext, LeadRow } from '../enrichment/index.ts';
import { leadFromRow } from '../leads/index.ts';
import { CHUNK_ROWS, type Chunk } from './intake.ts';
import { type Job, subjectOf } from './types.ts';

/** The lead at this place of a job's chunk. */
export function leadAt(
  { mapping }: Job,
  { cells }: Chunk,
  number: number,
  index: number,
  duplicate: boolean,
): LeadRow {
  return { row: number * CHUNK_ROWS + index, lead: leadFromRow(cells[index] ?? [], mapping), duplicate };
}

/** How a job's leads are looked up. */
export function lookupsOf(
  { id, workspace, kind, options, notBefore }: Job,
  signal: AbortSignal,
): EnrichContext {
  return { workspace, source: id, kind: subjectOf(kind), options, notBefore, urgent: false, signal };
}
