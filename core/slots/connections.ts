import type { Collection, Ports, WriteOptions } from '../ports.ts';
import { currentHealth } from './health.ts';
import type { ConnectionRef, Rotation, SlotAddress, SlotsChange } from './requests.ts';
import type { Connection, UsableConnection } from './types.ts';
import { EncryptionKeyMissing, fingerprint, SealBroken, type Sealed, type Vault } from './vault.ts';

/** What is stored of an occupied slot: the key only sealed. */
export interface Occupied {
  readonly connection: Connection;
  readonly sealed: Sealed;
  /** Recognises the same key without decrypting. */
  readonly fingerprint: string;
}

export interface ConnectionsOptions {
  readonly ports: Pick<Ports, 'store' | 'coordination' | 'clock' | 'log'>;
  readonly vault: Vault;
}

const LOW_CREDITS = 0.1;
/** How long a connection that was taken out can be put back, ms. */
const UNDO_MS = 10 * 60_000;

/** A connection that was taken out of its slot and can still be put back; its key only sealed. */
export interface TakenOut extends Occupied {
  /** ms since the epoch. */
  readonly until: number;
}

/** The connections of all workspaces as they are stored, keys sealed, and who is told when they change. */
export class Connections {
  readonly #ports: ConnectionsOptions['ports'];
  readonly #vault: Vault;
  readonly #stored: Collection<Occupied>;
  readonly #takenOut: Collection<TakenOut>;
  readonly #listeners = new Set<(change: SlotsChange) => void>();

  constructor({ ports, vault }: ConnectionsOptions) {
    this.#ports = ports;
    this.#vault = vault;
    this.#stored = ports.store.collection('connections');
    this.#takenOut = ports.store.collection('connections-taken-out');
  }

  /** Of one workspace, or of all; in the order of workspaces and slots. */
  async list(workspace?: string): Promise<Occupied[]> {
    const found: Occupied[] = [];
    const prefix = workspace === undefined ? undefined : storePrefix(workspace);
    for await (const [, occupied] of this.#stored.entries(prefix)) {
      if (workspace === undefined || occupied.connection.workspace === workspace) found.push(occupied);
    }
    return found.sort(({ connection: a }, { connection: b }) => {
      if (a.workspace !== b.workspace) return a.workspace < b.workspace ? -1 : 1;
      return a.slot - b.slot;
    });
  }

  get({ workspace, slot }: SlotAddress): Promise<Occupied | undefined> {
    return this.#stored.get(storeKey(workspace, slot));
  }

  /** Into its slot, in place of whatever is there. */
  async put(connection: Connection, key: string): Promise<void> {
    const { workspace, slot } = connection;
    const sealed = this.#vault.seal(key, { workspace, slot });
    await this.#stored.set(storeKey(workspace, slot), { connection, sealed, fingerprint: fingerprint(key) });
  }

  async delete({ workspace, slot }: SlotAddress): Promise<void> {
    await this.#stored.delete(storeKey(workspace, slot));
  }

  /** As {@link delete}, but for ten minutes it can be put back. */
  async takeOut(address: SlotAddress): Promise<void> {
    const occupied = await this.get(address);
    if (!occupied) return;
    const key = storeKey(address.workspace, address.slot);
    const taken: TakenOut = { ...occupied, until: this.#ports.clock.now() + UNDO_MS };
    await this.#ports.store.atomically(() =>
      Promise.all([this.#takenOut.set(key, taken, { ttlMs: UNDO_MS }), this.#stored.delete(key)]),
    );
  }

  /** What can still be put back, in one workspace or in all, in the order of the slots. */
  async takenOut(workspace?: string): Promise<TakenOut[]> {
    const found: TakenOut[] = [];
    const prefix = workspace === undefined ? undefined : storePrefix(workspace);
    for await (const [, taken] of this.#takenOut.entries(prefix)) {
      if (taken.until > this.#ports.clock.now()) found.push(taken);
    }
    return found.sort((a, b) => a.connection.slot - b.connection.slot);
  }

  async putBack({ until: _, ...occupied }: TakenOut): Promise<void> {
    const key = storeKey(occupied.connection.workspace, occupied.connection.slot);
    await this.#ports.store.atomically(() =>
      Promise.all([this.#stored.set(key, occupied), this.#takenOut.delete(key)]),
    );
  }

  /** Removes what could be put back, so that nothing of it is left. */
  async forgetTakenOut(workspace: string): Promise<void> {
    for (const { connection } of await this.takenOut(workspace)) {
      await this.#takenOut.delete(storeKey(workspace, connection.slot));
    }
  }

  /** Changes a connection as it is now; does nothing when it is no longer in its slot. */
  async update({ workspace, slot, id }: ConnectionRef, change: (connection: Connection) => Connection) {
    const changes = await this.exclusively(workspace, async (): Promise<SlotsChange['change'][]> => {
      const occupied = await this.get({ workspace, slot });
      if (occupied?.connection.id !== id) return [];
      const before = occupied.connection;
      const after = change(this.#asOfNow(before));
      if (same(before, after)) return [];
      await this.#stored.set(storeKey(workspace, slot), { ...occupied, connection: after });
      return [
        ...(same(workAspects(before), workAspects(after)) ? [] : (['changed'] as const)),
        ...(hasLowCredits(after) && !hasLowCredits(before) ? (['credits-low'] as const) : []),
      ];
    });
    for (const each of changes) this.tell({ workspace, slot, change: each });
  }

  /**
   * Seals every key anew that is not sealed with the ring's current encryption key, those included that can still be put
   * back. Safe to repeat.
   */
  async rotate(): Promise<Rotation> {
    const done = { resealed: 0, alreadyCurrent: 0, unreadable: [] as (SlotAddress & { reason: string })[] };
    for (const { connection } of await this.list()) await this.#reseal(this.#stored, connection, {}, done);
    for (const { connection, until } of await this.takenOut()) {
      const options = { ttlMs: Math.max(1, until - this.#ports.clock.now()) };
      await this.#reseal(this.#takenOut, connection, options, done);
    }
    return done;
  }

  async #reseal<T extends Occupied>(
    from: Collection<T>,
    { workspace, slot }: SlotAddress,
    options: WriteOptions,
    done: { resealed: number; alreadyCurrent: number; unreadable: (SlotAddress & { reason: string })[] },
  ): Promise<void> {
    const at = storeKey(workspace, slot);
    await this.exclusively(workspace, async () => {
      const occupied = await from.get(at);
      if (!occupied) return;
      try {
        const key = this.open(occupied);
        if (this.#vault.isCurrent(occupied.sealed)) {
          done.alreadyCurrent += 1;
          return;
        }
        await from.set(at, { ...occupied, sealed: this.#vault.seal(key, { workspace, slot }) }, options);
        done.resealed += 1;
      } catch (error) {
        if (!(error instanceof EncryptionKeyMissing || error instanceof SealBroken)) throw error;
        done.unreadable.push({ workspace, slot, reason: error.message });
      }
    });
  }

  /** Calls the listener after every change; gives a function that ends it. */
  onChange(listener: (change: SlotsChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** With its key, decrypted anew at each call for it: it stays in memory no longer than that. */
  usable(occupied: Occupied): UsableConnection {
    return { ...this.asSeen(occupied), key: () => this.open(occupied) };
  }

  /** As people may see it now: `locked` where its key cannot be decrypted. */
  asSeen(occupied: Occupied): Connection {
    const connection = this.#asOfNow(occupied.connection);
    try {
      this.open(occupied);
      return connection;
    } catch (error) {
      const missing = error instanceof EncryptionKeyMissing && { missing: error.keyId };
      return { ...connection, health: { state: 'locked', ...missing } };
    }
  }

  /** The key. Throws `EncryptionKeyMissing` or `SealBroken`. */
  open({ sealed, connection: { workspace, slot } }: Occupied): string {
    return this.#vault.open(sealed, { workspace, slot });
  }

  /** One caller at a time in each workspace, in all processes. */
  exclusively<T>(workspace: string, work: () => Promise<T>): Promise<T> {
    return this.#ports.coordination.exclusive(`slots:${workspace}`, work);
  }

  /** Tells all listeners. The change is made already: a listener's failure must not look like a failure to make it. */
  tell(change: SlotsChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#ports.log.error('What follows a change of slots failed', { ...change, error });
      }
    }
  }

  #asOfNow(connection: Connection): Connection {
    return { ...connection, health: currentHealth(connection, this.#ports.clock.now()) };
  }
}

/** A workspace's id may hold any character; encoded, it holds no "/". */
function storePrefix(workspace: string): string {
  return `${encodeURIComponent(workspace)}/`;
}

function storeKey(workspace: string, slot: number): string {
  return `${storePrefix(workspace)}${slot}`;
}

/** Under a tenth of what the billing cycle began with. None left is another matter: see its health. */
function hasLowCredits({ credits }: Connection): boolean {
  if (credits?.limit === undefined) return false;
  return credits.left > 0 && credits.left < credits.limit * LOW_CREDITS;
}

/** What decides whether and where a connection is given work. */
function workAspects({ health, team, notAllowed, mobileSpent, share }: Connection) {
  return { health, team, notAllowed, mobileSpent, share };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
