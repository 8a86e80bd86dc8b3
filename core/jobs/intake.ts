import { answers, type Freshness, identify, type KnownResults, mostCredits } from '../enrichment/index.ts';
import type { Identity } from '../leads/index.ts';
import { leadFromRow } from '../leads/index.ts';
import { SeenIdentities } from './seen.ts';
import type { Estimate, PrepareJob } from './types.ts';

/** Rows in a chunk: durable work in steps of a second or so. */
export const CHUNK_ROWS = 250;

/** A chunk of a list as it is kept: cells as they came, and which rows repeat an earlier one's subject. */
export interface Chunk {
  readonly cells: readonly (readonly string[])[];
  readonly duplicates: readonly number[];
}

interface IntakeRequest extends Pick<PrepareJob, 'workspace' | 'rows' | 'mapping' | 'options' | 'onRows'> {
  readonly kind: 'people' | 'companies';
  readonly freshness: Freshness;
  readonly known: KnownResults;
  readonly now: number;
  /** Keeps a chunk. */
  readonly spool: (number: number, chunk: Chunk) => Promise<void>;
}

/** Reads a list once: cuts it into chunks and counts what it would cost. Nothing is spent. */
export async function takeIn(
  request: IntakeRequest,
): Promise<{ chunks: number; estimate: Omit<Estimate, 'seconds'> }> {
  const { workspace, kind, mapping, options, known, freshness, now } = request;
  const subject = kind === 'companies' ? 'company' : 'person';
  const seen = new SeenIdentities();
  let rows = 0;
  let duplicates = 0;
  let skipped = 0;
  let knownRows = 0;
  let chunks = 0;
  let cells: (readonly string[])[] = [];
  const flush = async () => {
    const repeated: number[] = [];
    const asked: Identity[] = [];
    for (const [index, row] of cells.entries()) {
      const identity = identify(subject, leadFromRow(row, mapping));
      if (!identity) skipped += 1;
      else if (seen.add(identity[0])) repeated.push(index);
      else asked.push(identity);
    }
    const found = await known.find(workspace, asked);
    knownRows += found.filter((result) => result && answers(result, options.reveal, freshness, now)).length;
    duplicates += repeated.length;
    await request.spool(chunks, { cells, duplicates: repeated });
    chunks += 1;
    rows += cells.length;
    cells = [];
    request.onRows?.(rows);
  };
  for await (const row of request.rows) {
    cells.push(row);
    if (cells.length === CHUNK_ROWS) await flush();
  }
  if (cells.length > 0) await flush();
  const lookups = rows - skipped - duplicates - knownRows;
  // Company data costs once per company; in the worst case everybody works somewhere else.
  const companies = options.company && subject === 'person' ? rows - skipped - duplicates : 0;
  const most =
    lookups * mostCredits(subject, options.reveal) + companies * mostCredits('company', options.reveal);
  return {
    chunks,
    estimate: { rows, duplicates, known: knownRows, skipped, lookups, mostCredits: most },
  };
}
