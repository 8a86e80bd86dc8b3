import type { Endpoint } from '../apollo/types.ts';
import type { Collection, Ports } from '../ports.ts';
import type { Accounts } from './accounts.ts';

/** A paid call that is about to leave. What is left of these after a crash is in doubt. */
interface JournalEntry {
  readonly endpoint: Endpoint;
  /** ms since the epoch. */
  readonly at: number;
  readonly workspace: string;
  readonly slot: number;
  /** The jobs and requests that have leads in the call, and the most that it may cost each, credits. */
  readonly costs: Readonly<Record<string, number>>;
  /** The process that makes it. */
  readonly process: string;
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
    this.#underWay.add(call);
    await this.#entries.set(call, { ...entry, process: this.#ports.shared.self });
  }

  /** Whether it is still to be answered, as far as all processes know. */
  async has(call: string): Promise<boolean> {
    return (await this.#entries.get(call)) !== undefined;
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
   * not write its end. From then on what the dead had set aside is free. Gives how many calls there were.
   */
  async recover(accounts: Accounts): Promise<number> {
    const { coordination, shared, store } = this.#ports;
    await shared.lookForLost();
    return await coordination.exclusive('journal', async () => {
      let recovered = 0;
      // Before the journal is read: who dies later may begin a call that is not seen in it.
      const dead = (await shared.reservations.unsettled()).filter((process) => shared.isLost(process));
      for await (const [call, { process }] of this.#entries.entries()) {
        if (process !== shared.self && !shared.isLost(process)) continue;
        // Read again: what was read together with others may have been answered since.
        const entry = await this.#entries.get(call);
        if (!entry || this.#underWay.has(call)) continue;
        const { workspace, slot, costs } = entry;
        recovered += 1;
        await store.atomically(async () => {
          let inDoubtCredits = 0;
          for (const [source, credits] of Object.entries(costs)) {
            inDoubtCredits += credits;
            await accounts.add(source, { calls: 1, inDoubtCalls: 1, inDoubtCredits: credits });
          }
          await accounts.spend(workspace, slot, { credits: 0, inDoubtCredits, bySource: {} });
          await this.end(call);
        });
      }
      await shared.reservations.settle(dead);
      return recovered;
    });
  }
}
