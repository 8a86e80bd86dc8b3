import type { Endpoint } from '../apollo/types.ts';
import type { Collection, Ports } from '../ports.ts';
import { type Accounts, withCosts } from './accounts.ts';

/** A paid call that is about to leave. What is left of these after a crash is in doubt. */
interface JournalEntry {
  readonly endpoint: Endpoint;
  /** ms since the epoch. */
  readonly at: number;
  readonly workspace: string;
  readonly slot: number;
  /** The jobs and requests that have leads in the call, and the most that it may cost each, credits. */
  readonly costs: Readonly<Record<string, number>>;
  /** The process that makes it, where there are several. */
  readonly process?: string;
}

/** Paid calls under way, written before they leave and struck out together with their answer. */
export class Journal {
  readonly #entries: Collection<JournalEntry>;
  readonly #ports: Pick<Ports, 'store' | 'coordination' | 'shared'>;
  /** Calls of this process that are under way. */
  readonly #underWay = new Set<string>();

  constructor(ports: Pick<Ports, 'store' | 'coordination' | 'shared'>) {
    this.#ports = ports;
    this.#entries = ports.store.collection<JournalEntry>('journal');
  }

  async begin(call: string, entry: Omit<JournalEntry, 'process'>): Promise<void> {
    const { shared } = this.#ports;
    this.#underWay.add(call);
    await this.#entries.set(call, shared ? { ...entry, process: shared.self } : entry);
  }

  async end(call: string): Promise<void> {
    await this.#entries.delete(call);
  }

  /** The call is over here, whether its end could be written or not. */
  leave(call: string): void {
    this.#underWay.delete(call);
  }

  /**
   * Counts every call that nobody makes any more as in doubt, once: a process that made it died, or could
   * not write its end. Gives how many there were.
   */
  async recover(accounts: Accounts): Promise<number> {
    const { coordination, shared, store } = this.#ports;
    await shared?.lookForLost();
    return await coordination.exclusive('journal', async () => {
      let recovered = 0;
      for await (const [call, { workspace, slot, costs, process }] of this.#entries.entries()) {
        if (this.#underWay.has(call) || !this.#isLost(process)) continue;
        recovered += 1;
        await withCosts(store, accounts, async ({ add, spend }) => {
          let inDoubtCredits = 0;
          for (const [source, credits] of Object.entries(costs)) {
            inDoubtCredits += credits;
            await add(source, { calls: 1, inDoubtCalls: 1, inDoubtCredits: credits });
          }
          await spend(workspace, slot, { credits: 0, inDoubtCredits, bySource: {} });
          await this.end(call);
        });
      }
      return recovered;
    });
  }

  /** A process that has its state to itself starts after whoever else wrote the entry has died. */
  #isLost(process: string | undefined): boolean {
    const { shared } = this.#ports;
    return !shared || process === undefined || process === shared.self || shared.isLost(process);
  }
}
