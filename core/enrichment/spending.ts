import type { CreditAccount, Ports } from '../ports.ts';
import { untilTaken } from '../refused-writes.ts';

/** While others have credits set aside that they may give back, it is looked again after this, ms. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;

/** A slot's monthly limit, kept by every call with its key. */
export interface SlotSpending {
  /**
   * Sets `each` aside up to `most` times, as often as there is room now. `never`: not even once, and what
   * calls under way give back cannot change that.
   */
  reserve(each: number, most: number): Promise<{ readonly times: number; readonly never: boolean }>;
  /** Gives reservations back. */
  release(credits: number): void;
}

/** As long as a process lives, nobody but it can give back what it has set aside. Never rejects. */
export async function giveBackSurely(
  ports: Pick<Ports, 'shared' | 'clock' | 'log'>,
  accounts: readonly CreditAccount[],
  credits: number,
): Promise<void> {
  await untilTaken(ports, 'Credits that were set aside could not be given back', () =>
    ports.shared.reservations.release(accounts, credits),
  );
}

/**
 * The credit limits that the look-ups of one source have to keep: its own and the workspace's monthly one. Takes
 * reservations for a whole chunk at once, and gives back what was not needed.
 */
export class Spending {
  readonly #ports: Pick<Ports, 'shared' | 'clock' | 'log'>;
  readonly #accounts: readonly CreditAccount[];
  readonly #limited: () => Promise<readonly CreditAccount[]>;
  /** Credits reserved for look-ups to come. */
  #ahead = 0;
  #back = 0;

  /** `limited`: the same accounts with their limits as they are then; only who sets credits aside asks for these. */
  constructor(
    ports: Pick<Ports, 'shared' | 'clock' | 'log'>,
    accounts: readonly CreditAccount[],
    limited: () => Promise<readonly CreditAccount[]>,
  ) {
    this.#ports = ports;
    this.#accounts = accounts;
    this.#limited = limited;
  }

  /**
   * Sets credits aside for one look-up, waiting for room while there may be some; `more` look-ups of the same
   * price are to follow. `false`: there is no room left, or the signal aborted.
   */
  async reserve(credits: number, signal: AbortSignal, more: number): Promise<boolean> {
    const { clock, shared } = this.#ports;
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
      if (this.#ahead >= credits) {
        this.#ahead -= credits;
        return true;
      }
      const accounts = await this.#limited();
      const { times, never } = await shared.reservations.reserve(accounts, credits, more + 1);
      this.#ahead += times * credits;
      if (times > 0) continue;
      if (never) return false;
      await clock.sleep(wait, signal);
    }
    return false;
  }

  /** Gives back what was set aside for one look-up, and resolves when others can have it. */
  async giveBack(reserved: number): Promise<void> {
    await this.#ports.shared.reservations.release(this.#accounts, reserved);
  }

  /** Sets credits aside for one look-up if there is room for it now. */
  async tryReserve(credits: number): Promise<boolean> {
    return (await this.#ports.shared.reservations.reserve(await this.#limited(), credits, 1)).times > 0;
  }

  /** No look-up follows for now. */
  rest(): void {
    const ahead = this.#ahead;
    this.#ahead = 0;
    this.release(ahead);
  }

  /** Gives reservations back, together with whatever else is given back in this turn. */
  release(reserved: number): void {
    if (reserved === 0) return;
    this.#back += reserved;
    if (this.#back > reserved) return;
    void Promise.resolve().then(() => {
      const back = this.#back;
      this.#back = 0;
      return giveBackSurely(this.#ports, this.#accounts, back);
    });
  }

  /**
   * Keeps credits aside for a late part, whatever happens to this process (negative: not any longer); part of the
   * `atomically` around it.
   */
  async hold(credits: number): Promise<void> {
    if (credits !== 0) await this.#ports.shared.reservations.hold(this.#accounts, credits);
  }
}
