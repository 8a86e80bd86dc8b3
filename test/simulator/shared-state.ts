import { randomUUID } from 'node:crypto';
import { countersNamespace } from '../../core/node/entry-store.ts';
import type {
  Claims,
  CreditAccount,
  Http,
  Log,
  Reservations,
  Shared,
  Store,
  Topic,
} from '../../core/ports.ts';
import { accountName, HELD, holdIn, ROUNDING } from '../../core/reservations.ts';
import { mortal } from '../jobs/mortal.ts';
import type { Draw } from './draw.ts';
import type { Machine } from './machine.ts';
import { type Server, SharedConnection } from './shared-connection.ts';
import { SharedItems, SharedQueue } from './shared-queue.ts';
import { SharedData, SharedLocks, SharedStore } from './shared-store.ts';
import type { OpenState, State } from './state.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A process that is silent for so long counts as dead, ms. */
const LOST_AFTER_MS = 10_000;

interface Listener {
  readonly machine: Machine;
  readonly self: string;
  readonly topic: Topic;
  readonly hear: (message: string) => void;
}

/** What several processes share, with the behaviour of the drivers on Redis. */
export class SharedState implements State {
  readonly #server: Server;
  readonly #draw: Draw;
  readonly #data: SharedData;
  readonly #items: SharedItems;
  /** Until when each process is known to live, by `time.elapsed`. */
  readonly #alive = new Map<string, number>();
  readonly #claims = new Map<string, string>();
  /** By account and process. */
  readonly #reserved = new Map<string, Map<string, number>>();
  /** Processes that have set credits aside since they were settled. */
  readonly #unsettled = new Set<string>();
  readonly #values = new Map<string, string>();
  readonly #listeners = new Set<Listener>();

  constructor(time: VirtualTime, draw: Draw) {
    this.#server = { time, awayUntil: 0, isFull: false };
    this.#draw = draw;
    this.#data = new SharedData(time);
    this.#items = new SharedItems(time);
  }

  set isFull(full: boolean) {
    this.#server.isFull = full;
  }

  goAway(ms: number): void {
    this.#server.awayUntil = Math.max(this.#server.awayUntil, this.#server.time.elapsed + ms);
  }

  comeBack(): void {
    this.#server.awayUntil = this.#server.time.elapsed;
  }

  inspect(): Store {
    const now = <T>(command: () => T) => Promise.resolve(command());
    return new SharedStore(this.#data, { read: now, write: now }, () => [], this.#server.time);
  }

  close(): void {}

  open(machine: Machine, http: Http, log: Log): OpenState {
    const connection = new SharedConnection(this.#server, machine, this.#draw.branch());
    const locks = new SharedLocks(this.#data, connection, LOST_AFTER_MS);
    const { clock } = machine;
    const store = new SharedStore(this.#data, connection, () => locks.held(), clock);
    const queue = new SharedQueue(this.#items, connection, this.#draw.branch(), LOST_AFTER_MS);
    const { ports, kill } = mortal({ clock, http, log, store });
    const shared = this.#sharedBy(machine, connection, store, queue);
    return {
      ports: { ...ports, coordination: locks, shared },
      kill: () => {
        kill();
        queue.leave();
      },
      shut: () => void this.#alive.set(shared.self, 0),
    };
  }

  #sharedBy(machine: Machine, connection: SharedConnection, store: Store, chunks: SharedQueue): Shared {
    const { time } = this.#server;
    const self: string = randomUUID();
    const lost = new Set<string>();
    const known = new Set<string>([self]);
    const listeners = new Set<() => void>();
    const look = async () => {
      const living = await connection.read(() => {
        return [...this.#alive].map(([process, until]) => [process, until > time.elapsed] as const);
      });
      let news = 0;
      for (const [process, isAlive] of living) {
        known.add(process);
        if (isAlive) lost.delete(process);
        if (isAlive || process === self || lost.has(process)) continue;
        lost.add(process);
        news += 1;
      }
      if (news > 0) for (const listener of listeners) listener();
    };
    const beat = () => {
      void connection.read(() => this.#alive.set(self, time.elapsed + LOST_AFTER_MS)).then(look);
      machine.after(LOST_AFTER_MS / 5, beat);
    };
    beat();
    return {
      self,
      isAlone: false,
      works: 'always',
      isLost: (process) => {
        if (!known.has(process)) void look();
        return lost.has(process);
      },
      onLost: (listener) => void listeners.add(listener),
      lookForLost: look,
      now: () => time.now(),
      update: (key, change) => this.#update(connection, key, change),
      reservations: this.#reservationsOf(self, connection, store),
      claims: this.#claimsOf(self, connection),
      chunks,
      tell: (topic, message = '') => {
        void connection.read(() => {
          for (const { machine: other, hear, ...of } of this.#listeners) {
            if (of.topic === topic && of.self !== self)
              other.after(this.#draw.between(0, 3), () => hear(message));
          }
        });
      },
      hear: (topic, hear) => void this.#listeners.add({ machine, self, topic, hear }),
    };
  }

  async #update<T, R>(
    connection: SharedConnection,
    key: string,
    change: (value: T | undefined) => { readonly value: T; readonly result: R },
  ): Promise<R> {
    for (;;) {
      const before = await connection.read(() => this.#values.get(key));
      const { value, result } = change(before === undefined ? undefined : JSON.parse(before));
      const after = JSON.stringify(value);
      if (after === before) return result;
      const isSet = await connection.write(() => {
        if (this.#values.get(key) !== before) return false;
        this.#values.set(key, after);
        return true;
      });
      if (isSet) return result;
    }
  }

  #reservationsOf(self: string, connection: SharedConnection, store: Store): Reservations {
    return {
      reserve: (accounts, each, most) => connection.write(() => this.#reserve(self, accounts, each, most)),
      release: (accounts, credits) =>
        connection.write(() => {
          for (const account of accounts) this.#setAside(self, accountName(account), -credits);
        }),
      unsettled: () => connection.read(() => [...this.#unsettled]),
      settle: (processes) =>
        connection.write(() => {
          for (const process of processes) if (!this.#isAlive(process)) this.#unsettled.delete(process);
        }),
      hold: (accounts, credits) => holdIn(store.counters(HELD), accounts, credits),
    };
  }

  #reserve(self: string, accounts: readonly CreditAccount[], each: number, most: number) {
    let times = most;
    let never = false;
    for (const account of accounts) {
      if (account.limit === undefined) continue;
      const name = accountName(account);
      const { credits = 0, inDoubtCredits = 0 } = this.#fields(account.counters, account.key);
      const left = account.limit - credits - inDoubtCredits + ROUNDING;
      never ||= left < each;
      const reserved = this.#reserved.get(name);
      for (const process of [...(reserved?.keys() ?? [])]) {
        const counts = process === self || this.#isAlive(process) || this.#unsettled.has(process);
        if (!counts) reserved?.delete(process);
      }
      const others = [...(reserved?.values() ?? [])].reduce((sum, one) => sum + one, 0);
      const held = this.#fields(HELD, name).credits ?? 0;
      times = Math.min(times, Math.floor((left - held - others) / each));
    }
    if (times < 1) return { times: 0, never };
    this.#unsettled.add(self);
    for (const account of accounts) this.#setAside(self, accountName(account), times * each);
    return { times, never: false };
  }

  #setAside(self: string, account: string, credits: number): void {
    const reserved = this.#reserved.get(account) ?? new Map<string, number>();
    this.#reserved.set(account, reserved);
    const left = (reserved.get(self) ?? 0) + credits;
    if (left > ROUNDING) reserved.set(self, left);
    else reserved.delete(self);
  }

  #fields(counters: string, key: string): Readonly<Record<string, number>> {
    return JSON.parse(this.#data.get(countersNamespace(counters), key) ?? '{}');
  }

  #claimsOf(self: string, connection: SharedConnection): Claims {
    const isFree = (name: string) => {
      const holder = this.#claims.get(name);
      return holder === undefined || holder === self || !this.#isAlive(holder);
    };
    return {
      take: (groups) =>
        connection.write(() =>
          groups.map((names) => {
            if (!names.every(isFree)) return false;
            for (const name of names) this.#claims.set(name, self);
            return true;
          }),
        ),
      areHeld: (groups) =>
        connection.read(() => groups.map((names) => names.every((name) => this.#claims.get(name) === self))),
      release: (names) =>
        connection.write(() => {
          for (const name of names) if (this.#claims.get(name) === self) this.#claims.delete(name);
        }),
    };
  }

  #isAlive(process: string): boolean {
    return (this.#alive.get(process) ?? 0) > this.#server.time.elapsed;
  }
}
