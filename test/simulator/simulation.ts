import { Draw } from './draw.ts';
import { checkAlways, checkAtEnd, checkReason } from './invariants.ts';
import { seedRandomness } from './randomness.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import { type FollowedList, Users } from './users.ts';
import { VirtualTime } from './virtual-time.ts';
import { World } from './world.ts';

/** What became of a seed. */
export interface Simulated {
  readonly seed: number;
  /** The same for the same course of events. */
  readonly trace: string;
  readonly steps: number;
  /** Virtual time, ms. */
  readonly elapsedMs: number;
  readonly scenario: Scenario;
  /** What must not be; none: all is well. */
  readonly failures: readonly string[];
  readonly log: readonly string[];
}

/** Between two looks at the lists: in the storm, and when all is calm. */
const LOOK_EVERY_MS = { least: 50, storm: 1_000, most: 5_000 } as const;
const CHECK_EVERY_MS = 2_000;
/** Without any change for so long a list stands still, ms: longer than late phones are waited for. */
const STANDSTILL_MS = 45 * 60_000;
/** What ends by itself has ended by then, ms. */
const BY_ITSELF_MS = 5 * 60_000;
const MOST_STEPS = 3_000_000;

/** Runs one seed to its end. */
export async function simulate(seed: number): Promise<Simulated> {
  const draw = new Draw(seed);
  const scenario = drawScenario(draw.branch());
  const stopSeeding = seedRandomness(draw.branch());
  const time = new VirtualTime();
  const world = new World(scenario, time, draw);
  const failures: string[] = [];
  // It would end a real process.
  const onUnhandled = (error: unknown) => failures.push(`Nobody heard of a failure: ${textOf(error)}`);
  process.on('unhandledRejection', onUnhandled);
  try {
    await new Course(scenario, world, draw.branch(), failures).run();
  } catch (error) {
    failures.push(textOf(error));
  } finally {
    process.off('unhandledRejection', onUnhandled);
    world.close();
    stopSeeding();
  }
  failures.push(...world.failures);
  const { trace, steps, elapsed: elapsedMs } = time;
  return { seed, trace, steps, elapsedMs, scenario, failures, log: world.log };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** From the first moment to the end of every list. */
class Course {
  readonly #scenario: Scenario;
  readonly #world: World;
  readonly #users: Users;
  readonly #draw: Draw;
  readonly #failures: readonly string[];
  #isCalm = false;
  #isLifted = false;
  /** How the lists stood when anything changed last, and when that was. */
  #stand = '';
  #changedAt = 0;

  constructor(scenario: Scenario, world: World, draw: Draw, failures: readonly string[]) {
    this.#failures = failures;
    this.#draw = draw;
    this.#scenario = scenario;
    this.#world = world;
    this.#users = new Users(scenario, world, draw.branch());
  }

  async run(): Promise<void> {
    const { time } = this.#world;
    time.after(0, () => this.#world.begin());
    for (const incident of this.#scenario.incidents) {
      time.after(incident.at, () => {
        this.#world.befall(incident);
        this.#users.befall(incident);
      });
    }
    time.after(this.#scenario.stormMs, () => {
      this.#isCalm = true;
      this.#world.calm();
    });
    const look = () => {
      this.#users.look();
      time.after(
        this.#draw.between(LOOK_EVERY_MS.least, this.#isCalm ? LOOK_EVERY_MS.most : LOOK_EVERY_MS.storm),
        look,
      );
    };
    time.after(1, look);
    let lookedAt = 0;
    while (await time.step()) {
      if (this.#world.failures.length + this.#failures.length > 0) return;
      if (time.steps > MOST_STEPS) throw new Error(`After ${time.steps} events there is no end.`);
      if (time.elapsed - lookedAt < CHECK_EVERY_MS) continue;
      lookedAt = time.elapsed;
      checkAlways(this.#scenario, this.#world, this.#users.lists, this.#isLifted);
      if (this.#isCalm && (await this.#isThrough())) return;
    }
  }

  /** Whether everything has come to its end, and as it should. */
  async #isThrough(): Promise<boolean> {
    const { lists } = this.#users;
    const { time, apollo } = this.#world;
    const stand = JSON.stringify([lists.map(standOf), apollo.counts().late.pending]);
    if (stand !== this.#stand) {
      this.#stand = stand;
      this.#changedAt = time.elapsed;
    }
    const unchangedMs = time.elapsed - this.#changedAt;
    const areEnded = lists.every(isEnded);
    if (
      areEnded &&
      this.#world.cores.length > 0 &&
      apollo.counts().late.pending === 0 &&
      unchangedMs > 10_000
    ) {
      await this.#meanwhile(checkAtEnd(this.#scenario, this.#world, lists));
      return true;
    }
    if (
      !this.#isLifted &&
      unchangedMs > BY_ITSELF_MS &&
      lists.every((list) => isEnded(list) || isAtRest(list))
    ) {
      for (const list of lists) if (!isEnded(list)) checkReason(this.#scenario, this.#world, list);
      this.#isLifted = true;
      this.#changedAt = time.elapsed;
      this.#users.liftEverything();
    } else if (unchangedMs > STANDSTILL_MS) {
      throw new Error(`Nothing has changed for ${Math.round(unchangedMs / 60_000)} minutes: ${stand}`);
    }
    return false;
  }

  /** Lets time pass until it has ended. */
  async #meanwhile<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    while (!isOver) await this.#world.time.step();
    return await work;
  }
}

function standOf({ status }: FollowedList) {
  return status && [status.state, status.reason, status.finished, status.latePending];
}

function isEnded({ status }: FollowedList): boolean {
  return (status?.state === 'done' || status?.state === 'cancelled') && status.latePending === 0;
}

function isAtRest({ status }: FollowedList): boolean {
  return status?.state === 'paused' && status.latePending === 0;
}
