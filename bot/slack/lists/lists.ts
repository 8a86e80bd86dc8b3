import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import {
  type Clock,
  type Collection,
  type ColumnMapping,
  type Core,
  type Job,
  JobError,
  type LeadField,
  type Log,
  mapColumns,
  SAMPLE_ROWS,
  type Store,
} from '@connectionsphere/core';
import { type LeadFile, LeadFileError, type ListBounds, openLeadStream } from '@connectionsphere/core/node';
import type { WebClient } from '@slack/web-api';
import { type ListReading, openingOptions, readAgain } from '../../list-again.ts';
import { type ListSource, sourceOf } from '../../list-file.ts';
import { optionsOf, type Wish } from './list-wish.ts';
import { slackFile } from './slack-file.ts';

/** Slack takes files of 1 GB; a list for people is smaller. */
const MOST_BYTES = 200_000_000;
/** ms for a file to come from Slack as a whole. */
const DOWNLOAD_TIMEOUT_MS = 120_000;
/** A form is not open for longer. */
const DAY_MS = 24 * 60 * 60_000;

/** A list of leads as it came: a file in Slack, or text that somebody pasted. */
export type ListOrigin = { readonly file: string } | { readonly pasted: string };

/** A list with what its columns were taken for. */
export interface ReadList {
  readonly name: string;
  readonly mapping: ColumnMapping;
  /** Its first rows. */
  readonly sample: readonly (readonly string[])[];
  readonly rows: number;
}

/** For each field, the index of its column; `null`: none. Fields that are left out stay as recognised. */
export type ColumnChoices = Partial<Record<LeadField, number | null>>;

/** The mapping with what somebody corrected. A column serves one field: the one that was chosen for it. */
export function corrected(mapping: ColumnMapping, choices: ColumnChoices): ColumnMapping {
  const changed = Object.entries(choices).filter(
    ([field, index]) => (mapping.fields[field as LeadField]?.columns[0] ?? null) !== index,
  );
  if (changed.length === 0) return mapping;
  const taken = new Set(changed.map(([, index]) => index));
  const fields: Partial<Record<LeadField, ColumnMapping['fields'][LeadField]>> = {};
  for (const [field, mapped] of Object.entries(mapping.fields)) {
    const columns = mapped.columns.filter((index) => !taken.has(index));
    if (columns.length > 0) fields[field as LeadField] = { ...mapped, columns };
  }
  for (const [field, index] of changed) {
    if (index === null) delete fields[field as LeadField];
    else fields[field as LeadField] = { columns: [index as number], found: 'override' };
  }
  const used = new Set(Object.values(fields).flatMap((mapped) => mapped?.columns ?? []));
  return {
    headers: mapping.headers,
    fields: fields as ColumnMapping['fields'],
    unused: mapping.headers.map((_, index) => index).filter((index) => !used.has(index)),
  };
}

export interface ListsOptions {
  readonly core: Core;
  readonly apiUrl: string;
  readonly bounds: ListBounds;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads lists out of Slack and makes jobs of them; nothing is spent here. */
export class Lists {
  readonly #options: ListsOptions;
  readonly #core: Core;
  /** Which job took the place of another, for forms that still name the other one. */
  readonly #remapped: Collection<string>;
  /** Where files may be fetched from with the workspace's token, beside Slack's own hosts. */
  readonly #origin: string;
  readonly #bounds: ListBounds;

  constructor(options: ListsOptions) {
    this.#options = options;
    this.#core = options.core;
    this.#bounds = options.bounds;
    this.#origin = new URL(options.apiUrl).origin;
    this.#remapped = options.store.collection('slack-remapped');
  }

  /** @throws {LeadFileError} for what is no list, and for a file that Slack does not give us. */
  async open(client: WebClient, origin: ListOrigin, reading: ListReading = {}): Promise<LeadFile> {
    if ('pasted' in origin) {
      return await openLeadStream(Buffer.from(oneToALine(origin.pasted)), 'Pasted leads', {
        bounds: this.#bounds,
        ...openingOptions(reading),
      });
    }
    const file = await slackFile({ ...this.#options, client }, origin.file);
    const name = file.name ?? 'The list';
    if (file.size > MOST_BYTES) throw tooLarge(name);
    return await openLeadStream(await this.#download(file.url, client.token ?? '', name), name, {
      maxBytes: MOST_BYTES,
      bounds: this.#bounds,
      ...openingOptions(reading),
    });
  }

  async read(file: LeadFile): Promise<ReadList> {
    const sample = await file.sample(SAMPLE_ROWS);
    return { name: file.name, rows: file.rowCount, sample, mapping: mapColumns(file.headers, sample) };
  }

  /** Makes a job of a list. @throws {JobError} where no column identifies anybody. */
  async prepare(
    workspace: string,
    file: LeadFile,
    mapping: ColumnMapping,
    wish: Wish,
    kind?: Job['kind'],
  ): Promise<Job> {
    return await this.#core.jobs.prepare({
      workspace,
      name: file.name,
      headers: file.headers,
      source: sourceOf(file),
      mapping,
      rows: file.lines(),
      options: optionsOf(wish),
      fresh: wish.extras.includes('fresh'),
      original: await file.original(),
      ...(wish.limit !== undefined && { creditLimit: wish.limit }),
      ...(kind && { kind }),
    });
  }

  /** The same list with another mapping, in the place of a job that was not started. */
  async remap(job: Job, mapping: ColumnMapping): Promise<Job> {
    const again = await this.#again(job, { mapping });
    await this.#remapped.set(job.id, again.id, { ttlMs: DAY_MS });
    await this.#core.jobs.discard(job.id);
    return again;
  }

  /** The same list read otherwise, in the place of a job that was not started. */
  async reread(job: Job, reading: ListReading): Promise<Job> {
    const again = await readAgain(this.#core, job, reading, { bounds: this.#bounds });
    await this.#remapped.set(job.id, again.id, { ttlMs: DAY_MS });
    return again;
  }

  /** The job that stands for this one now: itself, or what {@link remap} or {@link reread} put in its place. */
  async current(id: string): Promise<string> {
    let now = id;
    for (let next: string | undefined = id; next !== undefined; next = await this.#remapped.get(now))
      now = next;
    return now;
  }

  /** A new job of a whole list: what is known by now costs nothing. */
  async copy(job: Job): Promise<Job> {
    return await this.#again(job, {});
  }

  /**
   * A new job of those rows whose outcome is one of `outcomes`.
   * @throws {JobError} when there are none.
   */
  async part(job: Job, outcomes: readonly string[], name: string): Promise<Job> {
    const core = this.#core;
    const at = core.jobs.columns(job).indexOf('apollo_outcome');
    const rows = async function* () {
      for await (const { cells, added } of core.jobs.results(job.id)) {
        if (outcomes.includes(added[at] ?? '')) yield cells;
      }
    };
    return await this.#again(job, { name, rows: rows() });
  }

  /** The job's first rows, as its list has them. */
  async sample(job: Job, count: number): Promise<string[][]> {
    const first: string[][] = [];
    for await (const { cells } of this.#core.jobs.results(job.id)) {
      if (first.push([...cells]) >= count) break;
    }
    return first;
  }

  async #again(
    job: Job,
    change: { mapping?: ColumnMapping; name?: string; rows?: AsyncIterable<readonly string[]> },
  ) {
    const core = this.#core;
    const own = async function* () {
      for await (const line of core.jobs.lines(job.id)) yield 'otherRow' in line ? line : line.cells;
    };
    return await core.jobs.prepare({
      workspace: job.workspace,
      name: change.name ?? job.name,
      headers: job.headers,
      source: change.rows ? withoutSheet(job.source as ListSource) : (job.source as ListSource),
      original: change.rows ? undefined : await core.jobs.original(job.id),
      mapping: change.mapping ?? job.mapping,
      rows: change.rows ?? own(),
      options: job.options,
      fresh: job.notBefore !== undefined,
      ...(job.creditLimit !== undefined && { creditLimit: job.creditLimit }),
    });
  }

  /** The workspace's token goes to Slack and to nobody else, whatever address a request names. */
  async #download(url: string, token: string, name: string): Promise<Readable> {
    const { protocol, hostname, origin } = new URL(url);
    const isSlack = protocol === 'https:' && (hostname === 'slack.com' || hostname.endsWith('.slack.com'));
    if (!isSlack && origin !== this.#origin) {
      throw new LeadFileError(`${name} is not kept by Slack itself. Download it and upload it here.`);
    }
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS),
    }).catch(() => undefined);
    if (!response?.ok || !response.body) {
      throw new LeadFileError(`${name} could not be fetched from Slack. Try again in a minute.`);
    }
    return Readable.fromWeb(response.body as ReadableStream);
  }
}

/** Some rows of a sheet are no longer that sheet. */
function withoutSheet({ sheet: _, ...source }: ListSource): ListSource {
  return source;
}

/** Whether an error says what is wrong with a list, for the person who gave it. */
export function isListError(error: unknown): error is Error {
  return error instanceof LeadFileError || error instanceof JobError;
}

function tooLarge(name: string): LeadFileError {
  return new LeadFileError(
    `${name} is larger than ${MOST_BYTES / 1_000_000} MB. Split it into several lists and try again.`,
  );
}

/** Addresses that somebody pasted side by side are one lead each. */
function oneToALine(text: string): string {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  const addresses = words.every((word) => /^[^@]+@[^@]+\.[^@]+$|linkedin\.com\/in\//i.test(word));
  return addresses ? words.join('\n') : text;
}
