import { randomUUID } from 'node:crypto';
import { ApolloError, KeyNotAllowed, KeyRefused, type OutOfCredits } from '../apollo/errors.ts';
import type { WindowName } from '../apollo/types.ts';
import type { Collection, Ports } from '../ports.ts';
import { type AccountCalls, checkKey, type KeyCheck, withCheck, withCycleEnd } from './check.ts';
import {
  KeyAlreadyConnected,
  KeyMalformed,
  KeyNotChecked,
  KeyRefusedByApollo,
  NoFreeSlot,
  NoSuchSlot,
  NothingConnected,
  SlotNotYours,
  SlotTaken,
} from './errors.ts';
import { currentHealth } from './health.ts';
import { cleanLabel } from './label.ts';
import { notation, type SlotView, words } from './notation.ts';
import { remarksOn } from './remarks.ts';
import type {
  Connected,
  ConnectionRef,
  ConnectionReport,
  ConnectRequest,
  ReplaceRequest,
  Rotation,
  SlotAddress,
  SlotsChange,
  SlotsView,
} from './requests.ts';
import type { Connection, Health, SlotKind, SlotPlan, UsableConnection } from './types.ts';
import { EncryptionKeyMissing, fingerprint, SealBroken, type Sealed, type Vault } from './vault.ts';

export interface SlotsOptions {
  readonly ports: Pick<Ports, 'store' | 'coordination' | 'clock' | 'log'>;
  readonly apollo: AccountCalls;
  readonly vault: Vault;
  /** The same for every workspace. */
  readonly plan: SlotPlan;
}

/** What is stored of an occupied slot: the key only sealed. */
interface Occupied {
  readonly connection: Connection;
  readonly sealed: Sealed;
  /** Recognises the same key without decrypting. */
  readonly fingerprint: string;
}

/** Where a new key goes. */
interface Place {
  readonly slot: number;
  readonly kind: SlotKind;
  readonly label: string;
}

/** Finds the place, or throws why there is none. Asked before Apollo is, and again under the lock. */
type Choice = (slots: readonly SlotView[]) => Place;

const MOST_SLOTS = 4;
const LOW_CREDITS = 0.1;
/**
 * Keys have 22 letters, digits, "-" and "_" today, but Apollo promises nowhere that they will: this keeps
 * out what cannot go into a header, and what is so short that its last four characters would give it away.
 */
const KEY_SHAPE = /^[\x21-\x7e]{12,256}$/;

/**
 * The slots of all workspaces: who connected which key where, and how each of them is. A key is checked
 * with Apollo first and its slot taken afterwards, one caller at a time, so that two people who connect at
 * the same moment never get one slot.
 */
export class Slots {
  readonly #ports: SlotsOptions['ports'];
  readonly #apollo: SlotsOptions['apollo'];
  readonly #vault: Vault;
  readonly #plan: SlotPlan;
  readonly #stored: Collection<Occupied>;
  readonly #listeners = new Set<(change: SlotsChange) => void>();

  /** Throws a `RangeError` for a plan that is not one to four slots. */
  constructor({ ports, apollo, vault, plan }: SlotsOptions) {
    if (!isPossible(plan)) {
      throw new RangeError(
        `SLOTS_SELF (${plan.self}) and SLOTS_DFY (${plan.dfy}) must be whole numbers from 0 that make 1 to ${MOST_SLOTS} together.`,
      );
    }
    this.#ports = ports;
    this.#apollo = apollo;
    this.#vault = vault;
    this.#plan = plan;
    this.#stored = ports.store.collection('connections');
  }

  async list(workspace: string): Promise<SlotsView> {
    const slots = this.#view(await this.#occupied(workspace));
    return { workspace, notation: notation(slots), words: words(slots), slots };
  }

  /**
   * Puts a key into a self-service slot. Throws `KeyMalformed`, `KeyRefusedByApollo`, `KeyNotChecked`,
   * `KeyAlreadyConnected`, `NoFreeSlot`, `NoSuchSlot`, `SlotTaken` or `SlotNotYours`; then nothing was stored.
   */
  async connect(request: ConnectRequest): Promise<Connected> {
    return await this.#install(request, (slots) => freePlace(slots, 'self', request.slot));
  }

  /** As {@link connect}, for operators: into a done-for-you slot. */
  async fill(request: ConnectRequest): Promise<Connected> {
    return await this.#install(request, (slots) => freePlace(slots, 'dfy', request.slot));
  }

  /**
   * Puts another key into an occupied self-service slot; the old one stays if that fails. Without a label
   * the old label is kept. Errors as for {@link connect}, and `NothingConnected`; `SlotTaken` means that
   * somebody else replaced the key meanwhile.
   */
  async replace(request: ReplaceRequest): Promise<Connected> {
    let replaced: string | undefined;
    return await this.#install(request, (slots) => {
      const { id, slot, kind, label } = occupant(slots, 'self', request.slot);
      replaced ??= id;
      if (id !== replaced) throw new SlotTaken(occupant(slots, 'self', slot));
      return { slot, kind, label };
    });
  }

  /** Empties a self-service slot; gives what was in it. Throws `NoSuchSlot`, `SlotNotYours` or `NothingConnected`. */
  async disconnect(address: SlotAddress): Promise<Connection> {
    return await this.#remove(address, 'self');
  }

  /** As {@link disconnect}, for operators: a done-for-you slot. */
  async clear(address: SlotAddress): Promise<Connection> {
    return await this.#remove(address, 'dfy');
  }

  /** Empties all of the workspace's slots, whoever filled them. */
  async removeAll(workspace: string): Promise<void> {
    for (const { connection } of await this.#occupied(workspace)) {
      await this.#remove(connection, connection.kind).catch((error) => {
        // Somebody else was quicker.
        if (!(error instanceof NothingConnected)) throw error;
      });
    }
  }

  /** The workspace's connections, in the order of their slots. */
  async connections(workspace: string): Promise<UsableConnection[]> {
    return (await this.#occupied(workspace)).map((occupied) => this.#usable(occupied));
  }

  /** The connections of all workspaces. */
  async all(): Promise<UsableConnection[]> {
    return (await this.#occupied()).map((occupied) => this.#usable(occupied));
  }

  /**
   * Those of all workspaces that may be given work: neither refused nor out of credits. One that is locked is
   * logged.
   */
  async healthy(): Promise<UsableConnection[]> {
    return (await this.all()).filter(({ workspace, slot, health, key }) => {
      try {
        key();
        return health.state === 'healthy' || health.state === 'limited';
      } catch (error) {
        this.#ports.log.error('A key cannot be used', { workspace, slot, error: String(error) });
        return false;
      }
    });
  }

  /** Remembers what was seen of a connection. Does nothing when it is no longer in its slot. */
  async report(ref: ConnectionRef, report: ConnectionReport): Promise<void> {
    await this.#update(ref, (connection) => {
      const credits = report.credits ?? connection.credits;
      return {
        ...connection,
        ...(credits && { credits }),
        ...(report.health && {
          health: withCycleEnd(lasting(connection, report.health), credits, this.#now()),
        }),
        ...(report.limits && { limits: { ...connection.limits, ...report.limits } }),
        ...(report.notAllowed && {
          notAllowed: [...new Set([...(connection.notAllowed ?? []), ...report.notAllowed])],
        }),
      };
    });
  }

  /**
   * Remembers why a connection failed at work. Credits are the team's, so their end is remembered for every
   * connection of the team, in whichever workspace.
   */
  async failed(connection: Connection, error: KeyRefused | KeyNotAllowed | OutOfCredits): Promise<void> {
    const since = this.#now();
    if (error instanceof KeyNotAllowed)
      return await this.report(connection, { notAllowed: [error.endpoint] });
    if (error instanceof KeyRefused)
      return await this.report(connection, { health: { state: 'refused', since } });
    for (const other of await this.all()) {
      if (other.team !== connection.team || other.health.state === 'refused') continue;
      await this.report(other, { health: { state: 'out-of-credits', since } });
    }
  }

  /** Remembers that the team's hour or day is used up until `until`, ms since the epoch: it ends by itself. */
  async limited(team: string, window: WindowName, until: number): Promise<void> {
    for (const connection of await this.all()) {
      const { state } = connection.health;
      if (connection.team !== team || (state !== 'healthy' && state !== 'limited')) continue;
      await this.report(connection, { health: { state: 'limited', until, window } });
    }
  }

  /**
   * Asks Apollo again how a connection is (three calls, no credits), remembers it and gives it; `undefined`
   * for a free slot. When Apollo gives no usable answer, what was known stays.
   */
  async recheck({ workspace, slot }: SlotAddress): Promise<Connection | undefined> {
    const occupied = await this.#stored.get(storeKey(workspace, slot));
    if (!occupied) return undefined;
    try {
      const check = await checkKey(this.#apollo, this.#open(occupied), () => this.#now());
      await this.#update(occupied.connection, (connection) => withCheck(connection, check, this.#now()));
    } catch (error) {
      if (!(error instanceof ApolloError)) throw error;
      if (error instanceof KeyRefused) {
        await this.#update(occupied.connection, (connection) =>
          connection.health.state === 'refused'
            ? connection
            : { ...connection, health: { state: 'refused', since: this.#now() } },
        );
      } else {
        const fields = { workspace, slot, error: error.message };
        this.#ports.log.warn('A key could not be checked again; what was known of it stays', fields);
      }
    }
    const after = await this.#stored.get(storeKey(workspace, slot));
    return after && this.#asSeen(after);
  }

  /** Reads team, credits and limits of all the workspace's connections again, and lists its slots. */
  async refresh(workspace: string): Promise<SlotsView> {
    const occupied = await this.#occupied(workspace);
    await Promise.all(occupied.map(({ connection }) => this.#tryRecheck(connection)));
    return await this.list(workspace);
  }

  /** Reads again those connections of the workspace whose credits were read longer ago than `maxAgeMs`. */
  async reread(workspace: string, maxAgeMs: number): Promise<void> {
    for (const { connection } of await this.#occupied(workspace)) {
      const age = this.#now() - (connection.credits?.readAt ?? 0);
      if (age >= maxAgeMs) await this.#tryRecheck(connection);
    }
  }

  /**
   * Asks Apollo again about every connection that is refused or was out of credits, so that each comes back
   * when its reason is gone. For whoever has a timer: every few minutes is enough.
   */
  async recover(): Promise<void> {
    for (const { connection } of await this.#occupied()) {
      const { state } = connection.health;
      if (state === 'refused' || state === 'out-of-credits') await this.#tryRecheck(connection);
    }
  }

  /** Seals every key anew that is not sealed with the ring's current encryption key. Safe to repeat. */
  async rotate(): Promise<Rotation> {
    let resealed = 0;
    let alreadyCurrent = 0;
    const unreadable: (SlotAddress & { reason: string })[] = [];
    for (const { connection } of await this.#occupied()) {
      const { workspace, slot } = connection;
      await this.#exclusively(workspace, async () => {
        const occupied = await this.#stored.get(storeKey(workspace, slot));
        if (!occupied) return;
        try {
          const key = this.#open(occupied);
          if (this.#vault.isCurrent(occupied.sealed)) {
            alreadyCurrent += 1;
            return;
          }
          const sealed = this.#vault.seal(key, { workspace, slot });
          await this.#stored.set(storeKey(workspace, slot), { ...occupied, sealed });
          resealed += 1;
        } catch (error) {
          if (!(error instanceof EncryptionKeyMissing || error instanceof SealBroken)) throw error;
          unreadable.push({ workspace, slot, reason: error.message });
        }
      });
    }
    return { resealed, alreadyCurrent, unreadable };
  }

  /**
   * Calls the listener after every change made through this object that matters to whoever gives out work.
   * Gives a function that ends it.
   */
  onChange(listener: (change: SlotsChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #install(request: Omit<ConnectRequest, 'slot'>, choose: Choice): Promise<Connected> {
    const { workspace } = request;
    const key = request.key.trim();
    if (!KEY_SHAPE.test(key)) throw new KeyMalformed();
    const mark = fingerprint(key);
    const findPlace = async () => {
      const occupied = await this.#occupied(workspace);
      const holder = occupied.find((other) => other.fingerprint === mark);
      if (holder) throw new KeyAlreadyConnected(holder.connection);
      return choose(this.#view(occupied));
    };
    // What can be refused without Apollo is refused before the slow check.
    await findPlace();
    const check = await this.#check(key);

    const connection = await this.#exclusively(workspace, async () => {
      const { slot, kind, label } = await findPlace();
      const now = this.#now();
      const unchecked: Connection = {
        id: randomUUID(),
        workspace,
        slot,
        kind,
        label: cleanLabel(request.label, key) ?? label,
        last4: key.slice(-4),
        team: `key-${mark}`,
        teamKnown: false,
        connectedAt: now,
        health: { state: 'healthy' },
        ...(request.by !== undefined && { connectedBy: request.by }),
      };
      const connection = withCheck(unchecked, check, now);
      const sealed = this.#vault.seal(key, { workspace, slot });
      await this.#stored.set(storeKey(workspace, slot), { connection, sealed, fingerprint: mark });
      return connection;
    });

    this.#tell({ workspace, slot: connection.slot, change: 'connected' });
    const sharesLimitsWith = sharing(connection, await this.#occupied(workspace));
    const remarks = remarksOn(connection, sharesLimitsWith, check.notRead, this.#now());
    return { connection, sharesLimitsWith, remarks, notRead: check.notRead };
  }

  async #check(key: string): Promise<KeyCheck> {
    try {
      return await checkKey(this.#apollo, key, () => this.#now());
    } catch (error) {
      if (error instanceof KeyRefused) throw new KeyRefusedByApollo(error);
      if (error instanceof ApolloError) throw new KeyNotChecked(error);
      throw error;
    }
  }

  /** One connection that cannot be checked, for whatever reason, must not keep the others from it. */
  async #tryRecheck({ workspace, slot }: Connection): Promise<void> {
    try {
      await this.recheck({ workspace, slot });
    } catch (error) {
      this.#ports.log.error('A key could not be checked again', { workspace, slot, error: String(error) });
    }
  }

  async #remove({ workspace, slot }: SlotAddress, kind: SlotKind): Promise<Connection> {
    const removed = await this.#exclusively(workspace, async () => {
      const connection = occupant(this.#view(await this.#occupied(workspace)), kind, slot);
      await this.#stored.delete(storeKey(workspace, slot));
      return connection;
    });
    this.#tell({ workspace, slot, change: 'disconnected' });
    return removed;
  }

  async #update({ workspace, slot, id }: ConnectionRef, change: (connection: Connection) => Connection) {
    const changes = await this.#exclusively(workspace, async (): Promise<SlotsChange['change'][]> => {
      const occupied = await this.#stored.get(storeKey(workspace, slot));
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
    for (const each of changes) this.#tell({ workspace, slot, change: each });
  }

  /** Of one workspace, or of all; in the order of workspaces and slots. */
  async #occupied(workspace?: string): Promise<Occupied[]> {
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

  /**
   * The planned slots, and those beyond the plan that are still occupied. An occupied slot has the kind with
   * which it was connected, so that a changed plan takes no key away from those who manage it.
   */
  #view(occupied: readonly Occupied[]): SlotView[] {
    const planned = Array.from({ length: this.#plan.self + this.#plan.dfy }, (_, index) => index + 1);
    const numbers = new Set([...planned, ...occupied.map(({ connection }) => connection.slot)]);
    return [...numbers].map((number) => {
      const stored = occupied.find(({ connection }) => connection.slot === number);
      if (!stored) {
        return {
          number,
          kind: number <= this.#plan.self ? 'self' : 'dfy',
          state: 'free',
          sharesLimitsWith: [],
        };
      }
      const connection = this.#asSeen(stored);
      const sharesLimitsWith = sharing(connection, occupied);
      return { number, kind: connection.kind, state: 'connected', connection, sharesLimitsWith };
    });
  }

  #usable(occupied: Occupied): UsableConnection {
    return { ...this.#asSeen(occupied), key: () => this.#open(occupied) };
  }

  #asSeen(occupied: Occupied): Connection {
    const connection = this.#asOfNow(occupied.connection);
    try {
      this.#open(occupied);
      return connection;
    } catch (error) {
      const missing = error instanceof EncryptionKeyMissing && { missing: error.keyId };
      return { ...connection, health: { state: 'locked', ...missing } };
    }
  }

  #asOfNow(connection: Connection): Connection {
    return { ...connection, health: currentHealth(connection, this.#now()) };
  }

  #open({ sealed, connection: { workspace, slot } }: Occupied): string {
    return this.#vault.open(sealed, { workspace, slot });
  }

  #exclusively<T>(workspace: string, work: () => Promise<T>): Promise<T> {
    return this.#ports.coordination.exclusive(`slots:${workspace}`, work);
  }

  /** The change is made already: a listener's failure must not look like a failure to make it. */
  #tell(change: SlotsChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#ports.log.error('What follows a change of slots failed', { ...change, error: String(error) });
      }
    }
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

function isPossible({ self, dfy }: SlotPlan): boolean {
  const whole = [self, dfy].every((count) => Number.isInteger(count) && count >= 0);
  return whole && self + dfy >= 1 && self + dfy <= MOST_SLOTS;
}

/** A workspace's id may hold any character; encoded, it holds no "/". */
function storePrefix(workspace: string): string {
  return `${encodeURIComponent(workspace)}/`;
}

function storeKey(workspace: string, slot: number): string {
  return `${storePrefix(workspace)}${slot}`;
}

/** The slot if a number is given, else the first free one of the kind. */
function freePlace(slots: readonly SlotView[], kind: SlotKind, number: number | undefined): Place {
  const slot = number === undefined ? firstFree(slots, kind) : ownSlot(slots, kind, number);
  if (slot.state === 'connected') throw new SlotTaken(slot.connection);
  return { slot: slot.number, kind, label: `Slot ${slot.number}` };
}

function firstFree(slots: readonly SlotView[], kind: SlotKind): SlotView {
  const own = slots.filter((slot) => slot.kind === kind);
  const free = own.find(({ state }) => state === 'free');
  if (free) return free;
  throw new NoFreeSlot(
    kind,
    own.flatMap((slot) => (slot.state === 'connected' ? [slot.connection] : [])),
  );
}

function occupant(slots: readonly SlotView[], kind: SlotKind, number: number): Connection {
  const slot = ownSlot(slots, kind, number);
  if (slot.state === 'free') throw new NothingConnected(number, kind);
  return slot.connection;
}

function ownSlot(slots: readonly SlotView[], kind: SlotKind, number: number): SlotView {
  const slot = slots.find((one) => one.number === number);
  if (!slot) {
    throw new NoSuchSlot(
      number,
      slots.map((one) => one.number),
    );
  }
  if (slot.kind !== kind) throw new SlotNotYours(number, slot.kind);
  return slot;
}

function sharing({ slot, team }: Connection, occupied: readonly Occupied[]): number[] {
  return occupied
    .filter(({ connection }) => connection.slot !== slot && connection.team === team)
    .map(({ connection }) => connection.slot);
}

/** Under a tenth of what the billing cycle began with. None left is another matter: see its health. */
function hasLowCredits({ credits }: Connection): boolean {
  if (credits?.limit === undefined) return false;
  return credits.left > 0 && credits.left < credits.limit * LOW_CREDITS;
}

/** Calls under way together report the same trouble once each: it began with the first of them. */
function lasting({ health: before }: Connection, health: Health): Health {
  const lasts = before.state === health.state && before.state !== 'limited';
  return lasts ? before : health;
}

/** What decides whether and where a connection is given work. */
function workAspects({ health, team, notAllowed }: Connection) {
  return { health, team, notAllowed };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
