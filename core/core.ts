import { Answers } from './answers.ts';
import { createApollo, type Endpoint } from './apollo/index.ts';
import { Audit } from './audit.ts';
import {
  Accounts,
  type CreditSettings,
  Direct,
  type DirectAnswer,
  type DirectRequest,
  Enricher,
  Forgotten,
  ForgottenMarks,
  Journal,
  type KnownResult,
  KnownResults,
  type LateArrival,
  type LatePolls,
  LateRequests,
  Lookups,
  LostAnswersRepository,
  type MonthlySpend,
  PaidCalls,
  textEraser,
} from './enrichment/index.ts';
import { Events } from './events.ts';
import { Jobs } from './jobs/index.ts';
import { type LimiterStatus, Pool } from './limits/index.ts';
import { createMaintenance } from './maintenance.ts';
import type { Outcome } from './outcome.ts';
import type { Ports, Store } from './ports.ts';
import { announceSlotTrouble } from './slot-trouble.ts';
import { createVault, type KeyRing, type SlotPlan, Slots, slotAt } from './slots/index.ts';
import { UnderWay } from './under-way.ts';
import { countUnknownFields } from './unknown-fields.ts';

const DAY_MS = 86_400_000;

export interface CoreSettings {
  readonly apolloBaseUrl: string;
  /** Length of Apollo's minute window, ms. */
  readonly minuteMs: number;
  readonly slots: SlotPlan;
  readonly retentionDays: number;
  /** Days that is kept who did what; two years, and no shorter than the data, unless given. */
  readonly auditDays?: number | undefined;
  readonly keyRing: KeyRing;
  /** Where surfaces keep texts about people: whoever is forgotten is blanked out there too. */
  readonly heldTexts?: readonly HeldTexts[];
  /** Where Apollo reaches this program, without a slash at its end; none: late results are polled for. */
  readonly publicUrl?: string | undefined;
}

/** What was removed with people who were forgotten. */
export interface Removed {
  readonly results: number;
  /** Of lists: they stay, empty. */
  readonly rows: number;
  readonly keys: number;
  /** Where it still stands and until when, as ends of a sentence. */
  readonly remains: readonly string[];
}

/** What is kept about a person. */
export interface PersonData {
  /** They asked to be forgotten: one-way marks are kept, which say no more than that. */
  readonly isForgotten: boolean;
  readonly results: readonly KnownResult[];
  readonly rows: readonly {
    readonly list: string;
    readonly name: string;
    /** Counted from 1. */
    readonly row: number;
    readonly cells: Readonly<Record<string, string>>;
    readonly outcome?: Outcome;
  }[];
}

/** Entries of a surface that may hold texts about people, such as what is still to be delivered. */
export interface HeldTexts {
  readonly collection: string;
  /** How long an entry is kept, ms. */
  readonly keptMs: number;
  workspaceOf(entry: never): string | undefined;
}

/** The product without a surface. */
export interface Core {
  readonly slots: Slots;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly credits: {
    month(workspace: string): Promise<MonthlySpend & CreditSettings>;
    setMonthlyLimit(workspace: string, credits: number | undefined): Promise<void>;
    /** The monthly limit of one slot, whichever key is in it; `undefined` lifts it. Throws `NoSuchSlot`. */
    setSlotLimit(workspace: string, slot: number, credits: number | undefined): Promise<void>;
  };
  /**
   * Removes people everywhere in the workspace and sees to it that nobody looks them up again. `who`: an e-mail, LinkedIn
   * address, Apollo id, or a domain for everybody at it; one or many, and then all or none: throws `ForgetError` when one
   * is none of these.
   */
  forget(workspace: string, who: string | readonly string[]): Promise<Removed>;
  /** Everything that is kept about whoever this means; `who` as in {@link forget}. */
  personData(workspace: string, who: string): Promise<PersonData>;
  /**
   * Removes a workspace: keys, lists, known results, what was spent. Only the marks of people who asked to be
   * forgotten stay, and who did what. Safe to repeat.
   */
  removeWorkspace(workspace: string): Promise<void>;
  /** Who did what; what is done beside the core is recorded in it too. */
  readonly audit: Audit;
  /** For requests that may be sent again. */
  readonly answers: Answers;
  /** Seals what else is secret in the core, beside the keys in slots, with the current encryption key. Safe to repeat. */
  resealSecrets(): Promise<void>;
  /** Answers some leads at once, ahead of the jobs. */
  enrich(request: DirectRequest): Promise<DirectAnswer>;
  /**
   * Takes a late result that Apollo posted to one of our addresses; `ticket` is what stands after
   * `/apollo/late/`, and nothing is read where it is not ours. Stored when it resolves.
   */
  takeLate(ticket: string, read: () => Promise<string>): Promise<LateArrival>;
  /** Who uses how much of Apollo's limits. */
  limiters(): Promise<LimiterStatus[]>;
  /** Calls to Apollo under way in this process, by endpoint. */
  underWay(): ReadonlyMap<Endpoint, number>;
  /** Leads of all jobs and requests that wait for a limiter. */
  waiting(): number;
  /**
   * What a process that lives long does until the signal aborts: asks again about keys that failed, goes on
   * with jobs whose reason to pause is gone, polls for late results, whoever asked for them, and sees how
   * many credits are left.
   */
  tend(signal: AbortSignal): Promise<void>;
  /** Pauses running jobs and waits for the calls under way. The ports stay open: they are their owner's. */
  close(): Promise<void>;
}

/** Puts the core together and takes up what a former process left. */
export async function createCore(ports: Ports, settings: CoreSettings): Promise<Core> {
  const { store, log, shared } = ports;
  const retentionMs = settings.retentionDays * DAY_MS;
  const onUnknownFields = countUnknownFields(ports);
  const apollo = createApollo({ http: ports.http, baseUrl: settings.apolloBaseUrl, onUnknownFields });
  const audit = Audit.of(ports, settings);
  const vault = createVault(settings.keyRing);
  const slots = new Slots({ ports, apollo, vault, plan: settings.slots, audit });
  const marks = new ForgottenMarks(ports);
  const known = new KnownResults(store, retentionMs, marks);
  const accounts = new Accounts(ports, retentionMs);
  const events = new Events(ports);
  const answers = new Answers(ports, vault);
  const journal = new Journal(ports);
  const late = new LateRequests({
    ports,
    apollo,
    known,
    accounts,
    publicUrl: settings.publicUrl,
    minuteMs: settings.minuteMs,
    vault,
    onUnknownFields,
  });
  const lostAnswers = new LostAnswersRepository(store, retentionMs);
  const calls = new PaidCalls({ ports, apollo, known, accounts, journal, late, lostAnswers });
  const pool = new Pool({
    ports,
    connections: slots,
    minuteMs: settings.minuteMs,
    call: calls.call,
    noCapacity: calls.noCapacity,
  });
  const lookups = new Lookups({ ports, known, accounts, lostAnswers, pool });
  const forgotten = new Forgotten(marks, known);
  const enricher = new Enricher(known, lookups, marks, ports);
  const direct = new Direct(enricher, lookups, calls, known, accounts, ports);
  const latePolls: LatePolls = {
    canRun: async ({ workspace, team }) =>
      (await slots.connections(workspace)).some((connection) => connection.team === team),
    room: (team, wanted) => pool.roomFor(team, 'webhook_result/show', wanted),
    run: ({ workspace, team }, signal, run) =>
      pool.backgroundCall({ workspace, team, endpoint: 'webhook_result/show', signal, run }),
  };
  const settleLost = async () => {
    const inDoubt = await journal.recover(accounts);
    if (inDoubt > 0)
      log.warn('Calls were under way when a process ended; they are in doubt', { calls: inDoubt });
  };
  const jobs = new Jobs({
    ports,
    events,
    slots,
    known,
    lookups,
    enricher,
    forgotten: marks,
    accounts,
    late,
    latePolls,
    settleLost,
    limitsOf: (workspace, kind) => pool.limitsOf(workspace, kind),
    unwritable: () => calls.unwritable,
    minuteMs: settings.minuteMs,
    retentionMs,
    audit,
  });
  late.onNews((source) => jobs.countLate(source));
  const announced = announceSlotTrouble(slots, events, log);
  const settling = new UnderWay();
  slots.onChange(() => shared.tell('slots'));
  shared.onLost(() => {
    const settled = settleLost().catch((error) =>
      log.error('Calls of a process that died could not be settled; it is tried again', {
        error,
      }),
    );
    void settling.add(settled);
  });
  await settleLost();
  await jobs.recover();
  const tend = createMaintenance({ ports, slots, pool, jobs, events, late, latePolls, settleLost });
  return {
    slots,
    jobs,
    events,
    credits: {
      month: (workspace) => accounts.month(workspace),
      setMonthlyLimit: async (workspace, credits) => {
        await accounts.setMonthlyLimit(workspace, credits);
        await audit.record(workspace, 'limits.month', { credits: credits ?? 'none' });
      },
      setSlotLimit: async (workspace, slot, credits) => {
        slotAt((await slots.list(workspace)).slots, slot);
        await accounts.setSlotLimit(workspace, slot, credits);
        await audit.record(workspace, 'limits.slot', { slot, credits: credits ?? 'none' });
        pool.refresh();
        shared.tell('slots');
      },
    },
    audit,
    answers,
    resealSecrets: () => late.reseal(),
    enrich: (request) => direct.enrich(request),
    takeLate: (ticket, read) => late.push(ticket, read),
    limiters: () => pool.status(),
    underWay: () => pool.underWay(),
    waiting: () => pool.allWaiting(),
    forget: async (workspace, who) => {
      const people = typeof who === 'string' ? [who] : who;
      const meant = await forgotten.find(workspace, people);
      await forgotten.forget(workspace, meant);
      await late.forget(workspace, meant.keys);
      const { rows, texts } = await jobs.forget(workspace, meant);
      await answers.forget(workspace);
      const erase = textEraser(texts);
      for (const held of settings.heldTexts ?? []) await blankOut(store, held, workspace, erase);
      const counts = { results: meant.known.length, rows, keys: meant.keys.size };
      // Not whom: that is what is forgotten.
      await audit.record(workspace, 'person.forget', { people: people.length, ...counts });
      return { ...counts, remains: (await store.purge?.()) ?? [] };
    },
    personData: async (workspace, who) => {
      const meant = await forgotten.find(workspace, [who]);
      const rows: PersonData['rows'][number][] = [];
      for await (const { job, row } of jobs.about(workspace, meant.keys)) {
        const cells = Object.fromEntries(
          job.headers.map((header, index) => [header, row.cells[index] ?? '']),
        );
        const outcome = row.outcome && { outcome: row.outcome };
        rows.push({ list: job.id, name: job.name, row: row.row + 1, cells, ...outcome });
      }
      await audit.record(workspace, 'person.export', { results: meant.known.length, rows: rows.length });
      return { isForgotten: await forgotten.isMarked(workspace, meant), results: meant.known, rows };
    },
    removeWorkspace: async (workspace) => {
      // First, so that nothing more is paid for.
      await slots.removeAll(workspace);
      const removed = await jobs.removeAll(workspace);
      for (const job of removed) await late.counted(job);
      await late.forgetAll(workspace);
      await known.forgetAll(workspace);
      await lostAnswers.removeAll(workspace);
      await answers.forget(workspace);
      await accounts.remove(workspace, removed);
      await events.forget(workspace);
      await audit.record(workspace, 'workspace.remove', { lists: removed.length });
    },
    tend: (signal) => {
      calls.stay();
      return tend(signal);
    },
    close: async () => {
      calls.close();
      await slots.close();
      await jobs.close();
      await late.settled();
      await pool.stop();
      await settling.settled();
      await announced();
      await events.settled();
    },
  };
}

/** Only in what is the workspace's own: others may know the same people. */
async function blankOut(
  store: Store,
  { collection, keptMs, workspaceOf }: HeldTexts,
  workspace: string,
  erase: <T>(value: T) => T,
): Promise<void> {
  const entries = store.collection<never>(collection);
  for await (const [key, entry] of entries.entries()) {
    if (workspaceOf(entry) !== workspace) continue;
    const clean = erase(entry);
    if (clean !== entry) await entries.set(key, clean, { ttlMs: keptMs });
  }
}
