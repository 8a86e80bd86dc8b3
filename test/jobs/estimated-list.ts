import { listNotes, mappingDocument } from '../../bot/list-notes.ts';
import { DEFAULT_OPTIONS, type Job, mapColumns, SAMPLE_ROWS } from '../../core/index.ts';
import { openLeadStream } from '../../core/node/index.ts';
import { WORKSPACE, type World } from './world.ts';

/** What an estimate says of a list. */
export interface EstimatedList {
  readonly kind: Job['kind'];
  readonly rows: number;
  readonly lookups: number;
  readonly duplicates: number;
  readonly skipped: number;
  readonly mapping: Record<string, string[]>;
  readonly duplicatesBy: Job['estimate']['duplicatesBy'];
  readonly possibleDuplicates: Job['estimate']['possibleDuplicates'];
  readonly leftOutOfNames: Job['estimate']['leftOutOfNames'];
  /** Codes of its notes. */
  readonly notes: string[];
  /** Rows of the list as they stand in the result, those above the header left out. */
  readonly lines: (readonly string[])[];
}

/** Reads a list as the surfaces do, told nothing about it, and estimates it. */
export async function estimated(
  world: World,
  content: string | Uint8Array,
  kind?: Job['kind'],
): Promise<EstimatedList> {
  const file = await openLeadStream(typeof content === 'string' ? Buffer.from(content) : content, 'list.csv');
  try {
    const job = await world.core.jobs.prepare({
      workspace: WORKSPACE,
      name: file.name,
      headers: file.headers,
      source: null,
      mapping: mapColumns(file.headers, await file.sample(SAMPLE_ROWS)),
      rows: file.lines(),
      options: DEFAULT_OPTIONS,
      fresh: false,
      ...(kind && { kind }),
    });
    const lines: (readonly string[])[] = [];
    for await (const line of world.core.jobs.lines(job.id))
      lines.push('otherRow' in line ? line.otherRow : line.cells);
    await world.core.jobs.discard(job.id);
    const { duplicates, duplicatesBy, leftOutOfNames, lookups, possibleDuplicates, rows, skipped } =
      job.estimate;
    return {
      kind: job.kind,
      rows,
      lookups,
      duplicates,
      skipped,
      duplicatesBy,
      possibleDuplicates,
      leftOutOfNames,
      mapping: mappingDocument(job.mapping),
      notes: listNotes(file, job).map(({ code }) => code),
      lines,
    };
  } finally {
    await file.close();
  }
}
