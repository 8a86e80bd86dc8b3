import { type Core, type CoreSettings, createCore } from '../../core/index.ts';
import type { Log, Store } from '../../core/ports.ts';
import { createModel, type Model } from '../sandbox/model.ts';
import { keyRing } from '../slots/world.ts';
import type { Draw } from './draw.ts';
import { EmbeddedState } from './embedded-state.ts';
import { Machine } from './machine.ts';
import { Network } from './network.ts';
import type { Incident, Scenario } from './scenario.ts';
import { SharedState } from './shared-state.ts';
import type { OpenState, State } from './state.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A process that could not start is started again after this, ms, as a supervisor does. */
const AGAIN_MS = 1_000;
const LOGGED_LINES = 2_000;

interface Process {
  readonly machine: Machine;
  readonly state: OpenState;
  readonly maintenance: AbortController;
  /** None while it starts. */
  core?: Core;
}

/** Where a process runs, and another one after its end. */
interface Place {
  /** How far the machine's date is from Apollo's, ms. */
  wallOffsetMs: number;
  process?: Process;
}

/** The product on pretended machines, a pretended network and Apollo, and what befalls it. */
export class World {
  readonly time: VirtualTime;
  readonly apollo: Model;
  /** The newest lines of what happened and of the log. */
  readonly log: string[] = [];
  /** What must never happen, as it is noticed. */
  readonly failures: string[] = [];
  /** Whether calls may have left at times that the product could not know. */
  isTimeUncertain = false;
  readonly #draw: Draw;
  readonly #network: Network;
  readonly #state: State;
  readonly #places: readonly Place[];
  #isOver = false;

  constructor(scenario: Scenario, time: VirtualTime, draw: Draw) {
    const { teams, matchRate, latencyMs, losses, processes } = scenario;
    this.time = time;
    this.#draw = draw;
    this.apollo = createModel(
      {
        teams,
        matchRate,
        latencyMs: { median: latencyMs, p95: latencyMs * 3 },
        webhooks: 'never',
        seed: draw.whole(1, 2 ** 31),
      },
      { time, post: async () => false },
    );
    this.#network = new Network(time, draw.branch(), this.apollo, (what) => this.note(what));
    this.#network.losses = losses;
    this.#state = processes === 1 ? new EmbeddedState() : new SharedState(time, draw.branch());
    this.#places = draw.times(processes, () => ({ wallOffsetMs: 0 }));
  }

  /** The cores of the processes that run now. */
  get cores(): readonly Core[] {
    return this.#isOver ? [] : this.#places.flatMap(({ process }) => process?.core ?? []);
  }

  /** What is stored. */
  get store(): Store {
    return this.#state.inspect();
  }

  /** Keeps a line for whoever looks for the cause of a failure. */
  note(what: string, fields?: unknown): void {
    const at = (this.time.elapsed / 1000).toFixed(3).padStart(10);
    const text = `${at} s  ${what}${fields === undefined ? '' : ` ${asText(fields)}`}`;
    this.time.mark(text);
    this.log.push(text);
    if (this.log.length > LOGGED_LINES) this.log.shift();
  }

  /** Starts all processes. */
  begin(): void {
    for (const place of this.#places) this.#begin(place);
  }

  befall(incident: Incident): void {
    this.note(`* ${incident.what}`, incident);
    if ('process' in incident) this.#befallOne(incident);
    else if (incident.what === 'fault') this.apollo.fault(incident.fault);
    else if (incident.what === 'revoke') this.#revoke(incident.key, incident.ms);
    else if (incident.what === 'away') this.#state.goAway?.(incident.ms);
    else if (incident.what === 'full') {
      this.#state.isFull = true;
      this.time.after(incident.ms, () => {
        this.#state.isFull = false;
      });
    }
  }

  /** From now on nothing goes wrong any more. */
  calm(): void {
    this.note('* nothing goes wrong any more');
    this.#state.isFull = false;
    this.#state.comeBack?.();
    this.#network.heal();
    this.apollo.heal();
  }

  close(): void {
    this.#isOver = true;
    for (const { process } of this.#places) {
      process?.machine.die();
      process?.state.kill();
    }
    this.apollo.stop();
    this.#state.close();
  }

  #revoke(key: string, ms: number): void {
    this.apollo.revoke(key);
    this.time.after(ms, () => this.apollo.restore(key));
  }

  #befallOne(incident: Incident & { readonly process: number }): void {
    const place = this.#places[incident.process];
    const process = place?.process;
    if (!place) return;
    switch (incident.what) {
      case 'crash':
        if (process) this.#end(place, process, incident.downMs);
        break;
      case 'restart':
        if (process?.core) this.#shutDown(place, process, incident.downMs);
        break;
      case 'stand still':
        process?.machine.standStill(incident.ms);
        // What one was about to send, and all others take for sent, leaves when it goes on.
        if (this.#places.length > 1) this.isTimeUncertain = true;
        break;
      case 'clock':
        place.wallOffsetMs += incident.ms;
        this.isTimeUncertain = true;
        break;
    }
  }

  #begin(place: Place): void {
    const name = `process ${this.#places.indexOf(place)}`;
    const machine = new Machine(this.time, this.#draw.branch(), () => place.wallOffsetMs);
    let state: OpenState;
    try {
      state = this.#state.open(machine, this.#network.of(machine), this.#logOf(name));
    } catch (error) {
      this.note(`${name}: the store could not be opened`, error);
      this.time.after(AGAIN_MS, () => this.#begin(place));
      return;
    }
    const process: Process = { machine, state, maintenance: new AbortController() };
    place.process = process;
    createCore(state.ports, SETTINGS).then(
      (core) => {
        process.core = core;
        this.note(`${name} is there`);
        void core.tend(process.maintenance.signal);
      },
      (error) => {
        this.note(`${name} could not start`, error);
        if (place.process === process) this.#end(place, process, AGAIN_MS);
      },
    );
  }

  #end(place: Place, process: Process, downMs: number): void {
    process.machine.die();
    process.state.kill();
    delete place.process;
    this.time.after(downMs, () => this.#begin(place));
  }

  #shutDown(place: Place, process: Process, downMs: number): void {
    const { core, maintenance } = process;
    delete process.core;
    maintenance.abort();
    core?.close().then(
      () => {
        if (place.process !== process) return;
        this.note(`process ${this.#places.indexOf(place)} has ended in order`);
        process.state.shut();
        this.#end(place, process, downMs);
      },
      (error) => this.failures.push(`The process could not end in order: ${asText(error)}`),
    );
  }

  #logOf(name: string): Log {
    const write = (level: string) => (message: string, fields?: Record<string, unknown>) =>
      this.note(`${name}: ${level} ${message}`, fields);
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  }
}

const SETTINGS: CoreSettings = {
  apolloBaseUrl: 'http://apollo/api/v1',
  minuteMs: 60_000,
  slots: { self: 4, dfy: 0 },
  retentionDays: 365,
  keyRing: keyRing('first'),
};

/** Errors with what caused them. */
export function asText(value: unknown): string {
  if (value instanceof Error) return String(value.cause ? `${value} (${String(value.cause)})` : value);
  return JSON.stringify(value, (_, each) => (each instanceof Error ? asText(each) : each)) ?? '';
}
