import type { Limits } from '../sandbox/settings.ts';

/** One Apollo team as strategy 4 is told of it; the other strategies use the keys alone. */
export interface Team {
  readonly id: string;
  readonly keys: readonly string[];
  /** Of `people/bulk_match`. */
  readonly limits: Limits;
}

/** What every strategy is given. */
export interface Task {
  /** CSV files. */
  readonly list: string;
  readonly out: string;
  /** A folder of its own, for what the strategy keeps. */
  readonly folder: string;
  readonly apolloUrl: string;
  readonly teams: readonly Team[];
  /** Length of Apollo's minute, ms. */
  readonly minuteMs: number;
  /** After so much work the run is stopped, ms: what is done by then counts. */
  readonly mostMs: number;
}

/** What became of the list's rows. */
export interface Done {
  /** Rows with an answer, those of duplicates included. */
  readonly answered: number;
  /** Rows that were given up. */
  readonly failed: number;
}

/** A strategy that has read its list and may begin. */
export interface Prepared {
  /** Asks Apollo for everybody, until it is done or the signal aborts. This is the part whose time is measured. */
  work(signal: AbortSignal): Promise<void>;
  /** Writes the enriched list and says what is in it. */
  write(): Promise<Done>;
  close?(): Promise<void>;
}

export interface Strategy {
  /** What comes before any list, such as connecting keys. Not measured. */
  open(task: Task): Promise<{ read(): Promise<Prepared> }>;
}

/** What a strategy's process measured of itself. */
export interface Measured extends Done {
  /** ms of {@link Prepared.work}. */
  readonly workMs: number;
  /** Processor time of reading, working and writing, user and system, µs. */
  readonly cpuUs: number;
  /** The most memory the process had resident, bytes. */
  readonly peakBytes: number;
}
