import { type Core, DEFAULT_OPTIONS, type JobStatus, mapColumns } from '../../core/index.ts';
import { HEADERS, profiles } from '../jobs/people.ts';
import type { Draw } from './draw.ts';
import type { Incident, Scenario, WantedList } from './scenario.ts';
import { asText, type World } from './world.ts';

/** By name, what people may be told when things go wrong; anything else is a defect. */
const EXPECTED: ReadonlySet<string> = new Set([
  'JobError',
  'KeyAlreadyConnected',
  'KeyNotChecked',
  'KeyRefusedByApollo',
  'NothingConnected',
  'SlotTaken',
  'NoFreeSlot',
  'StoreNotWritten',
  'StoreUnavailable',
  'RedisRefused',
  'LockLost',
]);

/** A list as somebody follows it. */
export interface FollowedList {
  readonly wanted: WantedList;
  readonly rows: readonly (readonly string[])[];
  /** None before it is prepared. */
  id?: string;
  creditLimit: number | undefined;
  status?: JobStatus;
  /** Somebody paused it, and has not resumed it. */
  isPaused: boolean;
  /** Somebody asked for its end. */
  isCancelled: boolean;
}

/** People who connect keys, want lists looked up, and look again and again until they are. */
export class Users {
  readonly lists: readonly FollowedList[];
  readonly #scenario: Scenario;
  readonly #world: World;
  readonly #draw: Draw;
  /** What is asked of a core and was not answered yet, by name. */
  readonly #asking = new Map<string, Core>();
  /** What was said last of what failed, by name. */
  readonly #told = new Map<string, string>();
  readonly #connected = new Set<string>();
  /** Keys that somebody disconnected, until they connect them again. */
  readonly #away = new Set<string>();
  readonly #limited = new Set<string>();
  #areLimitsLifted = false;

  constructor(scenario: Scenario, world: World, draw: Draw) {
    this.#draw = draw;
    this.#scenario = scenario;
    this.#world = world;
    this.lists = scenario.lists.map((wanted) => ({
      wanted,
      rows: wanted.people.map((number) =>
        number === undefined ? NOBODY : (profiles(1, number)[0] ?? NOBODY),
      ),
      creditLimit: wanted.creditLimit,
      isPaused: false,
      isCancelled: false,
    }));
  }

  /** Does what is next to do, and looks how the lists stand. */
  look(): void {
    this.#connect();
    for (const [index, list] of this.lists.entries()) {
      if (list.wanted.at > this.#world.time.elapsed) continue;
      if (list.id === undefined) this.#prepare(list, index);
      else this.#follow(list, list.id, index);
    }
  }

  befall(incident: Incident): void {
    if (incident.what === 'disconnect') this.#disconnect(incident.key, incident.ms);
    if (!('list' in incident)) return;
    const list = this.lists[incident.list];
    const id = list?.id;
    if (!list || id === undefined) return;
    switch (incident.what) {
      case 'pause':
        this.#ask(`pause ${id}`, (core) => {
          list.isPaused = true;
          return core.jobs.pause(id);
        });
        break;
      case 'resume':
        this.#resume(list, id);
        break;
      case 'cancel':
        this.#ask(`cancel ${id}`, (core) => {
          list.isCancelled = true;
          return core.jobs.cancel(id);
        });
        break;
      case 'raise':
        if (list.creditLimit !== undefined) this.#limit(list, id, list.creditLimit + incident.by);
        break;
    }
  }

  /** Takes away whatever a list may wait for. */
  liftEverything(): void {
    this.#areLimitsLifted = true;
    for (const { id } of this.#scenario.teams) this.#world.apollo.setCredits(id, { limit: 100_000 });
    for (const { name, slotLimit } of this.#scenario.workspaces) {
      this.#ask(`lift ${name}`, async (core) => {
        await core.credits.setMonthlyLimit(name, undefined);
        if (slotLimit !== undefined) await core.credits.setSlotLimit(name, 1, undefined);
        for (const list of this.lists) {
          if (list.wanted.workspace !== name || list.id === undefined) continue;
          await core.jobs.setCreditLimit(list.id, undefined);
          list.creditLimit = undefined;
        }
      });
    }
    for (const list of this.lists) if (list.id !== undefined && isPaused(list)) this.#resume(list, list.id);
  }

  /** Takes a key out of its slot, to connect it again later. */
  #disconnect(key: string, ms: number): void {
    const workspace = this.#scenario.workspaces.find(({ keys }) => keys.includes(key))?.name ?? '';
    this.#ask(`disconnect ${key}`, async (core) => {
      const { slots } = await core.slots.list(workspace);
      for (const each of slots) {
        if (each.state !== 'connected' || each.connection.label !== labelOf(key)) continue;
        this.#away.add(key);
        this.#world.time.after(ms, () => {
          this.#away.delete(key);
          this.#connected.delete(key);
        });
        await core.slots.disconnect({ workspace, slot: each.number });
      }
    });
  }

  #connect(): void {
    for (const { name, keys, monthlyLimit, slotLimit } of this.#scenario.workspaces) {
      const missing = keys.find((key) => !this.#connected.has(key) && !this.#away.has(key));
      if (missing !== undefined) {
        this.#ask(`connect ${name}`, async (core) => {
          await core.slots
            .connect({ workspace: name, key: missing, label: labelOf(missing) })
            .catch((error: Error) => {
              if (error.name !== 'KeyAlreadyConnected') throw error;
            });
          this.#connected.add(missing);
        });
      } else if (!this.#limited.has(name)) {
        this.#ask(`limit ${name}`, async (core) => {
          await core.credits.setMonthlyLimit(name, monthlyLimit);
          if (slotLimit !== undefined) await core.credits.setSlotLimit(name, 1, slotLimit);
          this.#limited.add(name);
        });
      }
    }
  }

  #prepare(list: FollowedList, index: number): void {
    const { workspace, phones, creditLimit } = list.wanted;
    if (!this.#limited.has(workspace)) return;
    this.#ask(`prepare ${index}`, async (core) => {
      const { id } = await core.jobs.prepare({
        workspace,
        name: `list ${index}`,
        headers: HEADERS,
        source: {},
        mapping: mapColumns(HEADERS, list.rows),
        kind: 'people',
        rows: inTurn(list.rows),
        options: { ...DEFAULT_OPTIONS, reveal: { ...DEFAULT_OPTIONS.reveal, phones } },
        fresh: false,
        chunkRows: this.#scenario.chunkRows,
        ...(creditLimit !== undefined && { creditLimit }),
      });
      list.id = id;
      await core.jobs.start(id);
    });
  }

  #follow(list: FollowedList, id: string, index: number): void {
    this.#ask(`status ${index}`, async (core) => {
      const status = await core.jobs.status(id);
      if (status === undefined) {
        this.#world.failures.push(`List ${index}, ${id}, is not there any more.`);
        return;
      }
      const before = list.status;
      list.status = status;
      if (before?.state !== status.state || before.reason !== status.reason)
        this.#world.note(`list ${index} is ${status.state}`, {
          reason: status.reason,
          finished: status.finished,
        });
      // A process died when it was to be started, or to be cancelled.
      if (status.state === 'ready') await core.jobs.start(id);
      else if (list.isCancelled && status.state !== 'done' && status.state !== 'cancelled')
        await core.jobs.cancel(id);
      else if (this.#areLimitsLifted && isPaused(list)) this.#resume(list, id);
    });
  }

  #resume(list: FollowedList, id: string): void {
    this.#ask(`resume ${id}`, async (core) => {
      await core.jobs.start(id);
      list.isPaused = false;
    });
  }

  #limit(list: FollowedList, id: string, credits: number): void {
    this.#ask(`raise ${id}`, async (core) => {
      // It may be written although nobody hears of it.
      list.creditLimit = credits;
      await core.jobs.setCreditLimit(id, credits);
    });
  }

  /** Asks the core that runs now, unless the same was asked of it and is not answered yet. */
  #ask(name: string, ask: (core: Core) => Promise<unknown>): void {
    const { cores } = this.#world;
    const before = this.#asking.get(name);
    const core = cores[this.#draw.whole(0, cores.length - 1)];
    if (!core || (before && cores.includes(before))) return;
    this.#asking.set(name, core);
    ask(core)
      .catch((error: Error) => {
        const said = asText(error);
        if (this.#told.get(name) !== said) this.#world.note(`${name} failed`, error);
        this.#told.set(name, said);
        if (!EXPECTED.has(error.name)) this.#world.failures.push(`${name}: ${error.stack ?? asText(error)}`);
      })
      .finally(() => {
        if (this.#asking.get(name) === core) this.#asking.delete(name);
      });
  }
}

const NOBODY: readonly string[] = ['', '', '', '', ''];

/** A label must not hold the key. */
function labelOf(key: string): string {
  return key.replace('key-', 'of ');
}

function isPaused({ status }: FollowedList): boolean {
  return status?.state === 'paused';
}

async function* inTurn<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
