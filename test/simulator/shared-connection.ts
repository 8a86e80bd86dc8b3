import type { Draw } from './draw.ts';
import type { Machine } from './machine.ts';
import type { VirtualTime } from './virtual-time.ts';

/** ms of a way to the server, most often. */
const WAY_MS = { least: 0.05, most: 2 } as const;
/** Sometimes the way is slow. */
const SLOW = { probability: 0.01, mostMs: 300 } as const;

/** As a full Redis answers a write. */
class Refused extends Error {
  override readonly name = 'RedisRefused';
}

/** The server that holds what processes share. */
export interface Server {
  readonly time: VirtualTime;
  /** Until then it answers nobody, by `time.elapsed`; what was sent to it waits. */
  awayUntil: number;
  /** It takes no writes. */
  isFull: boolean;
}

/**
 * What a process has of the {@link Server}: commands that are carried out one after the other, each at one moment, in the
 * order in which the process gave them. What was sent is carried out although the process dies meanwhile.
 */
export class SharedConnection {
  readonly machine: Machine;
  readonly #server: Server;
  readonly #draw: Draw;
  #arrival = 0;
  #answer = 0;

  constructor(server: Server, machine: Machine, draw: Draw) {
    this.#server = server;
    this.machine = machine;
    this.#draw = draw;
  }

  /** Carries out what only reads. */
  read<T>(command: () => T): Promise<T> {
    return this.#send(command);
  }

  /** Carries out what writes, or throws that there is no room. */
  write<T>(command: () => T): Promise<T> {
    return this.#send(() => {
      if (this.#server.isFull)
        throw new Refused('The memory of the server is full. Nothing of this was written.');
      return command();
    });
  }

  #send<T>(command: () => T): Promise<T> {
    const { machine } = this;
    const { time, awayUntil } = this.#server;
    return new Promise((resolve, reject) => {
      if (machine.isDead) return;
      this.#arrival = Math.max(this.#arrival, awayUntil, time.elapsed + this.#way());
      time.after(this.#arrival - time.elapsed, () => this.#arrive(command, resolve, reject));
    });
  }

  #arrive<T>(command: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): void {
    const { time } = this.#server;
    // It went away while the command was on its way.
    const wait = this.#server.awayUntil - time.elapsed;
    if (wait > 0) {
      this.#arrival = Math.max(this.#arrival, this.#server.awayUntil);
      time.after(wait, () => this.#arrive(command, resolve, reject));
      return;
    }
    let settle: () => void;
    try {
      const value = command();
      settle = () => resolve(value);
    } catch (error) {
      settle = () => reject(error);
    }
    this.#answer = Math.max(this.#answer, time.elapsed + this.#way());
    this.machine.after(this.#answer - time.elapsed, settle);
  }

  #way(): number {
    const most = this.#draw.happens(SLOW.probability) ? SLOW.mostMs : WAY_MS.most;
    return this.#draw.between(WAY_MS.least, most);
  }
}
