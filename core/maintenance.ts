import type { LatePolls, LateRequests } from './enrichment/index.ts';
import type { Events } from './events.ts';
import type { Jobs } from './jobs/index.ts';
import type { Ports } from './ports.ts';
import type { Slots } from './slots/index.ts';

/** Apollo is asked about a failed key three times a minute at most: its limits are far higher. */
const MAINTAIN_EVERY_MS = 60_000;
/** How often late results that are due are polled for. */
const POLL_EVERY_MS = 1_000;
/** How often the credits of those who spend are read, ms: three calls that cost nothing. */
const CREDITS_EVERY_MS = 10 * 60_000;

interface Maintained {
  readonly ports: Pick<Ports, 'clock' | 'log'>;
  readonly slots: Slots;
  readonly pool: { refresh(): void };
  readonly jobs: Jobs;
  readonly events: Events;
  readonly late: LateRequests;
  readonly latePolls: LatePolls;
  /** Puts calls that nobody waits for any more among those in doubt. */
  readonly settleLost: () => Promise<void>;
}

/**
 * What a process that lives long does until the signal aborts: asks again about keys that failed, goes on with jobs
 * whose reason to pause is gone, runs lists again whose time has come, polls for late results, and sees how many credits are
 * left. What fails is tried again.
 */
export function createMaintenance({
  ports,
  slots,
  pool,
  jobs,
  events,
  late,
  latePolls,
  settleLost,
}: Maintained) {
  const { clock, log } = ports;
  const maintainOnce = async () => {
    await settleLost();
    await events.deliverKept();
    await jobs.recover();
    await slots.recover();
    pool.refresh();
    await jobs.resumeReady();
    for (const source of await late.news()) await jobs.countLate(source);
    // Answers do not tell what is left, so those who spend are asked now and then, and when they are done.
    for (const [workspace, running] of jobs.takeWorked()) {
      await slots.reread(workspace, running ? CREDITS_EVERY_MS : 0);
    }
  };
  return async (signal: AbortSignal): Promise<void> => {
    const every = async (ms: number, what: string, work: () => Promise<unknown>) => {
      while (!signal.aborted) {
        await work().catch((error) => log.error(`${what} failed; it is tried again`, { error }));
        await clock.sleep(ms, signal);
      }
    };
    await Promise.all([
      every(MAINTAIN_EVERY_MS, 'Looking after keys and jobs', maintainOnce),
      every(MAINTAIN_EVERY_MS, 'Asking for phones again', () => jobs.retryPhones(signal)),
      every(MAINTAIN_EVERY_MS, 'Running lists again', () => jobs.scheduleRuns.runDue(signal)),
      every(POLL_EVERY_MS, 'Polling for late results', () => late.poll(signal, latePolls)),
    ]);
  };
}
