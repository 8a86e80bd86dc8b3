import { randomUUID } from 'node:crypto';
import { ApolloError, type KeyFailure, KeyNotAllowed, KeyRefused } from '../apollo/errors.ts';
import type { WindowName } from '../apollo/types.ts';
import type { Audit, Deed } from '../audit.ts';
import { UnderWay } from '../under-way.ts';
import { type AccountCalls, checkKey, type KeyCheck, withCheck, withCycleEnd } from './check.ts';
import { Connections, type ConnectionsOptions, type Occupied } from './connections.ts';
import { isCapped } from './credits.ts';
import {
  KeyAlreadyConnected,
  KeyMalformed,
  KeyNotChecked,
  KeyRefusedByApollo,
  NothingConnected,
  NothingToRestore,
  SlotTaken,
} from './errors.ts';
import { NOT_ALLOWED_FOR_MS, notAllowedAt, withSpentRefusal } from './health.ts';
import { cleanLabel } from './label.ts';
import { notation, type SlotView, words } from './notation.ts';
import { freePlace, occupant, type Place, sharing, slotAt, slotViews } from './places.ts';
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
import { fingerprint } from './vault.ts';

export interface SlotsOptions extends ConnectionsOptions {
  readonly apollo: AccountCalls;
  /** The same for every workspace. */
  readonly plan: SlotPlan;
  readonly audit: Audit;
}

/** Finds the place, or throws why there is none. Asked before Apollo is, and again under the lock. */
type Choice = (slots: readonly SlotView[]) => Place;

const MOST_SLOTS = 4;
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
  readonly #connections: Connections;
  readonly #plan: SlotPlan;
  readonly #audit: Audit;
  readonly #closing = new AbortController();
  /** What asks Apollo about keys, and stores what it hears. */
  readonly #asking = new UnderWay();

  /** Throws a `RangeError` for a plan that is not one to four slots. */
  constructor({ ports, apollo, vault, plan, audit }: SlotsOptions) {
    if (!isPossible(plan)) {
      throw new RangeError(
        `SLOTS_SELF (${plan.self}) and SLOTS_DFY (${plan.dfy}) must be whole numbers from 0 that make 1 to ${MOST_SLOTS} together.`,
      );
    }
    this.#ports = ports;
    this.#apollo = apollo;
    this.#connections = new Connections({ ports, vault });
    this.#plan = plan;
    this.#audit = audit;
  }

  async list(workspace: string): Promise<SlotsView> {
    const slots = this.#view(await this.#connections.list(workspace));
    return { workspace, notation: notation(slots), words: words(slots), slots };
  }

  /**
   * Puts a key into a self-service slot. Throws `KeyMalformed`, `KeyRefusedByApollo`, `KeyNotChecked`,
   * `KeyAlreadyConnected`, `NoFreeSlot`, `NoSuchSlot`, `SlotTaken` or `SlotNotYours`; then nothing was stored.
   */
  async connect(request: ConnectRequest): Promise<Connected> {
    return await this.#install('slot.connect', request, (slots) => freePlace(slots, 'self', request.slot));
  }

  /** As {@link connect}, for operators: into a done-for-you slot. */
  async fill(request: ConnectRequest): Promise<Connected> {
    return await this.#install('slot.fill', request, (slots) => freePlace(slots, 'dfy', request.slot));
  }

  /**
   * Puts another key into an occupied self-service slot; the old one stays if that fails. Without a label
   * the old label is kept. Errors as for {@link connect}, and `NothingConnected`; `SlotTaken` means that
   * somebody else replaced the key meanwhile.
   */
  async replace(request: ReplaceRequest): Promise<Connected> {
    let replaced: string | undefined;
    return await this.#install('slot.replace', request, (slots) => {
      const { id, slot, kind, label } = occupant(slots, 'self', request.slot);
      replaced ??= id;
      if (id !== replaced) throw new SlotTaken(occupant(slots, 'self', slot));
      return { slot, kind, label };
    });
  }

  /**
   * Empties a self-service slot; gives what was in it. For ten minutes {@link restore} puts it back. Throws
   * `NoSuchSlot`, `SlotNotYours` or `NothingConnected`.
   */
  async disconnect(address: SlotAddress): Promise<Connection> {
    return await this.#remove('slot.disconnect', address, 'self', (slot) => this.#connections.takeOut(slot));
  }

  /** The workspace's connections that were disconnected and can still be put back; `until`: ms since the epoch. */
  async restorable(workspace: string): Promise<{ connection: Connection; until: number }[]> {
    return (await this.#connections.takenOut(workspace)).map(({ connection, until }) => ({
      connection,
      until,
    }));
  }

  /**
   * Puts back what was disconnected from a slot within the last ten minutes, as it was. Throws
   * `NothingToRestore`, `SlotTaken` or `KeyAlreadyConnected`; then nothing was changed.
   */
  async restore({ workspace, slot }: SlotAddress): Promise<Connection> {
    const restored = await this.#connections.exclusively(workspace, async () => {
      const taken = (await this.#connections.takenOut(workspace)).find(
        (each) => each.connection.slot === slot,
      );
      if (!taken) throw new NothingToRestore(slot);
      for (const { connection, fingerprint: mark } of await this.#connections.list(workspace)) {
        if (connection.slot === slot) throw new SlotTaken(connection);
        if (mark === taken.fingerprint) throw new KeyAlreadyConnected(connection);
      }
      await this.#audit.done(
        workspace,
        'slot.restore',
        () => this.#connections.putBack(taken),
        () => factsOf(taken.connection),
      );
      return taken.connection;
    });
    this.#connections.tell({ workspace, slot, change: 'connected' });
    return restored;
  }

  /** As {@link disconnect}, for operators: a done-for-you slot. */
  async clear(address: SlotAddress): Promise<Connection> {
    return await this.#remove('slot.clear', address, 'dfy', (slot) => this.#connections.delete(slot));
  }

  /** Empties all of the workspace's slots, whoever filled them. */
  async removeAll(workspace: string): Promise<void> {
    for (const { connection } of await this.#connections.list(workspace)) {
      const remove = (slot: SlotAddress) => this.#connections.delete(slot);
      const deed = connection.kind === 'dfy' ? 'slot.clear' : 'slot.disconnect';
      await this.#remove(deed, connection, connection.kind, remove).catch((error) => {
        // Somebody else was quicker.
        if (!(error instanceof NothingConnected)) throw error;
      });
    }
    await this.#connections.forgetTakenOut(workspace);
  }

  /** The workspace's connections, in the order of their slots. */
  async connections(workspace: string): Promise<UsableConnection[]> {
    return (await this.#connections.list(workspace)).map((occupied) => this.#connections.usable(occupied));
  }

  /** The connections of all workspaces. */
  async all(): Promise<UsableConnection[]> {
    return (await this.#connections.list()).map((occupied) => this.#connections.usable(occupied));
  }

  /**
   * Those of all workspaces whose calls Apollo takes: not those it refuses. One without credits can still do what
   * costs none. One that is locked is logged.
   */
  async usable(): Promise<UsableConnection[]> {
    return (await this.all()).filter(({ workspace, slot, health, key }) => {
      try {
        key();
        return health.state !== 'refused' && health.state !== 'locked';
      } catch (error) {
        this.#ports.log.error('A key cannot be used', { workspace, slot, error });
        return false;
      }
    });
  }

  /** Remembers what was seen of a connection. Does nothing when it is no longer in its slot. */
  async report(ref: ConnectionRef, report: ConnectionReport): Promise<void> {
    await this.#connections.update(ref, (connection) => {
      const credits = report.credits ?? connection.credits;
      return {
        ...connection,
        ...(credits && { credits }),
        ...(report.health && {
          health: withCycleEnd(lasting(connection, report.health), credits, this.#now()),
        }),
        ...(report.limits && { limits: { ...connection.limits, ...report.limits } }),
        ...(report.notAllowed && {
          notAllowed: [
            ...notAllowedAt(connection, this.#now()).filter(
              (known) => !report.notAllowed?.some(({ endpoint }) => endpoint === known.endpoint),
            ),
            ...report.notAllowed,
          ],
        }),
      };
    });
  }

  /**
   * Uses only so many percent (1 to 100) of the limits of the Apollo team whose key is in the slot, from the next call
   * on. Throws `NoSuchSlot`, `NothingConnected`, or a `RangeError` for another percentage.
   */
  async setShare({ workspace, slot: number }: SlotAddress, percent: number): Promise<void> {
    if (!Number.isInteger(percent) || percent < 1 || percent > 100) {
      throw new RangeError(`A share of a limit is a whole number of percent from 1 to 100, not ${percent}.`);
    }
    const { slots } = await this.list(workspace);
    const slot = slotAt(slots, number);
    if (slot.state === 'free') throw new NothingConnected(number, slot.kind);
    await this.#connections.update(slot.connection, ({ share: _, ...connection }) =>
      percent === 100 ? connection : { ...connection, share: percent },
    );
    await this.#audit.record(workspace, 'slot.share', { slot: number, percent });
  }

  /**
   * What the workspace's keys may not do, or have no credits for, is tried again at the next occasion: somebody may have
   * widened a key, changed the plan or bought credits, and a call that is refused costs nothing.
   */
  async tryNotAllowed(workspace: string): Promise<void> {
    for (const { connection } of await this.#connections.list(workspace)) {
      if (!connection.notAllowed?.length && !connection.mobileSpent) continue;
      await this.#connections.update(connection, ({ mobileSpent: _, ...now }) => ({
        ...now,
        notAllowed: [],
      }));
    }
  }

  /**
   * Remembers why a connection failed at work. Credits are the team's, so their end is remembered for every
   * connection of the team, in whichever workspace; but for one whose user has a cap of their own.
   */
  async failed(connection: Connection, error: KeyFailure): Promise<void> {
    const since = this.#now();
    if (error instanceof KeyNotAllowed) {
      const until = since + NOT_ALLOWED_FOR_MS;
      return await this.report(connection, { notAllowed: [{ endpoint: error.endpoint, until }] });
    }
    if (error instanceof KeyRefused)
      return await this.report(connection, { health: { state: 'refused', since } });
    const { until, pool } = error.spent;
    const times = { since, ...(until !== undefined && { until }) };
    const health: Health = { state: 'out-of-credits', ...times };
    for (const other of await this.all()) {
      if (other.team !== connection.team || other.health.state === 'refused') continue;
      // What a user's own cap ends, the team's other users may go on with.
      if (isCapped(connection) && other.id !== connection.id) continue;
      if (pool === 'all') {
        // Calls under way together are refused together: one refusal, which began with the first of them.
        await this.#connections.update(other, (now) =>
          now.health.state === 'out-of-credits'
            ? now
            : withSpentRefusal({ ...now, health: withCycleEnd(health, now.credits, since) }, since),
        );
      } else await this.#connections.update(other, (now) => ({ ...now, mobileSpent: times }));
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
  async recheck(address: SlotAddress): Promise<Connection | undefined> {
    return await this.#asking.add(this.#recheck(address));
  }

  async #recheck({ workspace, slot }: SlotAddress): Promise<Connection | undefined> {
    const occupied = await this.#connections.get({ workspace, slot });
    if (!occupied) return undefined;
    try {
      const check = await this.#ask(this.#connections.open(occupied));
      await this.#connections.update(occupied.connection, (connection) =>
        withCheck(connection, check, this.#now()),
      );
    } catch (error) {
      if (!(error instanceof ApolloError)) throw error;
      if (error instanceof KeyRefused) {
        await this.#connections.update(occupied.connection, (connection) =>
          connection.health.state === 'refused'
            ? connection
            : { ...connection, health: { state: 'refused', since: this.#now() } },
        );
      } else if (!this.#closing.signal.aborted) {
        const fields = { workspace, slot, error: error.message };
        this.#ports.log.warn('A key could not be checked again; what was known of it stays', fields);
      }
    }
    const after = await this.#connections.get({ workspace, slot });
    return after && this.#connections.asSeen(after);
  }

  /** Reads team, credits and limits of all the workspace's connections again, and lists its slots. */
  async refresh(workspace: string): Promise<SlotsView> {
    return await this.#asking.add(this.#refresh(workspace));
  }

  async #refresh(workspace: string): Promise<SlotsView> {
    const occupied = await this.#connections.list(workspace);
    await Promise.all(occupied.map(({ connection }) => this.#tryRecheck(connection)));
    return await this.list(workspace);
  }

  /** Reads again those connections of the workspace whose credits were read longer ago than `maxAgeMs`. */
  async reread(workspace: string, maxAgeMs: number): Promise<void> {
    for (const { connection } of await this.#connections.list(workspace)) {
      const age = this.#now() - (connection.credits?.readAt ?? 0);
      if (age >= maxAgeMs) await this.#tryRecheck(connection);
    }
  }

  /**
   * Asks Apollo again about every connection that is refused or was out of credits, so that each comes back
   * when its reason is gone. For whoever has a timer: every few minutes is enough.
   */
  async recover(): Promise<void> {
    for (const { connection } of await this.#connections.list()) {
      const { state } = connection.health;
      if (state === 'refused' || state === 'out-of-credits') await this.#tryRecheck(connection);
    }
  }

  /** Seals every key anew that is not sealed with the ring's current encryption key. Safe to repeat. */
  async rotate(): Promise<Rotation> {
    return await this.#connections.rotate();
  }

  /** Ends what is asked of Apollo, as before the process ends; resolves when what was heard before is stored. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#asking.settled();
  }

  /**
   * Calls the listener after every change made through this object that matters to whoever gives out work.
   * Gives a function that ends it.
   */
  onChange(listener: (change: SlotsChange) => void): () => void {
    return this.#connections.onChange(listener);
  }

  #view(occupied: readonly Occupied[]): SlotView[] {
    return slotViews(
      this.#plan,
      occupied.map((each) => this.#connections.asSeen(each)),
    );
  }

  async #install(deed: Deed, request: Omit<ConnectRequest, 'slot'>, choose: Choice): Promise<Connected> {
    return await this.#asking.add(this.#checkAndPut(deed, request, choose));
  }

  async #checkAndPut(deed: Deed, request: Omit<ConnectRequest, 'slot'>, choose: Choice): Promise<Connected> {
    const { workspace } = request;
    const key = request.key.trim();
    if (!KEY_SHAPE.test(key)) throw new KeyMalformed();
    const mark = fingerprint(key);
    const findPlace = async () => {
      const occupied = await this.#connections.list(workspace);
      const holder = occupied.find((other) => other.fingerprint === mark);
      if (holder) throw new KeyAlreadyConnected(holder.connection);
      return choose(this.#view(occupied));
    };
    // What can be refused without Apollo is refused before the slow check.
    await findPlace();
    const check = await this.#check(key);

    const connection = await this.#connections.exclusively(workspace, async () => {
      const { slot, kind, label } = await findPlace();
      const now = this.#now();
      const before = await this.#connections.get({ workspace, slot });
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
        // Who replaces a key means to leave colleagues as much as before.
        ...(before?.connection.share !== undefined && { share: before.connection.share }),
        ...(request.by !== undefined && { connectedBy: request.by }),
      };
      const connection = withCheck(unchecked, check, now);
      await this.#audit.done(
        workspace,
        deed,
        () => this.#connections.put(connection, key),
        () => factsOf(connection),
      );
      return connection;
    });

    this.#connections.tell({ workspace, slot: connection.slot, change: 'connected' });
    const connections = (await this.#connections.list(workspace)).map((other) => other.connection);
    const sharesLimitsWith = sharing(connection, connections);
    const remarks = remarksOn(connection, sharesLimitsWith, check.notRead, this.#now());
    return { connection, sharesLimitsWith, remarks, notRead: check.notRead };
  }

  async #ask(key: string): Promise<KeyCheck> {
    return await checkKey(this.#apollo, { key, signal: this.#closing.signal }, () => this.#now());
  }

  async #check(key: string): Promise<KeyCheck> {
    try {
      return await this.#ask(key);
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
      this.#ports.log.error('A key could not be checked again', { workspace, slot, error });
    }
  }

  async #remove(
    deed: Deed,
    { workspace, slot }: SlotAddress,
    kind: SlotKind,
    remove: (slot: SlotAddress) => Promise<void>,
  ): Promise<Connection> {
    const removed = await this.#connections.exclusively(workspace, async () => {
      const connection = occupant(this.#view(await this.#connections.list(workspace)), kind, slot);
      await this.#audit.done(
        workspace,
        deed,
        () => remove({ workspace, slot }),
        () => factsOf(connection),
      );
      return connection;
    });
    this.#connections.tell({ workspace, slot, change: 'disconnected' });
    return removed;
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

function isPossible({ self, dfy }: SlotPlan): boolean {
  const whole = [self, dfy].every((count) => Number.isInteger(count) && count >= 0);
  return whole && self + dfy >= 1 && self + dfy <= MOST_SLOTS;
}

/** What is recorded of a key: nobody could use it. */
function factsOf({ slot, label, last4, team }: Connection) {
  return { slot, label, keyEnd: last4, team };
}

/** Calls under way together report the same trouble once each: it began with the first of them. */
function lasting({ health: before }: Connection, health: Health): Health {
  const lasts = before.state === health.state && before.state !== 'limited';
  return lasts ? before : health;
}
