import { type Core, type Job, mapColumns } from '@connectionsphere/core';
import { openLeadFile } from '@connectionsphere/core/node';
import { sourceOf } from '../list-file.ts';
import { enrichOptions, type ListFlags, readingOptions } from './list-options.ts';
import { mappingText } from './list-report.ts';
import type { OwnListSource } from './list-source.ts';
import type { Session } from './session.ts';

/** Rows of a sample by which columns are recognised. */
const SAMPLE_ROWS = 200;

/** Reads a list, shows what was taken for what, and prepares a job; nothing is spent. */
export async function prepareList(
  session: Session,
  core: Core,
  path: string,
  flags: ListFlags,
  destination: Partial<Pick<OwnListSource, 'out' | 'preset' | 'guard'>> = {},
): Promise<Job> {
  const { output, workspace } = session;
  const file = await openLeadFile(path, readingOptions(flags));
  try {
    const mapping = mapColumns(file.headers, await file.sample(SAMPLE_ROWS), flags.map);
    output.say(mappingText(file, mapping));
    return await core.jobs.prepare({
      workspace,
      name: file.name,
      headers: file.headers,
      source: { ...sourceOf(file), ...destination } satisfies OwnListSource,
      mapping,
      rows: file.lines(),
      options: enrichOptions(flags),
      fresh: flags.fresh ?? false,
      original: destination.out === undefined ? undefined : await file.original(),
      ...(flags.limit !== undefined && { creditLimit: flags.limit }),
    });
  } finally {
    await file.close();
  }
}
