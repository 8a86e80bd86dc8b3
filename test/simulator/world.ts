import { type Core, type CoreSettings, createCore } from '../../core/index.ts';
import type { Log } from '../../core/ports.ts';
import { createModel, type Model } from '../sandbox/model.ts';
import { keyRing } from '../slots/world.ts';
import type { Draw } from './draw.ts';
import { EmbeddedState, type OpenState } from './embedded-state.ts';
import { Machine } from './machine.ts';
import { Network } from './network.ts';
import type { Incident, Scenario } from './scenario.ts';
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

/** The product on a pretended machine, network and Apollo, and what befalls it. */
export class World {
  readonly time: VirtualTime;
  readonly apollo: Model;
  /** The newest lines of what happened and of the log. */
  readonly log: string[] = [];
  /** What must never happen, as it is noticed. */
  readonly failures: string[] = [];
  /** Whether the machine's date was set. */
  wasClockSet = false;
  readonly #draw: Draw;
  readonly #network: Network;
  readonly #state = new EmbeddedState();
  #wallOffsetMs = 0;
  #process: Process | undefined;
  #isOver = false;

  constructor(scenario: Scenario, time: VirtualTime, draw: Draw) {
    const { teams, matchRate, latencyMs, losses } = scenario;
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
  }

  /** The core of the process that runs now, if one does. */
  get core(): Core | undefined {
    return this.#isOver ? undefined : this.#process?.core;
  }

  /** Keeps a line for whoever looks for the cause of a failure. */
  note(what: string, fields?: unknown): void {
    const text = `${(this.time.elapsed / 1000).toFixed(3).padStart(10)} s  ${what}${fields === undefined ? '' : ` ${asText(fields)}`}`;
    this.time.mark(text);
    this.log.push(text);
    if (this.log.length > LOGGED_LINES) this.log.shift();
  }

  /** Starts the process. */
  begin(): void {
    const machine = new Machine(this.time, this.#draw.branch(), () => this.#wallOffsetMs);
    let state: OpenState;
    try {
      state = this.#state.open(machine, this.#network.of(machine), this.#logOf());
    } catch (error) {
      this.note('the store could not be opened', error);
      this.time.after(AGAIN_MS, () => this.begin());
      return;
    }
    const process: Process = { machine, state, maintenance: new AbortController() };
    this.#process = process;
    createCore(state.ports, SETTINGS).then(
      (core) => {
        process.core = core;
        this.note('the process is there');
        void core.tend(process.maintenance.signal);
      },
      (error) => {
        this.note('the process could not start', error);
        if (this.#process === process) this.#end(process, AGAIN_MS);
      },
    );
  }

  befall(incident: Incident): void {
    this.note(`* ${incident.what}`, incident);
    const process = this.#process;
    switch (incident.what) {
      case 'crash':
        if (process) this.#end(process, incident.downMs);
        break;
      case 'restart':
        if (process?.core) this.#shutDown(process, incident.downMs);
        break;
      case 'stand still':
        process?.machine.standStill(incident.ms);
        break;
      case 'disk full':
        this.#state.isFull = true;
        this.time.after(incident.ms, () => {
          this.#state.isFull = false;
        });
        break;
      case 'clock':
        this.#wallOffsetMs += incident.ms;
        this.wasClockSet = true;
        break;
      case 'fault':
        this.apollo.fault(incident.fault);
        break;
    }
  }

  /** From now on nothing goes wrong any more. */
  calm(): void {
    this.note('* nothing goes wrong any more');
    this.#state.isFull = false;
    this.#network.heal();
    this.apollo.heal();
  }

  /** What is stored, as a process sees it. */
  get store(): OpenState['store'] | undefined {
    return this.#process?.state.store;
  }

  close(): void {
    this.#isOver = true;
    this.#process?.machine.die();
    this.#process?.state.kill();
    this.apollo.stop();
    this.#state.close();
  }

  #end(process: Process, downMs: number): void {
    process.machine.die();
    process.state.kill();
    this.#process = undefined;
    this.time.after(downMs, () => this.begin());
  }

  #shutDown(process: Process, downMs: number): void {
    const { core, maintenance } = process;
    delete process.core;
    maintenance.abort();
    core?.close().then(
      () => {
        if (this.#process !== process) return;
        this.note('the process has ended in order');
        process.state.shut();
        this.#end(process, downMs);
      },
      (error) => this.failures.push(`The process could not end in order: ${asText(error)}`),
    );
  }

  #logOf(): Log {
    const write = (level: string) => (message: string, fields?: Record<string, unknown>) =>
      this.note(`${level} ${message}`, fields);
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
