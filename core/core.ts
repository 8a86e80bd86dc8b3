import { Answers } from './answers.ts';
import { createApollo } from './apollo/index.ts';
import {
  Direct,
  type DirectAnswer,
  type DirectRequest,
  Enricher,
  Forgotten,
  Journal,
  KnownResults,
  type LateArrival,
  type LatePolls,
  LateRequests,
  Lookups,
  type MonthlySpend,
  OwnAccounts,
  SharedAccounts,
} from './enrichment/index.ts';
import { Events } from './events.ts';
import { Jobs } from './jobs/index.ts';
import { type LaneStatus, Pool } from './pool/index.ts';
import type { Ports } from './ports.ts';
import { createVault, type KeyRing, type SlotPlan, Slots } from './slots/index.ts';

const DAY_MS = 86_400_000;
/** Apollo is asked about a failed key three times a minute at most: its limits are far higher. */
const TEND_EVERY_MS = 60_000;
/** How often late results that are due are polled for. */
const POLL_EVERY_MS = 1_000;

export interface CoreSettings {
  readonly apolloBaseUrl: string;
  /** Length of Apollo's minute window, ms. */
  readonly minuteMs: number;
  readonly slots: SlotPlan;
  readonly retentionDays: number;
  readonly keyRing: KeyRing;
  /** Where Apollo reaches this program, without a slash at its end; none: late results are polled for. */
  readonly publicUrl?: string | undefined;
}

/** How often the credits of those who spend are read, ms: three calls that cost nothing. */
const CREDITS_EVERY_MS = 10 * 60_000;

/** The product without a surface. */
export interface Core {
  readonly slots: Slots;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly credits: {
    month(workspace: string): Promise<MonthlySpend & { readonly monthlyLimit?: number }>;
    setMonthlyLimit(workspace: string, credits: number | undefined): Promise<void>;
  };
  /**
   * Removes a person everywhere in the workspace and sees to it that nobody looks the person up again.
   * `who`: an e-mail, LinkedIn address or Apollo id; throws `ForgetError` when it is none.
   */
  forget(workspace: string, who: string): Promise<{ results: number; rows: number; keys: number }>;
  /**
   * Removes a workspace: keys, lists, known results, what was spent. Only the marks of people who asked to be
   * forgotten stay. Safe to repeat.
   */
  removeWorkspace(workspace: string): Promise<void>;
  /** For requests that may be sent again. */
  readonly answers: Answers;
  /** Answers some leads at once, ahead of the jobs. */
  enrich(request: DirectRequest): Promise<DirectAnswer>;
  /**
   * Takes a late result that Apollo posted to one of our addresses; `ticket` is what stands after
   * `/apollo/late/`, and nothing is read where it is not ours. Stored when it resolves.
   */
  takeLate(ticket: string, read: () => Promise<string>): Promise<LateArrival>;
  lanes(): LaneStatus[];
  /** Leads of all jobs and requests that wait for a lane. */
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
  const { store, clock, log, shared } = ports;
  const retentionMs = settings.retentionDays * DAY_MS;
  const apollo = createApollo({ http: ports.http, baseUrl: settings.apolloBaseUrl });
  const slots = new Slots({ ports, apollo, vault: createVault(settings.keyRing), plan: settings.slots });
  const known = new KnownResults(store, retentionMs);
  const accounts = shared
    ? new SharedAccounts(ports, shared, retentionMs)
    : new OwnAccounts(store, () => clock.now(), retentionMs);
  const events = new Events(ports);
  const answers = new Answers(ports);
  const journal = new Journal(ports);
  const late = new LateRequests(ports, apollo, known, accounts, settings.publicUrl);
  const lookups = new Lookups({ ports, apollo, known, accounts, journal, late });
  const pool = new Pool({
    ports,
    connections: slots,
    minuteMs: settings.minuteMs,
    call: lookups.call,
    starved: lookups.starved,
  });
  lookups.use(pool);
  const forgotten = new Forgotten(ports, known);
  const enricher = new Enricher(lookups, forgotten, ports.meter);
  const direct = new Direct(enricher, lookups, known, accounts, clock);
  const latePolls: LatePolls = {
    canRun: async ({ workspace, team }) =>
      (await slots.connections(workspace)).some((connection) => connection.team === team),
    run: ({ workspace, team }, signal, run) =>
      pool.errand({ workspace, team, endpoint: 'webhook_result/show', signal, run }),
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
    accounts,
    late,
    latePolls,
    settleLost,
    minuteMs: settings.minuteMs,
    retentionMs,
  });
  late.onNews((source) => jobs.countLate(source));
  const announceTrouble = async (workspace: string, number: number) => {
    const slot = (await slots.list(workspace)).slots.find((each) => each.number === number);
    if (slot?.state !== 'connected') return;
    const { state } = slot.connection.health;
    if (state !== 'refused' && state !== 'out-of-credits') return;
    await events.publish(workspace, { type: 'slot.trouble', slot: number, state });
  };
  const announceLowCredits = async (workspace: string, number: number) => {
    const { slots: all } = await slots.list(workspace);
    const slot = all.find((each) => each.number === number);
    if (slot?.state !== 'connected') return;
    const { left, limit } = slot.connection.credits ?? {};
    // Credits are the team's: said once, for the first slot that uses them.
    if (left === undefined || limit === undefined || slot.sharesLimitsWith.some((other) => other < number))
      return;
    await events.publish(workspace, { type: 'slot.credits-low', slot: number, left, limit });
  };
  slots.onChange(({ workspace, slot, change }) => {
    if (change !== 'changed' && change !== 'credits-low') return;
    const announce = change === 'changed' ? announceTrouble : announceLowCredits;
    announce(workspace, slot).catch((error) =>
      log.error('Trouble with a slot could not be told', { error: String(error) }),
    );
  });
  slots.onChange(() => shared?.tell('slots'));
  shared?.onLost(() => {
    settleLost().catch((error) =>
      log.error('Calls of a process that died could not be settled; it is tried again', {
        error: String(error),
      }),
    );
  });
  await settleLost();
  await late.holdAgain();
  await jobs.recover();
  const tendOnce = async () => {
    try {
      if (shared) {
        await settleLost();
        await events.deliverKept();
        await jobs.recover();
      }
      await slots.recover();
      pool.refresh();
      await jobs.resumeReady();
      for (const source of await late.news()) await jobs.countLate(source);
      // Answers do not tell what is left, so those who spend are asked now and then, and when they are done.
      for (const [workspace, running] of jobs.takeWorked()) {
        await slots.reread(workspace, running ? CREDITS_EVERY_MS : 0);
      }
    } catch (error) {
      log.error('Looking after keys and jobs failed; it is tried again', { error: String(error) });
    }
  };
  const pollOnce = async (signal: AbortSignal) => {
    try {
      await late.poll(signal, latePolls);
    } catch (error) {
      log.error('Polling for late results failed; it is tried again', { error: String(error) });
    }
  };
  return {
    slots,
    jobs,
    events,
    credits: accounts,
    answers,
    enrich: (request) => direct.enrich(request),
    takeLate: (ticket, read) => late.push(ticket, read),
    lanes: () => pool.status(),
    waiting: () => pool.allWaiting(),
    forget: async (workspace, who) => {
      const { keys, known: wasKnown } = await forgotten.forget(workspace, who);
      const rows = await jobs.forget(workspace, keys);
      await answers.forget(workspace);
      return { results: wasKnown ? 1 : 0, rows, keys: keys.length };
    },
    removeWorkspace: async (workspace) => {
      // First, so that nothing more is paid for.
      await slots.removeAll(workspace);
      const removed = await jobs.removeAll(workspace);
      for (const job of removed) await late.counted(job);
      await late.forgetAll(workspace);
      await known.forgetAll(workspace);
      await answers.forget(workspace);
      await accounts.remove(workspace, removed);
      await events.forget(workspace);
    },
    tend: async (signal) => {
      const every = async (ms: number, work: () => Promise<void>) => {
        while (!signal.aborted) {
          await work();
          await clock.sleep(ms, signal);
        }
      };
      await Promise.all([every(TEND_EVERY_MS, tendOnce), every(POLL_EVERY_MS, () => pollOnce(signal))]);
    },
    close: async () => {
      await jobs.close();
      await late.settled();
      await pool.stop();
      await events.settled();
    },
  };
}
