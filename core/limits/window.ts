import { ANSWER_TIMEOUT_MS, type WindowReading } from '../apollo/types.ts';
import { Pacing, type PacingState } from './pacing.ts';

/** A request of ours that a window counted when it was sent. */
export interface Ticket {
  readonly sentAt: number;
  /** Names it where several processes share the window. */
  readonly id?: string | undefined;
}

/** When a request was on its way, as far as is known. Monotonic ms. */
export interface TicketTimes {
  /** Just before its first byte was written; it may have waited since it was sent off. */
  readonly leftAt?: number | undefined;
  /** When the head of its answer was there; reading the rest takes its time. */
  readonly headAt?: number | undefined;
}

/** All of a window, as JSON. Times are of the clock that all who share it have. */
export interface WindowState {
  readonly limit?: number | null | undefined;
  readonly opening?: Opening | undefined;
  /** None where an earlier version wrote it. */
  readonly openers?: readonly (readonly [id: string, leftAt: number])[];
  readonly sent: number;
  readonly foreign: number;
  readonly seen: number;
  readonly underWay: readonly (readonly [id: string, sentAt: number, seen: number])[];
  readonly ambiguous: readonly (readonly [id: string, sentAt: number])[];
  readonly carried: readonly (readonly [id: string, seen: number])[];
  readonly blockedUntil?: number | undefined;
  readonly seenBefore?: number | undefined;
  readonly foreignBefore?: number | undefined;
  /** None where an earlier version wrote it. */
  readonly pacing?: PacingState | undefined;
}

/** What a window must remember over a restart. Times are wall-clock ms. */
export interface WindowSnapshot {
  readonly limit: number | null;
  readonly earliest: number;
  readonly latest: number;
  readonly used: number;
  readonly seen: number;
  /** Others' requests among those used. */
  readonly foreign?: number;
  /** What was learnt where windows are not as Apollo documents them, or that they are. */
  readonly pacing?: PacingState;
}

/**
 * How many more requests a window takes now; when none, the time at which to ask again, `undefined`
 * meaning "after the next answer".
 */
export type Room = { readonly free: number } | { readonly free: 0; readonly at: number | undefined };

interface Opening {
  /** The window cannot have opened before: when the first request that may have opened it left us. */
  earliest: number;
  /** It was open by then: the first answer that counted in it. Unknown until one comes. */
  latest?: number | undefined;
  /** True when no answer proved `latest`: all that may have opened the window was lost or the old one's. */
  supposed: boolean;
}

/** Where in the uncertain end of a window a probe goes: late enough for the jitter of one round trip. */
const PROBE_AT = 0.1;

/** More than can be under way: where no answer says that the window is open, all of them could have opened it. */
const MOST_OPENERS = 128;

/**
 * One fixed rate-limit window of Apollo's, seen from outside. It opens with the first request that Apollo
 * counts, at a moment that we only know to lie between that request's first byte and the first answer. So
 * its end is uncertain by as much, and requests sent or under way in that uncertain time may count in the
 * old window or the next: they are counted in both until an answer's usage header tells which.
 *
 * Invariant: whatever the true moments are, Apollo never counts more than `limit` of our requests, plus
 * those of others that it had told us of, in one window. Where a refusal shows that windows are of another kind, or
 * usage headers do not show that they are of this one, {@link Pacing} says what may leave.
 *
 * All times are monotonic ms. Where several processes share it, see `SharedAllowance`.
 */
export class Window {
  readonly length: number;
  /** Requests; `null` none; `undefined` not learnt yet, then one request at a time goes out to learn it. */
  limit: number | null | undefined;
  /** Percent of the limit that may be used, 1 to 100; the rest is left to colleagues' other tools. */
  share = 100;
  #opening: Opening | undefined;
  /**
   * Tickets any of which may have opened the present window, with a time at which each had certainly not left
   * yet. None is added once the window is known to be open, so `earliest` only ever grows. None at all where there
   * is no limit: Apollo tells nothing of such a window.
   */
  readonly #openers = new Map<Ticket, number>();
  /** Ours that may count in the present window. */
  #sent = 0;
  /** Others' requests, at least, as far as usage headers showed. */
  #foreign = 0;
  /** The highest usage that Apollo told of the present window. */
  #seen = 0;
  /** Tickets not answered yet, with the highest usage told of the present window before they left. */
  readonly #underWay = new Map<Ticket, number>();
  /** Tickets that may belong to the next window although the present one is not known to have ended. */
  readonly #ambiguous = new Set<Ticket>();
  /**
   * Tickets under way when the last window ended, with the highest usage told of that one before they left:
   * counted here too, though the old window may have had them.
   */
  #carried = new Map<Ticket, number>();
  #blockedUntil = Number.NEGATIVE_INFINITY;
  /** A higher limit than answers tell, as Apollo's list of limits had it; tried with one request, once. */
  #claim: { readonly limit: number; state: 'open' | 'true' | 'false'; probe?: Ticket } | undefined;
  /** The highest usage told of the window before. */
  #seenBefore = 0;
  /** Others' requests in the window before. */
  #foreignBefore = 0;
  readonly #pacing: Pacing;

  constructor(length: number, limit?: number | null) {
    this.length = length;
    this.limit = limit;
    this.#pacing = new Pacing(length);
  }

  /** Requests counted so far in the present window, as far as we can know. */
  used(now: number): number {
    this.#roll(now);
    return this.#sent + this.#foreign;
  }

  /** How full it is, `undefined` without a limit: where a share is left to others, of our part of it. */
  use(now: number): { limit: number; used: number } | undefined {
    const { limit } = this;
    if (typeof limit !== 'number') return undefined;
    const used = this.used(now);
    if (this.share === 100) return { limit, used };
    const ours = this.#ours(limit);
    return { limit: ours, used: ours - Math.max(0, Math.min(limit - used, ours - this.#sent)) };
  }

  /** When the present window has certainly ended, if it is open and that is known. */
  endsAt(now: number): number | undefined {
    this.#roll(now);
    return this.#opening?.latest === undefined ? undefined : this.#opening.latest + this.length;
  }

  room(now: number): Room {
    this.#roll(now);
    if (now < this.#blockedUntil) return { free: 0, at: this.#blockedUntil };
    const limit = this.#limit();
    if (limit === null) return { free: Number.POSITIVE_INFINITY };
    if (this.#pacing.isProbing) return this.#probe();
    const atOnce = this.#pacing.isConfirmed
      ? Number.POSITIVE_INFINITY
      : this.#pacing.mostUnderWay(limit) - this.#underWay.size;
    if (limit === undefined) return atOnce > 0 ? { free: atOnce } : { free: 0, at: undefined };
    const room = this.#pacing.isFixed
      ? this.#roomWhileFixed(now, limit)
      : asRoom(this.#pacing.room(now, this.#ours(limit), this.#underWay.size));
    if (room.free === 0 && this.#isWorthClaiming()) return { free: 1 };
    if (room.free === 0 || room.free <= atOnce) return room;
    return atOnce > 0 ? { free: atOnce } : { free: 0, at: undefined };
  }

  /** Nothing is left of the told limit, and Apollo's list says that it is higher. */
  #isWorthClaiming(): boolean {
    const told = this.limit;
    if (this.share < 100) return false;
    if (this.#claim?.state !== 'open' || typeof told !== 'number' || this.#underWay.size > 0) return false;
    // Much more is another plan's limit, from before it was changed.
    const isPlausible = this.#claim.limit > told && this.#claim.limit <= told * 3;
    return isPlausible && this.#pacing.limit(told) === told;
  }

  /** One at a time; what left before the last refusal tells nothing new. */
  #probe(): Room {
    for (const { sentAt } of this.#underWay.keys()) {
      if (sentAt >= this.#pacing.refusedAt) return { free: 0, at: undefined };
    }
    return { free: 1 };
  }

  /**
   * With a share, also never more than our part in any stretch of the window's length: colleagues open windows too, at
   * moments that nobody knows here.
   */
  #roomWhileFixed(now: number, limit: number): Room {
    if (this.share === 100) return this.#roomOfWindow(now, limit - this.#sent - this.#foreign);
    const ours = this.#ours(limit);
    const left = Math.min(limit - this.#sent - this.#foreign, ours - this.#sent);
    const room = this.#roomOfWindow(now, left);
    const recent = asRoom(this.#pacing.rolling(now, ours, this.#underWay.size));
    return room.free <= recent.free ? room : recent;
  }

  #roomOfWindow(now: number, left: number): Room {
    const opening = this.#opening;
    if (!opening) return left > 0 ? { free: left } : { free: 0, at: undefined };
    const surelyOver = opening.latest === undefined ? undefined : opening.latest + this.length;
    if (left <= 0) return { free: 0, at: surelyOver };
    const probeAt = opening.earliest + this.length + PROBE_AT * this.#uncertainty();
    if (now >= probeAt) return { free: left };
    const free = left - (this.#worthProbing() ? 1 : 0);
    return free > 0 ? { free } : { free: 0, at: probeAt };
  }

  send(now: number, id?: string): Ticket {
    this.#roll(now);
    const ticket: Ticket = { sentAt: now, id };
    if (
      this.#claim?.state === 'open' &&
      this.#sent + this.#foreign >= (this.limit ?? Number.POSITIVE_INFINITY)
    )
      this.#claim.probe = ticket;
    this.#opening ??= { earliest: now, latest: undefined, supposed: false };
    if (this.#opening.supposed) {
      // It may be this very request that opens the window: its answer will tell.
      this.#opening.latest = undefined;
      this.#opening.supposed = false;
    }
    this.#pacing.sent(now, this.#limit(), this.#underWay.size);
    const isOpener = this.#opening.latest === undefined && this.limit !== null;
    if (isOpener && this.#openers.size < MOST_OPENERS) this.#openers.set(ticket, now);
    this.#sent += 1;
    this.#underWay.set(ticket, this.#seen);
    if (now >= this.#opening.earliest + this.length) this.#ambiguous.add(ticket);
    return ticket;
  }

  /** The request never left: Apollo cannot have counted it. */
  withdraw(ticket: Ticket, now: number): void {
    this.#roll(now);
    this.#underWay.delete(ticket);
    this.#ambiguous.delete(ticket);
    this.#carried.delete(ticket);
    this.#sent = Math.max(0, this.#sent - 1);
    if (this.#openers.delete(ticket)) this.#narrow();
    if (this.#sent === 0 && this.#foreign === 0) this.#opening = undefined;
  }

  /** An answer came (`reading`: what it said of this window), or was lost (none). */
  settle(
    ticket: Ticket,
    now: number,
    reading: WindowReading | undefined,
    { leftAt = ticket.sentAt, headAt = now }: TicketTimes = {},
  ): void {
    this.#roll(now);
    this.#pacing.accepted(leftAt, headAt, this.#limit());
    if (reading && this.#claim?.probe === ticket) this.#claim.state = 'true';
    this.#count(ticket, now, reading, { leftAt, headAt });
  }

  /**
   * Apollo refused it for this window; `until`: when it may be tried again, where Apollo says so or it is known.
   * See {@link Pacing.refused} for what is made of it.
   */
  refuse(
    ticket: Ticket,
    now: number,
    reading: WindowReading | undefined,
    until: number | undefined,
    { leftAt = ticket.sentAt, headAt = now }: TicketTimes = {},
  ): void {
    this.#roll(now);
    if (this.#claim?.probe === ticket) this.#claim.state = 'false';
    const { used = 0, limit } = reading ?? {};
    const explained =
      this.#pacing.isFixed &&
      typeof limit === 'number' &&
      used >= limit &&
      used > this.#sent - this.#underWay.size &&
      used > this.#pacing.recent(now);
    const end = this.#opening?.latest === undefined ? undefined : this.#opening.latest + this.length;
    const wait = this.#pacing.refused(leftAt, now, this.#limit(), explained);
    this.#count(ticket, now, reading, { leftAt, headAt });
    if (until !== undefined) this.block(until);
    else if (wait !== undefined)
      this.block(Math.min(now + wait, end !== undefined && end > now ? end : now + wait));
  }

  #count(
    ticket: Ticket,
    now: number,
    reading: WindowReading | undefined,
    { leftAt, headAt }: Required<{ [Name in keyof TicketTimes]: number }>,
  ): void {
    const seen = this.#underWay.get(ticket) ?? 0;
    this.#underWay.delete(ticket);
    if (reading) this.limit = reading.limit;
    const used = reading?.used;
    if (used !== undefined) this.#judge(used, leftAt, headAt);
    if (this.#ambiguous.has(ticket) && used !== undefined) {
      // The old window would have told a higher count than any told before this request left.
      if (used <= seen) this.#open(now, true);
      // The next one can have counted no more than these.
      else if (used > this.#ambiguous.size) this.#ambiguous.delete(ticket);
    }
    const opening = this.#opening;
    if (!opening) return;
    if (this.#openers.has(ticket)) {
      this.#openers.set(ticket, leftAt);
      this.#narrow();
    }
    const seenBefore = this.#carried.get(ticket);
    this.#carried.delete(ticket);
    if (used === undefined || (seenBefore !== undefined && used > seenBefore)) {
      if (this.#underWay.size > 0 || opening.latest !== undefined) return;
      opening.latest = now;
      opening.supposed = true;
      return;
    }
    opening.latest = Math.min(opening.latest ?? headAt, headAt);
    if (used === 1 && !this.#ambiguous.has(ticket) && this.#openers.has(ticket)) {
      // The first that Apollo counted: no other opened the window.
      this.#openers.clear();
      this.#openers.set(ticket, leftAt);
      this.#narrow();
    }
    this.#seen = Math.max(this.#seen, used);
    this.#foreign = Math.max(this.#foreign, used - this.#sent);
  }

  /** What a call that does not count here told about the limit and, perhaps, about others' use. */
  learn(reading: WindowReading, now: number): void {
    this.#roll(now);
    this.limit = reading.limit;
    if (typeof reading.limit === 'number') this.#claim ??= { limit: reading.limit, state: 'open' };
    const used = reading.used ?? 0;
    if (used <= this.#sent + this.#foreign) return;
    // Opened by somebody else at an unknown moment of the last `length` ms: it may end at any time from now.
    this.#opening ??= { earliest: now - this.length, latest: now, supposed: false };
    this.#seen = used;
    this.#foreign = used - this.#sent;
  }

  /** Whether what Apollo tells of the use fits the window that it documents. */
  #judge(used: number, leftAt: number, headAt: number): void {
    if (this.#pacing.told(used, leftAt, headAt)) {
      // What was told before was not of this window.
      this.#foreign = 0;
      return;
    }
    const limit = this.#limit();
    if (typeof limit !== 'number' || !this.#pacing.isFixed || this.#seenBefore < limit / 2) return;
    // Hardly any of ours yet, and suddenly many of others: those are ours of the last window, told late or counted still.
    const foreign = used - this.#sent;
    const isSudden = foreign > limit / 10 && foreign > this.#foreignBefore * 2;
    if (isSudden && this.#sent <= limit / 4) this.#pacing.doubt();
  }

  /** Our part of the limit, at least 1. A limit that refusals showed is what others left already. */
  #ours(limit: number): number {
    const whole = typeof this.limit === 'number' ? Math.max(this.limit, limit) : limit;
    return Math.max(1, Math.min(limit, Math.floor((whole * this.share) / 100)));
  }

  /** The limit to keep to: as told, or as refusals showed. */
  #limit(): number | null | undefined {
    const told = this.limit;
    const isMore = this.#claim?.state === 'true' && typeof told === 'number';
    return this.#pacing.limit(isMore ? Math.max(told, this.#claim?.limit ?? told) : told);
  }

  /** Nothing more until `until`. */
  block(until: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until);
  }

  /** `wallOffset`: wall-clock minus monotonic time, ms. `undefined` where there is nothing to remember. */
  snapshot(now: number, wallOffset: number): WindowSnapshot | undefined {
    this.#roll(now);
    if (this.limit === undefined || !this.#opening) return undefined;
    // A process that ends before the first answer leaves a window behind that opened before that was given up.
    const latest = this.#opening.latest ?? now + ANSWER_TIMEOUT_MS;
    return {
      limit: this.limit,
      earliest: this.#opening.earliest + wallOffset,
      latest: latest + wallOffset,
      used: this.#sent + this.#foreign,
      seen: this.#seen,
      ...(this.#foreign > 0 && { foreign: this.#foreign }),
      pacing: this.#pacing.isConfirmed ? CONFIRMED : this.#pacing.dump(wallOffset),
    };
  }

  /** Takes up where another process left off; what it had under way is counted as used. */
  restore(snapshot: WindowSnapshot, now: number, wallOffset: number): void {
    this.limit = snapshot.limit;
    if (snapshot.pacing) this.#pacing.load(snapshot.pacing, -wallOffset);
    this.#pacing.forgetFuture(now);
    const latest = Math.min(snapshot.latest - wallOffset, now);
    if (latest + this.length <= now || snapshot.earliest - wallOffset > now) return;
    this.#opening = { earliest: Math.min(snapshot.earliest - wallOffset, latest), latest, supposed: false };
    this.#foreign = snapshot.foreign ?? 0;
    this.#sent = snapshot.used - this.#foreign;
    this.#seen = snapshot.seen;
  }

  /** Tickets not answered yet. */
  underWay(): Iterable<Ticket> {
    return this.#underWay.keys();
  }

  dump(): WindowState {
    const idOf = ({ id = '' }: Ticket) => id;
    return {
      limit: this.limit,
      opening: this.#opening,
      openers: [...this.#openers].map(([ticket, leftAt]) => [idOf(ticket), leftAt]),
      sent: this.#sent,
      foreign: this.#foreign,
      seen: this.#seen,
      underWay: [...this.#underWay].map(([ticket, seen]) => [idOf(ticket), ticket.sentAt, seen]),
      ambiguous: [...this.#ambiguous].map((ticket) => [idOf(ticket), ticket.sentAt]),
      carried: [...this.#carried].map(([ticket, seen]) => [idOf(ticket), seen]),
      ...(this.#blockedUntil > Number.NEGATIVE_INFINITY && { blockedUntil: this.#blockedUntil }),
      ...(this.#seenBefore > 0 && { seenBefore: this.#seenBefore }),
      ...(this.#foreignBefore > 0 && { foreignBefore: this.#foreignBefore }),
      pacing: this.#pacing.dump(),
    };
  }

  /** Becomes what {@link dump} gave; what says of itself that it is later than `now` is not believed. */
  load(state: WindowState, now = Number.POSITIVE_INFINITY): void {
    this.limit = state.limit;
    this.#opening = state.opening && { ...state.opening };
    this.#sent = state.sent;
    this.#foreign = state.foreign;
    this.#seen = state.seen;
    this.#blockedUntil = state.blockedUntil ?? Number.NEGATIVE_INFINITY;
    this.#seenBefore = state.seenBefore ?? 0;
    this.#foreignBefore = state.foreignBefore ?? 0;
    if (state.pacing) this.#pacing.load(state.pacing);
    const tickets = new Map<string, Ticket>();
    for (const [id, sentAt, seen] of state.underWay) {
      const ticket = { id, sentAt };
      tickets.set(id, ticket);
      this.#underWay.set(ticket, seen);
    }
    for (const [id, leftAt] of state.openers ?? []) {
      this.#openers.set(tickets.get(id) ?? { id, sentAt: leftAt }, leftAt);
    }
    for (const [id, sentAt] of state.ambiguous) this.#ambiguous.add(tickets.get(id) ?? { id, sentAt });
    for (const [id, seen] of state.carried) {
      const ticket = tickets.get(id);
      if (ticket) this.#carried.set(ticket, seen);
    }
    this.#forgetFuture(now);
  }

  /** A clock was put back: a window that opened in the future, or a rest that outlasts one, cannot be true. */
  #forgetFuture(now: number): void {
    this.#pacing.forgetFuture(now);
    if (this.#blockedUntil > now + this.length) this.#blockedUntil = Number.NEGATIVE_INFINITY;
    if (!this.#opening || this.#opening.earliest <= now) return;
    this.#opening = undefined;
    this.#openers.clear();
    this.#ambiguous.clear();
    this.#carried.clear();
    this.#sent = this.#underWay.size;
    this.#foreign = 0;
    this.#seen = 0;
  }

  #uncertainty(): number {
    const opening = this.#opening;
    return opening?.latest === undefined ? 0 : opening.latest - opening.earliest;
  }

  /** After a change of the openers: what is the earliest now. */
  #narrow(): void {
    if (!this.#opening || this.#openers.size === 0) return;
    this.#opening.earliest = Math.max(this.#opening.earliest, Math.min(...this.#openers.values()));
  }

  /**
   * Keeping one request back to probe the uncertain end costs one request a window; waiting the uncertainty
   * out costs its share of the limit. The cheaper one wins.
   */
  #worthProbing(): boolean {
    return (this.#limit() ?? 0) * this.#uncertainty() > this.length;
  }

  /** From the earliest possible end on, everything still under way may be counted by the next window. */
  #markStragglers(now: number): void {
    if (!this.#opening || now < this.#opening.earliest + this.length) return;
    for (const ticket of this.#underWay.keys()) this.#ambiguous.add(ticket);
  }

  #roll(now: number): void {
    this.#markStragglers(now);
    const latest = this.#opening?.latest;
    if (latest !== undefined && now >= latest + this.length) this.#open(now, false);
  }

  /**
   * The old window is over; those that may count in the next are all it has so far.
   * `proven`: an answer showed that the next one is open already.
   */
  #open(now: number, proven: boolean): void {
    const over = this.#opening ? this.#opening.earliest + this.length : now;
    let first = now;
    this.#openers.clear();
    for (const ticket of this.#ambiguous) {
      first = Math.min(first, ticket.sentAt);
      this.#openers.set(ticket, Math.max(over, ticket.sentAt));
    }
    this.#pacing.over(this.#sent - this.#ambiguous.size, this.#limit());
    this.#seenBefore = this.#seen;
    this.#foreignBefore = this.#foreign;
    this.#sent = this.#ambiguous.size;
    this.#foreign = 0;
    this.#seen = 0;
    this.#carried = new Map(this.#underWay);
    for (const ticket of this.#underWay.keys()) this.#underWay.set(ticket, 0);
    this.#ambiguous.clear();
    if (this.#sent === 0) {
      this.#opening = undefined;
      return;
    }
    const supposed = !proven && this.#carried.size === 0;
    this.#opening = {
      earliest: Math.max(over, first),
      latest: proven || supposed ? now : undefined,
      supposed,
    };
  }
}

const CONFIRMED: PacingState = { mode: 'fixed', confirmed: true };

function asRoom({ free, at }: { free: number; at?: number | undefined }): Room {
  return free > 0 ? { free } : { free: 0, at };
}
