import {
  type Accounts,
  countedCredits,
  type LateRequests,
  mostCredits,
  type Stopped,
} from '../enrichment/index.ts';
import { BULK, SINGLE } from '../limits/index.ts';
import type { Clock } from '../ports.ts';
import { currentHealth, notAllowedAt, type Slots } from '../slots/index.ts';
import { type Job, type PauseReason, subjectOf } from './types.ts';

/** Why jobs pause, and whether that is gone. */
export class Pauses {
  readonly #accounts: Accounts;
  readonly #late: LateRequests;
  readonly #slots: Slots;
  readonly #clock: Clock;

  constructor(accounts: Accounts, late: LateRequests, slots: Slots, clock: Clock) {
    this.#accounts = accounts;
    this.#late = late;
    this.#slots = slots;
    this.#clock = clock;
  }

  /** What people are told when the look-ups of a job stopped. */
  async reasonFor(job: Job, stopped: Exclude<Stopped, 'aborted'>): Promise<PauseReason> {
    if (stopped !== 'budget' && stopped !== 'no-slot') return stopped;
    if (stopped === 'budget') {
      const month = await this.#accounts.month(job.workspace);
      const usage = await this.#accounts.usage(job.id);
      const jobLeft = (job.creditLimit ?? Number.POSITIVE_INFINITY) - countedCredits(usage);
      const monthLeft = (month.monthlyLimit ?? Number.POSITIVE_INFINITY) - countedCredits(month);
      return monthLeft < jobLeft ? 'monthly-limit' : 'credit-limit';
    }
    const spent = (await this.#slots.connections(job.workspace)).some(
      (connection) => currentHealth(connection, this.#clock.now()).state === 'out-of-credits',
    );
    return spent ? 'no-credits' : 'no-slot';
  }

  /** Whether a paused job can go on by itself; never one that somebody paused. */
  async isOver({ id, workspace, reason, creditLimit, kind, options }: Job): Promise<boolean> {
    // Less than one look-up's reservation would only pause it again.
    const next = mostCredits(subjectOf(kind), options.reveal);
    switch (reason) {
      case 'interrupted':
      case 'shutdown':
      case 'apollo-trouble':
        return true;
      case 'no-slot':
      case 'no-credits':
        return (await this.#usableSlots(workspace, kind)).length > 0;
      case 'slot-limit': {
        for (const slot of await this.#usableSlots(workspace, kind)) {
          if ((await this.#accounts.slotLeft(workspace, slot)) >= next) return true;
        }
        return false;
      }
      case 'credit-limit': {
        const counted = countedCredits(await this.#accounts.usage(id));
        return (creditLimit ?? Number.POSITIVE_INFINITY) >= counted + (await this.#late.heldFor(id)) + next;
      }
      case 'monthly-limit': {
        const month = await this.#accounts.month(workspace);
        const counted = countedCredits(month) + (await this.#late.heldFor(id));
        return (month.monthlyLimit ?? Number.POSITIVE_INFINITY) >= counted + next;
      }
      default:
        return false;
    }
  }

  /** A key that failed is asked again before work is given to it, and may try what it was not allowed. */
  async recheck(workspace: string): Promise<void> {
    await this.#slots.tryNotAllowed(workspace);
    for (const connection of await this.#slots.connections(workspace)) {
      const { state } = currentHealth(connection, this.#clock.now());
      if (state === 'refused' || state === 'out-of-credits') await this.#slots.recheck(connection);
    }
  }

  /** Slots whose keys are healthy, and may do what such a job asks for. */
  async #usableSlots(workspace: string, kind: Job['kind']): Promise<number[]> {
    const now = this.#clock.now();
    const work = subjectOf(kind);
    return (await this.#slots.connections(workspace)).flatMap((connection) => {
      const { state } = currentHealth(connection, now);
      const notAllowed = notAllowedAt(connection, now).map(({ endpoint }) => endpoint);
      const isAllowed = [BULK[work], SINGLE[work]].some((endpoint) => !notAllowed.includes(endpoint));
      return isAllowed && (state === 'healthy' || state === 'limited') ? [connection.slot] : [];
    });
  }
}
