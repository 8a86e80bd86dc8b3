import {
  addsCompany,
  type Enricher,
  type Freshness,
  identify,
  mostCredits,
  mostCreditsOf,
  type RowOutcome,
} from '../enrichment/index.ts';
import { leadFromRow } from '../leads/index.ts';
import { SeenIdentities } from './seen.ts';
import { type Estimate, type PrepareJob, subjectOf } from './types.ts';

/** Rows in a chunk: durable work in steps of a second or so. */
export const CHUNK_ROWS = 250;

/** A chunk of a list as it is kept: cells as they came, and which rows repeat an earlier one's subject. */
export interface Chunk {
  readonly cells: readonly (readonly string[])[];
  readonly duplicates: readonly number[];
  /** Rows that are no leads, in order. */
  readonly asides?: readonly AsideRows[];
}

/** Rows that are no leads and stand before the chunk's lead number `before` (0: the first). */
interface AsideRows {
  readonly before: number;
  readonly cells: readonly string[];
  /** How often in a row: sheets end with very many blank rows. */
  readonly times: number;
}

interface IntakeRequest extends Pick<PrepareJob, 'workspace' | 'rows' | 'mapping' | 'options' | 'onRows'> {
  readonly kind: 'people' | 'companies';
  readonly freshness: Freshness;
  readonly enricher: Enricher;
  /** Keeps a chunk, and what is decided of its rows already. */
  readonly spool: (
    number: number,
    chunk: Chunk,
    decided: readonly (RowOutcome | undefined)[],
  ) => Promise<void>;
}

/** Reads a list once: cuts it into chunks, decides what is known, and counts what the rest would cost. Nothing is spent. */
export async function takeIn(
  request: IntakeRequest,
): Promise<{ chunks: number; estimate: Omit<Estimate, 'seconds'> }> {
  const { workspace, mapping, options, enricher, freshness } = request;
  const kind = subjectOf(request.kind);
  const addsCompanies = addsCompany(kind, options);
  const seen = new SeenIdentities();
  let rows = 0;
  let duplicates = 0;
  let skipped = 0;
  let known = 0;
  let most = 0;
  let chunks = 0;
  let cells: (readonly string[])[] = [];
  let asides: AsideRows[] = [];
  const flush = async () => {
    const leads = cells.map((row) => {
      const lead = leadFromRow(row, mapping);
      const identity = identify(kind, lead);
      return { lead, identity, duplicate: identity !== undefined && seen.add(identity[0]) };
    });
    const decided = await enricher.decideKnown(leads, { workspace, kind, options, freshness });
    const repeated: number[] = [];
    for (const [index, { duplicate, lead }] of leads.entries()) {
      if (duplicate) repeated.push(index);
      if (decided[index]?.outcome === 'skipped') skipped += 1;
      else if (duplicate) duplicates += 1;
      else if (decided[index]) known += 1;
      else most += mostCreditsOf(kind, lead, options.reveal);
    }
    const chunk = { cells, duplicates: repeated, ...(asides.length > 0 && { asides }) };
    await request.spool(chunks, chunk, addsCompanies ? [] : decided);
    chunks += 1;
    rows += cells.length;
    cells = [];
    asides = [];
    request.onRows?.(rows);
  };
  for await (const row of request.rows) {
    if ('aside' in row) {
      addAside(asides, cells.length, row.aside);
      continue;
    }
    // Only now, so that what stands below the last lead is in its chunk.
    if (cells.length === CHUNK_ROWS) await flush();
    cells.push(row);
  }
  if (cells.length > 0) await flush();
  const lookups = rows - skipped - duplicates - known;
  // Company data costs once per company; in the worst case everybody works somewhere else.
  const companies = addsCompanies ? rows - skipped - duplicates : 0;
  most += companies * mostCredits('company', options.reveal);
  return { chunks, estimate: { rows, duplicates, known, skipped, lookups, mostCredits: most } };
}

function addAside(asides: AsideRows[], before: number, cells: readonly string[]): void {
  const last = asides.at(-1);
  const repeats =
    last?.before === before &&
    last.cells.length === cells.length &&
    last.cells.every((cell, index) => cell === cells[index]);
  if (repeats) asides[asides.length - 1] = { ...last, times: last.times + 1 };
  else asides.push({ before, cells, times: 1 });
}
