import { readFile } from 'node:fs/promises';
import { JobError, type Log } from '@connectionsphere/core';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import { slackLogger } from './log.ts';
import type { Place } from './post.ts';

/** A call that somebody waits for. ms. */
const CALL_TIMEOUT_MS = 10_000;
/** An upload of a large list. ms. */
const UPLOAD_TIMEOUT_MS = 5 * 60_000;

/**
 * How Bolt and everything of ours call Slack: with a time limit, without the library's half an hour of
 * retries, and without its queue standing still for one 429. Who calls decides what to do about a failure.
 * `timeoutMs`: a call that takes longer is given up; default ten seconds.
 */
export function clientOptions(apiUrl: string, log: Log, timeoutMs = CALL_TIMEOUT_MS): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    logger: slackLogger(log),
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // Bolt answers a response_url with this too, and sets no time limit there.
    fetch: (url, init) =>
      fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(timeoutMs) } as RequestInit),
  };
}

/** Gives the bot token of a workspace; throws when the app is not installed there. */
export type TokenOf = (workspace: string) => Promise<string>;

/** Where a file is uploaded, with what is said beside it. */
export interface UploadPlace extends Place {
  readonly comment?: string;
}

/** Clients for what the bot says by itself, one per workspace and token. */
export class Clients {
  readonly #tokenOf: TokenOf;
  readonly #options: WebClientOptions;
  readonly #clients = new Map<
    string,
    { readonly token: string; readonly client: WebClient; readonly uploads: WebClient }
  >();

  constructor(tokenOf: TokenOf, options: WebClientOptions) {
    this.#tokenOf = tokenOf;
    this.#options = options;
  }

  async of(workspace: string): Promise<WebClient> {
    return (await this.#pair(workspace)).client;
  }

  /** The workspace removed the app: its token is not kept in memory either. */
  forget(workspace: string): void {
    this.#clients.delete(workspace);
  }

  /** Uploads a file into a conversation; gives its id. */
  async upload(
    workspace: string,
    file: { readonly path: string; readonly name: string; readonly title: string },
    place: UploadPlace,
  ): Promise<string> {
    const { uploads } = await this.#pair(workspace);
    const answer = await uploads.filesUploadV2({
      channel_id: place.channel,
      file: await readFile(file.path),
      filename: file.name,
      title: file.title,
      ...(place.comment !== undefined && { initial_comment: place.comment }),
      ...(place.thread !== undefined && { thread_ts: place.thread }),
    } as Parameters<WebClient['filesUploadV2']>[0]);
    return answer.files[0]?.files?.[0]?.id ?? 'uploaded';
  }

  async #pair(workspace: string) {
    const token = await this.#tokenOf(workspace);
    const known = this.#clients.get(workspace);
    if (known?.token === token) return known;
    const pair = {
      token,
      client: new WebClient(token, this.#options),
      uploads: new WebClient(token, { ...this.#options, timeout: UPLOAD_TIMEOUT_MS }),
    };
    this.#clients.set(workspace, pair);
    return pair;
  }
}

/** Slack's answers that change when one waits. */
const PASSING = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'rate_limited',
  'team_added_to_org',
  // Somebody may put a new token in, or install the app again.
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
]);

/** Somebody's workspace has removed the app: there is nobody to talk to. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled';
}

/**
 * Whether it makes sense to try again what failed: `always` where Slack is down or wants us to wait, `never`
 * where the answer will be the same, `some` times where nobody knows. `waitMs`: as long as Slack says.
 */
export function retryAfter(error: unknown): {
  readonly again: 'always' | 'some' | 'never';
  readonly waitMs?: number;
} {
  if (error instanceof WebAPIRateLimitedError) return { again: 'always', waitMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIRequestError) return { again: 'always' };
  if (error instanceof WebAPIPlatformError)
    return { again: PASSING.has(error.data.error) ? 'always' : 'never' };
  if (error instanceof WebAPIHTTPError) return { again: error.statusCode >= 500 ? 'always' : 'never' };
  return { again: error instanceof JobError || error instanceof NotInstalled ? 'never' : 'some' };
}

/** Slack's own word for what was wrong, such as `invalid_blocks`. */
export function slackWord(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}
