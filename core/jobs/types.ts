import type { Company, Person } from '../apollo/index.ts';
import type { Usage } from '../enrichment/index.ts';
import type { EnrichOptions } from '../enrichment/options.ts';
import type { ColumnMapping, LeftOutOfName, OtherRow } from '../leads/index.ts';
import type { Match, Outcome } from '../outcome.ts';
import type { Actor } from '../ports.ts';
import type { Balances } from './balances.ts';
import type { Schedule } from './schedule-repository.ts';

/** Rows in a chunk: durable work in steps of a second or so. */
export const CHUNK_ROWS = 250;

/**
 * `ready`: prepared and estimated, nothing spent. `paused`: goes on with resume, or by itself when its
 * reason is gone. `cancelled`: goes on with resume only, as long as its rows are kept. `done` is final.
 */
export type JobState = 'ready' | 'running' | 'paused' | 'done' | 'cancelled';

export type PauseReason =
  | 'asked'
  | 'no-slot'
  | 'no-credits'
  | 'credit-limit'
  | 'slot-limit'
  | 'monthly-limit'
  | 'request-refused'
  | 'apollo-trouble'
  | 'shutdown'
  | 'interrupted';

/** By what two rows of a list were told to be about the same person or company. */
export type DuplicateKey =
  | 'apollo_id'
  | 'linkedin_url'
  | 'email'
  | 'hashed_email'
  | 'name_and_domain'
  | 'name_and_company'
  | 'domain'
  | 'company_linkedin_url'
  | 'company';

/** What of names is not sent. */
export interface LeftOutOfNames {
  readonly rows: number;
  /** Rows by why; one may be in several. */
  readonly why: Readonly<Partial<Record<LeftOutOfName, number>>>;
  /** One of them: what is sent, empty where nothing is, and what is left out. */
  readonly example: { readonly sent: string; readonly leftOut: string };
}

/** What a job would cost and take before anything is spent. */
export interface Estimate {
  readonly rows: number;
  /** Rows about somebody who stands in an earlier row. */
  readonly duplicates: number;
  /** The same by what told it; absent in jobs of earlier versions. */
  readonly duplicatesBy?: Readonly<Partial<Record<DuplicateKey, number>>>;
  /** Rows that may be about somebody of an earlier row and are looked up each, with the names of two; absent: none. */
  readonly possibleDuplicates?: { readonly rows: number; readonly example: readonly [string, string] };
  /** Rows of which a part of the name's cell is not sent, by why; absent: none. */
  readonly leftOutOfNames?: LeftOutOfNames;
  /** Rows whose answer is known already, and for an hour at least. */
  readonly known: number;
  /** Rows that nothing identifies, or that were forgotten. */
  readonly skipped: number;
  /** Distinct people (or companies) to be asked for. */
  readonly lookups: number;
  /**
   * Of these, those by a name alone for whom phones or a waterfall are asked for in a second call, which costs as well;
   * absent: none.
   */
  readonly secondCalls?: number;
  /** The most that the look-ups can cost. */
  readonly mostCredits: number;
  /** What they will cost if it goes as usual; none where an earlier version made the estimate. */
  readonly expectedCredits?: number;
  /** By what: lists of the workspace that were alike, or default figures. */
  readonly expectedFrom?: 'workspace' | 'default';
  /** What Apollo says is left for the connected keys; none where no key tells. */
  readonly creditsLeft?: number;
  /** The same for mobile numbers, where their credits are a pool apart. */
  readonly mobileCreditsLeft?: number;
  /** About how long, over the connected slots; `undefined` when none is connected. */
  readonly seconds: number | undefined;
  /** Where phones are polled for: about how long that takes at least once they are there, within Apollo's limits. */
  readonly phoneSeconds?: number;
  /** Why it cannot finish, or may not; each with what to do. */
  readonly warnings?: readonly string[];
}

/** Rows by what became of them, so far; `duplicates`, `known` and `lookups` say how it was found out. */
export interface Counts {
  readonly duplicates: number;
  readonly known: number;
  readonly lookups: number;
  readonly matched: number;
  readonly review: number;
  readonly unmatched: number;
  readonly skipped: number;
  readonly failed: number;
  readonly emails: number;
  readonly verifiedEmails: number;
  readonly phones: number;
}

export interface Job {
  readonly id: string;
  readonly workspace: string;
  /** The list's name, usually its file's. */
  readonly name: string;
  readonly state: JobState;
  /** Why it is paused. */
  readonly reason?: PauseReason;
  /** What is wrong and how to mend it, where the reason alone does not say. */
  readonly problem?: string;
  /** It went on by itself after a pause for want of credits, of which people were told, with so many credits spent. */
  readonly toldAt?: number;
  /** `companies`: the list names no people, so companies are asked for. */
  readonly kind: 'people' | 'companies';
  /** Who started it: what it costs is theirs. */
  readonly by?: Actor;
  /** The list whose schedule made it, of the same rows. */
  readonly repeats?: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** ms of running, pauses left out. */
  readonly workedMs: number;
  readonly headers: readonly string[];
  /**
   * Its columns do not say who is meant, in words: so it cannot be started, and is prepared anew with columns or a kind that
   * somebody says. Its estimate counts nobody.
   */
  readonly unclear?: string;
  /** Facts about the source that the surface needs to write the output; the core only keeps them. */
  readonly source: unknown;
  readonly mapping: ColumnMapping;
  readonly options: EnrichOptions;
  /** Results from before this do not count, ms since the epoch ("ask again"). */
  readonly notBefore?: number;
  /** Credits. */
  readonly creditLimit?: number;
  readonly rows: number;
  readonly chunks: number;
  /** Rows in each chunk but the last, where that is not {@link CHUNK_ROWS}. */
  readonly chunkRows?: number;
  readonly estimate: Estimate;
  /** What was decided in chunks that are not complete when it stopped. */
  readonly partly?: Progress;
  /** It is done without phones for want of credits for them, and asks again; ms since the epoch, and ms. */
  readonly phonesWait?: { readonly nextAt: number; readonly waitMs: number };
  /** What Apollo said of the teams' credits before it and after it. See `compareCredits`. */
  readonly balances?: Balances;
}

/** How far a job is. */
export interface Progress {
  readonly counts: Counts;
  /** Rows with an outcome. */
  readonly finished: number;
}

/** Which chunk of a job a row is in, and where in it; all counted from 0. */
export function placeOf({ chunkRows = CHUNK_ROWS }: Job, row: number): { chunk: number; index: number } {
  return { chunk: Math.floor(row / chunkRows), index: row % chunkRows };
}

/** The row at a place. See {@link placeOf}. */
export function rowAt({ chunkRows = CHUNK_ROWS }: Job, chunk: number, index: number): number {
  return chunk * chunkRows + index;
}

/** What a job's rows are about. */
export function subjectOf(kind: Job['kind']): 'person' | 'company' {
  return kind === 'companies' ? 'company' : 'person';
}

/** What a job that runs waits for; it goes on by itself. */
export interface Waiting {
  /** `disk`, `redis`: it takes no writes now; what Apollo answered is kept until it does. */
  readonly for: 'apollo-limit' | 'disk' | 'redis';
  /** When it goes on, ms since the epoch, where that is known. */
  readonly until?: number;
}

/** A job with its figures as they are now. */
export interface JobStatus extends Job, Usage, Progress {
  /** Why it stands still although it runs; none: it does not. */
  readonly waiting?: Waiting;
  /** How long Apollo's limits let what is left take at least, ms; none where it does not run or nothing tells. */
  readonly limitsMs?: number;
  /** Late phone or waterfall requests that have not come yet. */
  readonly latePending: number;
  /** People in them. */
  readonly latePeople: number;
  /** It runs again by itself, or is a run of a list that does. */
  readonly schedule?: Schedule;
}

export interface PrepareJob {
  readonly workspace: string;
  readonly name: string;
  readonly headers: readonly string[];
  readonly source: unknown;
  readonly mapping: ColumnMapping;
  /** What the list is one of; recognised unless given. */
  readonly kind?: Job['kind'];
  /** Keep a list whose columns do not say who is meant, too, as an {@link Job.unclear} one. */
  readonly keepUnclear?: boolean;
  /** Leads, and in their places the rows that are none, which are kept for the result. */
  readonly rows: AsyncIterable<readonly string[] | OtherRow>;
  readonly options: EnrichOptions;
  /** Ask again for what is known already. */
  readonly fresh: boolean;
  readonly creditLimit?: number;
  /** Rows in a chunk; default: {@link CHUNK_ROWS}. */
  readonly chunkRows?: number;
  /** The workbook that the list came from, to give it back with its formats. */
  readonly original?: Uint8Array | undefined;
  /** Called now and then with the rows read so far. */
  readonly onRows?: (rows: number) => void;
  /** Of a list that a schedule makes: its id, whose rows it has, and who set the schedule. */
  readonly run?: { readonly id: string } & Pick<Job, 'by' | 'repeats'>;
}

/** One row of a job's output: its own cells, then the cells under the job's added columns. */
export interface ResultRow {
  /** Counted from 0, in input order. */
  readonly row: number;
  readonly cells: readonly string[];
  readonly added: readonly string[];
  /** None yet: nothing was decided. */
  readonly outcome?: Outcome;
  readonly match?: Match;
  /** The answer contradicts what was asked: somebody may decide about it, or has. See `Jobs.decide`. */
  readonly reviewed?: true;
  readonly person?: Person;
  readonly company?: Company;
  /** Why it was skipped or failed, and what to do. */
  readonly error?: string;
}
