import type { Endpoint } from '../apollo/types.ts';
import type { Collection, Ports } from '../ports.ts';
import type { Accounts } from './account.ts';

/** A paid call that is about to leave. What is left of these after a crash is in doubt. */
interface JournalEntry {
  readonly endpoint: Endpoint;
  /** ms since the epoch. */
  readonly at: number;
  /** The jobs and requests that have leads in the call. */
  readonly sources: readonly string[];
  /** The process that makes it, where there are several. */
  readonly process?: string;
}

/** Paid calls under way, written before they leave and struck out together with their answer. */
export class Journal {
  readonly #entries: Collection<JournalEntry>;
  readonly #ports: Pick<Ports, 'store' | 'coordination' | 'shared'>;

  constructor(ports: Pick<Ports, 'store' | 'coordination' | 'shared'>) {
    this.#ports = ports;
    this.#entries = ports.store.collection<JournalEntry>('journal');
  }

  async begin(call: string, entry: Omit<JournalEntry, 'process'>): Promise<void> {
    const { shared } = this.#ports;
    await this.#entries.set(call, shared ? { ...entry, process: shared.self } : entry);
  }

  async end(call: string): Promise<void> {
    await this.#entries.delete(call);
  }

  /**
   * After a start, or when a process died: counts every call that a dead process left under way as in doubt,
   * once. Gives how many there were.
   */
  async recover(accounts: Accounts): Promise<number> {
    const { coordination, shared, store } = this.#ports;
    await shared?.lookForLost();
    return await coordination.exclusive('journal', async () => {
      let recovered = 0;
      for await (const [call, { sources, process }] of this.#entries.entries()) {
        if (!this.#isLost(process)) continue;
        recovered += 1;
        await store.atomically(async () => {
          for (const source of sources) await accounts.add(source, { calls: 1, inDoubtCalls: 1 });
          await this.end(call);
        });
      }
      return recovered;
    });
  }

  /** A process that has its state to itself starts after whoever wrote the entry has died. */
  #isLost(process: string | undefined): boolean {
    const { shared } = this.#ports;
    return !shared || process === undefined || shared.isLost(process);
  }
}
