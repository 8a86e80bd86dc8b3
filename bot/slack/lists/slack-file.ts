import type { Clock, Log } from '@connectionsphere/core';
import { LeadFileError } from '@connectionsphere/core/node';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  type WebClient,
} from '@slack/web-api';

/** What `files.info` tells of a file that can be fetched. `size`: bytes. */
export interface SlackFile {
  readonly name: string | undefined;
  readonly url: string;
  readonly size: number;
}

/** Right after an upload Slack may not know the file yet, or neither its name nor its address. ms. */
const WAITS_MS = [500, 1_000, 2_000, 4_000];

const LIST_NAME = /\.(?:csv|tsv|txt|xlsx|json|ndjson|jsonl)$/i;
const LIST_TYPES: ReadonlySet<string> = new Set(['csv', 'tsv', 'text', 'xlsx', 'json', 'ndjson', 'jsonl']);

/** Whether a file may be a list, by its name or by the type that Slack gives it. */
export function isList({
  name,
  filetype,
}: {
  readonly name?: unknown;
  readonly filetype?: unknown;
}): boolean {
  return (
    (typeof name === 'string' && LIST_NAME.test(name)) ||
    (typeof filetype === 'string' && LIST_TYPES.has(filetype))
  );
}

/**
 * Asks Slack for a file, again for some seconds while Slack does not know it yet.
 * @throws {LeadFileError} saying why there is none and what to do.
 */
export async function slackFile(
  { client, clock, log }: { readonly client: WebClient; readonly clock: Clock; readonly log: Log },
  id: string,
): Promise<SlackFile> {
  for (const wait of [...WAITS_MS, undefined]) {
    let problem: unknown;
    try {
      const { file } = await client.files.info({ file: id });
      const url = file?.url_private_download ?? file?.url_private;
      if (file && url) return { name: file.name ?? undefined, url, size: file.size ?? 0 };
    } catch (error) {
      problem = error;
    }
    const isEarly = problem === undefined || wordOf(problem) === 'file_not_found';
    if (!isEarly || wait === undefined) {
      log.warn('Slack does not give a file', { file: id, error: problem });
      throw new LeadFileError(refusalWords(problem));
    }
    await clock.sleep(wait);
  }
  throw new LeadFileError(refusalWords(undefined));
}

function wordOf(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

function refusalWords(error: unknown): string {
  if (error instanceof WebAPIRateLimitedError) {
    return `Slack asks me to wait ${error.retryAfter} s before I read more files. Try again then.`;
  }
  if (error instanceof WebAPIHTTPError || error instanceof WebAPIRequestError) {
    return 'Slack could not be reached just now, so the file was not read. Try again in a minute.';
  }
  const word = wordOf(error);
  if (word === 'missing_scope') {
    return 'This app lacks the permission to read files in Slack (files:read). An admin has to install it again with the permissions of its manifest.';
  }
  if (word === 'file_deleted') return 'This file was deleted in Slack. Upload it again.';
  return 'Slack does not give me this file: it is in a channel that I am not in. Type /invite @ConnectionSphere there and try again, send me the file in a direct message, or upload it with /apollo enrich.';
}
