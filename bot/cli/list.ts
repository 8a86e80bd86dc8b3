import {
  type Core,
  type Job,
  KindUnclearError,
  mapColumns,
  type PrepareJob,
  SAMPLE_ROWS,
  UnclearListError,
} from '@connectionsphere/core';
import { type LeadFile, type LeadFileInfo, openLeadFile } from '@connectionsphere/core/node';
import { sourceOf } from '../list-file.ts';
import { enrichOptions, type ListFlags, readingOptions } from './list-options.ts';
import { mappingText } from './list-report.ts';
import type { OwnListSource } from './list-source.ts';
import { chosen } from './questions.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';

const KINDS = ['companies', 'people'] as const;

/** A job that is prepared, and the list that it was made of. */
export interface PreparedList {
  readonly job: Job;
  readonly file: LeadFileInfo;
}

/** Reads a list, shows what was taken for what, and prepares a job; nothing is spent. */
export async function prepareList(
  session: Session,
  core: Core,
  path: string,
  flags: ListFlags & { readonly yes?: boolean },
  destination: Partial<Pick<OwnListSource, 'out' | 'preset' | 'guard'>> = {},
): Promise<PreparedList> {
  const { output, workspace } = session;
  const file = await openLeadFile(path, readingOptions(flags));
  try {
    const mapping = mapColumns(file.headers, await file.sample(SAMPLE_ROWS), flags.map);
    output.say(mappingText(file, mapping));
    const request = {
      workspace,
      name: file.name,
      headers: file.headers,
      source: { ...sourceOf(file), ...destination } satisfies OwnListSource,
      mapping,
      options: enrichOptions(flags),
      fresh: flags.fresh ?? false,
      original: destination.out === undefined ? undefined : await file.original(),
      ...(flags.limit !== undefined && { creditLimit: flags.limit }),
      ...(flags.companies && { kind: 'companies' as const }),
      ...(flags.people && { kind: 'people' as const }),
    };
    const job = await prepared(core, file, request, !session.json && !flags.yes);
    return { job, file };
  } finally {
    await file.close();
  }
}

/** Prepares the job, and asks what the list is one of where that is not clear and somebody is there to say. */
async function prepared(
  core: Core,
  file: LeadFile,
  request: Omit<PrepareJob, 'rows'>,
  mayAsk: boolean,
): Promise<Job> {
  try {
    return await core.jobs.prepare({ ...request, rows: file.lines() });
  } catch (error) {
    if (!(error instanceof UnclearListError)) throw error;
    const mayBeEither = error instanceof KindUnclearError;
    const say = `${error.message} Say it with --map, as in --map name="${error.columns[0] || 'Contact'}"${mayBeEither ? ', or with --people or --companies' : ''}.`;
    const answer =
      mayAsk && mayBeEither ? await chosen('What is it a list of?', error.message, KINDS) : undefined;
    if (answer === undefined) throw new UsageError(say);
    return await core.jobs.prepare({ ...request, kind: answer, rows: file.lines() });
  }
}
