import type { LimitReadings, WindowName } from '../apollo/types.ts';
import type { Clock, Log, Shared } from '../ports.ts';
import {
  Allowance,
  type AllowanceState,
  type AllowanceTicket,
  type LimiterAllowance,
  type MinuteMs,
  type Refusal,
  type WindowUse,
} from './allowance.ts';
import type { Room, TicketTimes } from './window.ts';

/** How long a permit that nobody uses is kept before it is given back, ms. */
const HOLD_MS = 20;
/** Where nobody tells that there is room, it is looked for again after this, ms. */
const LOOK_AGAIN_MS = 250;

/** By so much the time of all may be set between a request and its answer, ms. */
const TIME_MARGIN_MS = 10;

type Change = (allowance: Allowance, now: number) => void;

interface Operation {
  /** May be asked more than once, each time of a new state. */
  readonly change: Change;
  readonly done: () => void;
}

export interface SharedAllowanceOptions {
  readonly id: string;
  readonly minuteMs: MinuteMs;
  readonly shared: Shared;
  readonly clock: Clock;
  readonly log: Log;
  /** There may be room, or it is known when there will be. */
  readonly onRoom: () => void;
}

/**
 * An {@link Allowance} that several processes use. Its state is everybody's; each process takes permits out
 * of it before it sends, so that sending itself waits for nobody, and gives back those it does not use. A
 * permit counts as a request that was sent when it was taken, which is on the safe side. What a process that
 * died had under way is counted as sent, its answers as lost.
 */
export class SharedAllowance implements LimiterAllowance {
  readonly #options: SharedAllowanceOptions;
  /** As this process last saw it. */
  #copy: Allowance;
  readonly #permits: AllowanceTicket[] = [];
  readonly #operations: Operation[] = [];
  #working: Promise<void> | undefined;
  /** Permits that are being taken. */
  #taking: Promise<void> | undefined;
  /** Before this there is certainly no room, monotonic ms. */
  #notBefore = Number.NEGATIVE_INFINITY;
  #permit = 0;
  #share = 100;

  constructor(options: SharedAllowanceOptions) {
    this.#options = options;
    this.#copy = new Allowance(options.minuteMs);
  }

  /** As an {@link Allowance} has it; every process sets it for itself, from the same connections. */
  set share(percent: number) {
    if (percent === this.#share) return;
    this.#share = percent;
    this.#copy.share = percent;
    this.#notBefore = Number.NEGATIVE_INFINITY;
  }

  /** Requests that may leave now: the permits held. */
  room(now: number): Room {
    if (this.#permits.length > 0) return { free: this.#permits.length };
    return { free: 0, at: this.#taking || this.#notBefore <= now ? undefined : this.#notBefore };
  }

  /** Says that so many requests would leave if they might. */
  request(count: number): void {
    const missing = count - this.#permits.length;
    if (missing <= 0 || this.#taking || this.#options.clock.monotonic() < this.#notBefore) return;
    this.#taking = this.#take(missing);
  }

  /** There may be room again, as this or another process found out. */
  told(): void {
    this.#notBefore = Number.NEGATIVE_INFINITY;
    this.#options.onRoom();
  }

  send(_now: number): AllowanceTicket {
    const permit = this.#permits.shift();
    if (!permit) throw new Error('A request would leave without a permit of its allowance');
    return permit;
  }

  settle(ticket: AllowanceTicket, _now: number, readings: LimitReadings, times?: TicketTimes): void {
    const timesOfAll = this.#timesOfAll(ticket, times);
    this.#change((allowance, now) => {
      const known = allowance.underWay().get(idOf(ticket));
      allowance.settle(known ?? ticket, now, readings, timesOfAll(now));
    });
  }

  withdraw(ticket: AllowanceTicket, _now: number): void {
    this.#change((allowance, now) => {
      const known = allowance.underWay().get(idOf(ticket));
      if (known) allowance.withdraw(known, now);
    });
  }

  learn(readings: LimitReadings, _now: number): void {
    this.#change((allowance, now) => allowance.learn(readings, now));
  }

  refuse(ticket: AllowanceTicket, _now: number, refusal: Refusal, times?: TicketTimes): void {
    const timesOfAll = this.#timesOfAll(ticket, times);
    this.#change((allowance, now) => {
      const known = allowance.underWay().get(idOf(ticket));
      allowance.refuse(known ?? ticket, now, refusal, timesOfAll(now));
    });
  }

  limitedBy(now: number): { window: WindowName; until: number } | undefined {
    const limit = this.#copy.limitedBy(now + this.#ahead());
    return limit && { ...limit, until: limit.until - this.#ahead() };
  }

  uses(now: number): WindowUse[] {
    const ahead = this.#ahead();
    return this.#copy.uses(now + ahead).map((use) => {
      return use.endsAt === undefined ? use : { ...use, endsAt: use.endsAt - ahead };
    });
  }

  /** Sees what others have used. */
  async refresh(): Promise<void> {
    await this.#do(() => {});
  }

  /**
   * Gives back what is held, or just being taken, and resolves when everybody knows what became of this process's
   * requests. None may follow.
   */
  async settled(): Promise<void> {
    await this.#taking;
    this.#giveBack(this.#permits.splice(0));
    await this.#flush();
  }

  async #take(count: number): Promise<void> {
    const { clock, onRoom, shared } = this.#options;
    const taken: AllowanceTicket[] = [];
    let room: Room = { free: 0, at: undefined };
    await this.#do((allowance, now) => {
      taken.length = 0;
      for (let more = Math.min(count, allowance.room(now).free); more > 0; more -= 1) {
        taken.push(allowance.send(now, `${shared.self}.${++this.#permit}`));
      }
      room = allowance.room(now);
    });
    this.#permits.push(...taken);
    const now = clock.monotonic();
    const at = 'at' in room && room.at !== undefined ? room.at - this.#ahead() : undefined;
    this.#notBefore =
      taken.length > 0
        ? Number.NEGATIVE_INFINITY
        : Math.min(at ?? now + LOOK_AGAIN_MS, now + LOOK_AGAIN_MS * 4);
    this.#taking = undefined;
    onRoom();
    if (this.#permits.length > 0) void this.#hold(taken);
  }

  async #hold(taken: readonly AllowanceTicket[]): Promise<void> {
    await this.#options.clock.sleep(HOLD_MS);
    const left = this.#permits.filter((permit) => taken.includes(permit));
    if (left.length === 0) return;
    for (const permit of left) this.#permits.splice(this.#permits.indexOf(permit), 1);
    this.#giveBack(left);
  }

  #giveBack(permits: readonly AllowanceTicket[]): void {
    for (const permit of permits) this.withdraw(permit, 0);
  }

  #change(change: Change): void {
    void this.#do(change);
  }

  async #do(change: Change): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#operations.push({ change, done: resolve });
    void this.#flush();
    await promise;
  }

  #flush(): Promise<void> {
    this.#working ??= this.#work();
    return this.#working;
  }

  /** Carries out what has gathered, all of it in one change of what is shared. Never throws. */
  async #work(): Promise<void> {
    const { clock, log } = this.#options;
    // One turn, so that what is begun together is carried out together.
    await Promise.resolve();
    while (this.#operations.length > 0) {
      const operations = this.#operations.slice();
      try {
        await this.#transact(operations);
        this.#operations.splice(0, operations.length);
        for (const { done } of operations) done();
      } catch (error) {
        log.error('An allowance could not be shared; it is tried again', { error });
        await clock.sleep(LOOK_AGAIN_MS);
      }
    }
    // In the step that found nothing left: whatever is asked for in a later one has to begin anew.
    this.#working = undefined;
  }

  async #transact(operations: readonly Operation[]): Promise<void> {
    const { id, minuteMs, shared } = this.#options;
    const opened = await shared.update<AllowanceState, boolean>(`allowance/${id}`, (state) => {
      const allowance = new Allowance(minuteMs);
      allowance.share = this.#share;
      const now = shared.now();
      if (state) allowance.load(state, now);
      for (const [ticketId, ticket] of allowance.underWay()) {
        if (shared.isLost(ticketId.slice(0, ticketId.indexOf('.')))) allowance.settle(ticket, now, {});
      }
      const before = allowance.room(now);
      for (const { change } of operations) change(allowance, now);
      const after = allowance.room(now);
      this.#copy = allowance;
      return {
        value: allowance.dump(),
        result: before.free === 0 && (after.free > 0 || differs(before, after)),
      };
    });
    if (!opened) return;
    shared.tell('limiters', id);
    this.told();
  }

  /**
   * A request's times in the time of all, which is set now and then: by more than that it may not seem to have left
   * later, or to have been answered sooner, than it was.
   */
  #timesOfAll(ticket: AllowanceTicket, { leftAt, headAt }: TicketTimes = {}): (now: number) => TicketTimes {
    const ahead = this.#ahead();
    return (now) => ({
      ...(leftAt !== undefined && {
        leftAt: Math.max(ticket.minute.sentAt, leftAt + ahead - TIME_MARGIN_MS),
      }),
      ...(headAt !== undefined && { headAt: Math.min(now, headAt + ahead + TIME_MARGIN_MS) }),
    });
  }

  /** How far the time of all is ahead of this process's own, ms. */
  #ahead(): number {
    return this.#options.shared.now() - this.#options.clock.monotonic();
  }
}

function idOf({ minute }: AllowanceTicket): string {
  return minute.id ?? '';
}

function differs(before: Room, after: Room): boolean {
  return ('at' in before ? before.at : undefined) !== ('at' in after ? after.at : undefined);
}
