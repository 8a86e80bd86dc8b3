/**
 * `fixed`: a window of fixed length that its first request opens, which is what Apollo documents. `rolling`: never more
 * than the limit in any stretch of the window's length, which is safe with windows that follow the clock, logs and
 * buckets too. `spread`: that, evenly spaced, for counters that slide and small buckets. `rest`: after as many as the
 * limit, nothing for a whole length, for windows that each request renews.
 */
export type PacingMode = 'fixed' | 'rolling' | 'spread' | 'rest';

/** All of it as JSON; times are of whoever keeps it. */
export interface PacingState {
  readonly mode: PacingMode;
  readonly confirmed?: boolean | undefined;
  readonly doubts?: number | undefined;
  readonly cap?: number | undefined;
  readonly proven?: number | undefined;
  readonly rate?: number | undefined;
  readonly raise?: number | undefined;
  readonly raised?: boolean | undefined;
  readonly refusals?: number | undefined;
  readonly refusedAt?: number | undefined;
  readonly since?: number | undefined;
  readonly probing?: boolean | undefined;
  readonly reason?: 'cap' | 'pattern' | undefined;
  readonly wasShort?: boolean | undefined;
  readonly nextSlot?: number | undefined;
  readonly burst?: number | undefined;
  readonly lastAt?: number | undefined;
  /** First left, last answered, how many. */
  readonly log?: readonly (readonly [from: number, at: number, count: number])[] | undefined;
}

/** Requests are remembered in so many pieces of a window's length. */
const GRAIN = 64;
/** Where nobody says how long to wait after a refusal, parts of the window's length, one after another. */
const BACKOFF = [1 / 60, 1 / 15, 4 / 15, 16 / 15] as const;
/** Requests under way at most while it is not known what windows are like: so many may be refused together. */
const LEAST_UNDER_WAY = 4;
const SHARE_UNDER_WAY = 0.1;
/** Evenly spaced requests keep so far below the limit. */
const SPREAD = 0.97;
/** So far where a higher limit was tried and refused: it is known from both sides. */
const NEAR = 0.985;
/** A limit that may be too low is tried out so much higher; half as much after a refusal, twice as much after none. */
const RAISE = 0.25;
/** Refusals never make less than this of a told limit: one that comes by mistake must not stop the work. */
const LEAST_SHARE = 0.3;
/** A burst that takes less than this part of a length. */
const SHORT = 0.1;
/** After so many lengths without a refusal, what was learnt from refusals is put to the test again. */
const FORGET_AFTER = 20;
/** After so many, usage headers are not believed. */
const MOST_DOUBTS = 2;

/**
 * What is learnt of one rate-limit window where the one that Apollo documents contradicts what is seen: from refusals,
 * and from what can be sent after them. All times monotonic ms.
 */
export class Pacing {
  readonly #length: number;
  #mode: PacingMode = 'fixed';
  /** Usage headers showed that windows are fixed: their count began anew while our requests were recent. */
  #confirmed = false;
  /** How often what was told of the use could not be true of a fixed window. */
  #doubts = 0;
  #told: number | null | undefined;
  /** The limit that refusals showed; none where nothing speaks against the told one. */
  #cap: number | undefined;
  /** The most of ours that were accepted in one length. */
  #proven = 0;
  /** For `spread`: the share of the limit that is used. */
  #rate = SPREAD;
  /** By how much of it the limit is raised next. */
  #raise = RAISE;
  /** It was raised, and nothing was refused since. */
  #raised = false;
  /** Refusals one after another; those of requests that were under way together are one. */
  #refusals = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;
  /** When the mode or the limit was last changed. */
  #since = Number.NEGATIVE_INFINITY;
  /** One request at a time, until one is accepted. */
  #probing = false;
  /** What the refusals that are being probed speak against: the limit, or what windows are taken for. */
  #reason: 'cap' | 'pattern' | undefined;
  /** All that was accepted before the refusal had left within a short time. */
  #wasShort = false;
  #nextSlot = Number.NEGATIVE_INFINITY;
  /** Sent and not refused since the last probe, for `rest` since the last rest. */
  #burst = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #log: [from: number, at: number, count: number][] = [];
  /** Of ours that were accepted in the last length. */
  #accepted = 0;

  constructor(length: number) {
    this.#length = length;
  }

  get isFixed(): boolean {
    return this.#mode === 'fixed';
  }

  get isConfirmed(): boolean {
    return this.#confirmed;
  }

  get isProbing(): boolean {
    return this.#probing;
  }

  /** Of ours, accepted in the last length. */
  recent(now: number): number {
    this.#evict(now);
    return this.#accepted;
  }

  get refusedAt(): number {
    return this.#refusedAt;
  }

  /** The limit to keep to. `told`: as Apollo says, `null` none, `undefined` nothing said. */
  limit(told: number | null | undefined): number | null | undefined {
    this.#told = told;
    if (this.#cap === undefined) return told;
    if (typeof told !== 'number') return Math.floor(this.#cap);
    return Math.max(1, Math.floor(Math.min(told, Math.max(this.#cap, told * LEAST_SHARE))));
  }

  /** Requests that may be under way together while nothing is sure. */
  mostUnderWay(limit: number | undefined): number {
    // Renewed windows leave the more time the sooner a burst is over; refusals would have changed the mode.
    if (this.#mode === 'rest') return Number.POSITIVE_INFINITY;
    if (limit === undefined) return Math.max(1, Math.floor(this.#accepted * SHARE_UNDER_WAY));
    return Math.max(LEAST_UNDER_WAY, Math.floor(limit * SHARE_UNDER_WAY));
  }

  /** In any mode but `fixed`: how many may leave, or when to look again. */
  room(now: number, limit: number, underWay: number): { free: number; at?: number | undefined } {
    this.#evict(now);
    if (this.#mode === 'rest') {
      if (this.#isRested(now, underWay)) return { free: limit };
      const left = limit - this.#burst;
      if (left > 0) return { free: left };
      return { free: 0, at: underWay > 0 ? undefined : this.#lastAt + this.#length };
    }
    const rolling = this.rolling(now, limit, underWay);
    if (rolling.free === 0 || this.#mode === 'rolling') return rolling;
    const interval = this.#interval(limit);
    if (now < this.#nextSlot) return { free: 0, at: this.#nextSlot };
    return {
      free: Math.min(
        rolling.free,
        1 + Math.floor((now - Math.max(this.#nextSlot, now - interval)) / interval),
      ),
    };
  }

  /** In any mode: the same so that no stretch of the window's length has more than `limit` of ours. */
  rolling(now: number, limit: number, underWay: number): { free: number; at?: number | undefined } {
    this.#evict(now);
    const left = limit - this.#accepted - underWay;
    if (left > 0) return { free: left };
    const [oldest] = this.#log;
    return { free: 0, at: oldest ? oldest[1] + this.#length : undefined };
  }

  sent(now: number, limit: number | null | undefined, underWay: number): void {
    if (this.#mode === 'rest' && this.#isRested(now, underWay)) this.#burst = 0;
    this.#burst += 1;
    this.#lastAt = Math.max(this.#lastAt, now);
    if (this.#mode !== 'spread' || typeof limit !== 'number') return;
    const interval = this.#interval(limit);
    // One slot that was missed may be made good, so that a busy process keeps the pace.
    this.#nextSlot = Math.max(this.#nextSlot, now - interval) + interval;
  }

  /** One that left at `leftAt` was answered, or may have been counted. */
  accepted(leftAt: number, at: number, limit: number | null | undefined): void {
    this.#evict(at);
    const before = this.#accepted;
    this.#accepted += 1;
    const last = this.#log.at(-1);
    // By when they were answered, however long that took: pieces by when they left would be one for each slow answer.
    const grain = this.#length / GRAIN;
    if (last && Math.floor(at / grain) <= Math.floor(last[1] / grain)) {
      last[0] = Math.min(last[0], leftAt);
      last[1] = Math.max(last[1], at);
      last[2] += 1;
    } else this.#log.push([leftAt, at, 1]);
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#proven = Math.max(this.#proven, before + 1);
    if (leftAt <= this.#refusedAt) {
      // It was under way with one that was refused: so many more the limit is.
      const mayBeHigher = this.#reason === 'cap' || (this.#reason === 'pattern' && this.#mode === 'rolling');
      if (mayBeHigher && this.#cap !== undefined) this.#cap = Math.max(this.#cap, before + 1);
      return;
    }
    if (this.#probing) this.#probed(before, at, limit);
    this.#recover(at, limit);
  }

  /**
   * Apollo refused one that left at `leftAt`. `explained`: others have used the limit up, as Apollo says. Gives how
   * long to wait where Apollo does not say, ms; `undefined`: one that was under way with it was refused before.
   */
  refused(
    leftAt: number,
    now: number,
    limit: number | null | undefined,
    explained: boolean,
  ): number | undefined {
    this.#burst = Math.max(0, this.#burst - 1);
    if (leftAt <= this.#refusedAt) {
      if (this.#mode === 'rest' && this.#reason && this.#cap !== undefined)
        this.#cap = Math.max(1, this.#cap - 1);
      return undefined;
    }
    this.#evict(now);
    const accepted = this.#accepted;
    const wait = (BACKOFF[this.#refusals] ?? 16 / 15) * this.#length;
    if (this.#refusals === 0 && !explained) {
      const [first] = this.#log;
      this.#wasShort = first !== undefined && now - first[0] < this.#length * SHORT;
      const isSurprise = typeof limit !== 'number' || (this.#cap === undefined && accepted >= this.#proven);
      this.#reason = isSurprise && this.#mode !== 'spread' ? 'cap' : 'pattern';
      if (this.#reason === 'cap') this.#cap = Math.max(1, accepted);
      else if (this.#mode === 'spread') this.#slowDown(now, accepted, limit);
      else if (this.#mode === 'rest') this.#cap = Math.max(1, this.#burst);
      else if (this.#cap !== undefined && accepted < this.#cap * 0.9)
        this.#cap = Math.max(this.#cap / 2, accepted, 1);
      if (this.#mode === 'fixed') this.#mode = 'rolling';
      if (this.#mode !== 'spread') this.#since = now;
    }
    this.#refusals += 1;
    this.#refusedAt = now;
    this.#probing = true;
    this.#confirmed = false;
    return wait;
  }

  /** The window that was taken for fixed is over; `used`: ours in it. */
  over(used: number, limit: number | null | undefined): void {
    if (this.#mode !== 'fixed' || this.#confirmed || typeof limit !== 'number' || used * 2 < limit) return;
    // It was nearly used up: whether it really began anew shows with the next request.
    this.#mode = 'rolling';
    this.#probing = true;
  }

  /**
   * The answer to a request told how much is used. True where only fixed windows can have counted so few: more of ours
   * than that were answered before it left, and are so recent that a window of another kind would count them still.
   */
  told(used: number, leftAt: number, headAt: number): boolean {
    if (this.#mode !== 'rolling' || this.#reason !== undefined || this.#doubts >= MOST_DOUBTS) return false;
    const recent = this.#log.reduce(
      (sum, [from, at, count]) => sum + (from > headAt - this.#length && at <= leftAt ? count : 0),
      0,
    );
    if (recent < 3 || used * 2 > recent) return false;
    this.#mode = 'fixed';
    this.#confirmed = true;
    this.#probing = false;
    return true;
  }

  /** What is told of the use cannot be true of a fixed window: from now on only what is seen counts. */
  doubt(): void {
    if (this.#mode !== 'fixed') return;
    this.#doubts += 1;
    this.#mode = 'rolling';
    this.#confirmed = false;
    this.#probing = true;
  }

  /** `ahead`: of our clock, that by which it is kept. */
  dump(ahead = 0): PacingState {
    return {
      mode: this.#mode,
      ...(this.#confirmed && { confirmed: true }),
      ...(this.#doubts > 0 && { doubts: this.#doubts }),
      ...(this.#cap !== undefined && { cap: this.#cap }),
      ...(this.#proven > 0 && { proven: this.#proven }),
      ...(this.#rate !== SPREAD && { rate: this.#rate }),
      ...(this.#raise !== RAISE && { raise: this.#raise }),
      ...(this.#raised && { raised: true }),
      ...(this.#refusals > 0 && { refusals: this.#refusals }),
      ...(this.#refusedAt > Number.NEGATIVE_INFINITY && { refusedAt: this.#refusedAt + ahead }),
      ...(this.#since > Number.NEGATIVE_INFINITY && { since: this.#since + ahead }),
      ...(this.#probing && { probing: true }),
      ...(this.#reason && { reason: this.#reason }),
      ...(this.#wasShort && { wasShort: true }),
      ...(this.#nextSlot > Number.NEGATIVE_INFINITY && { nextSlot: this.#nextSlot + ahead }),
      ...(this.#burst > 0 && { burst: this.#burst }),
      ...(this.#lastAt > Number.NEGATIVE_INFINITY && { lastAt: this.#lastAt + ahead }),
      ...(this.#log.length > 0 && {
        log: this.#log.map(([from, at, count]) => [from + ahead, at + ahead, count]),
      }),
    };
  }

  /** Becomes what {@link dump} gave, by a clock that is `ahead` of the one it was kept by. */
  load(state: PacingState, ahead = 0): void {
    const time = (at: number | undefined) => (at === undefined ? Number.NEGATIVE_INFINITY : at + ahead);
    this.#mode = state.mode;
    this.#confirmed = state.confirmed ?? false;
    this.#doubts = state.doubts ?? 0;
    this.#cap = state.cap;
    this.#proven = state.proven ?? 0;
    this.#rate = state.rate ?? SPREAD;
    this.#raise = state.raise ?? RAISE;
    this.#raised = state.raised ?? false;
    this.#refusals = state.refusals ?? 0;
    this.#refusedAt = time(state.refusedAt);
    this.#since = time(state.since);
    this.#probing = state.probing ?? false;
    this.#reason = state.reason;
    this.#wasShort = state.wasShort ?? false;
    this.#nextSlot = time(state.nextSlot);
    this.#burst = state.burst ?? 0;
    this.#lastAt = time(state.lastAt);
    this.#log = (state.log ?? []).map(([from, at, count]) => [time(from), time(at), count]);
    this.#accepted = this.#log.reduce((sum, [, , count]) => sum + count, 0);
  }

  /** What says of itself that it is later than `now` cannot be true. */
  forgetFuture(now: number): void {
    this.#log = this.#log.filter(([, at]) => at <= now);
    this.#accepted = this.#log.reduce((sum, [, , count]) => sum + count, 0);
    this.#refusedAt = Math.min(this.#refusedAt, now);
    this.#since = Math.min(this.#since, now);
    this.#nextSlot = Math.min(this.#nextSlot, now);
    this.#lastAt = Math.min(this.#lastAt, now);
  }

  /** The first that is accepted after refusals shows what they were for. `before`: accepted in the last length. */
  #probed(before: number, at: number, limit: number | null | undefined): void {
    this.#probing = false;
    if (this.#refusals === 0) return;
    this.#refusals = 0;
    const reason = this.#reason;
    this.#reason = undefined;
    const most = typeof limit === 'number' ? limit : (this.#cap ?? before);
    const full = reason === 'cap' ? (this.#cap ?? most) : most;
    // Accepted soon although as many as before are recent: room comes back bit by bit. Else nothing came back until all
    // of them were old, which a lower limit explains once and only renewed windows explain twice. Where all left within
    // a short time, resting costs little in either case.
    if (before > full / 4 && reason !== undefined) {
      if (this.#cap !== undefined && this.#cap <= (this.#told ?? 0) * LEAST_SHARE) this.#cap = undefined;
      this.#change('spread', at, most);
    } else if (reason === 'pattern' || (reason === 'cap' && this.#wasShort)) {
      // Renewal explains the refusal: the limit is no lower than what was accepted since the probe before.
      if (this.#mode !== 'rest' && this.#cap !== undefined)
        this.#cap = Math.max(this.#cap, Math.min(this.#proven, this.#burst - 1));
      this.#change('rest', at, most);
    }
    this.#burst = 1;
  }

  #change(mode: PacingMode, now: number, limit: number): void {
    if (this.#mode !== mode) this.#since = now;
    this.#mode = mode;
    this.#nextSlot = now + this.#interval(limit);
  }

  /**
   * Refused although evenly spaced: the limit is lower than it is said to be. Steady refusals are seen by the time since
   * something was changed for them, however soon they follow one another.
   */
  #slowDown(now: number, accepted: number, limit: number | null | undefined): void {
    const unchanged = now - this.#since;
    if (this.#raised && this.#cap !== undefined) {
      this.#cap = Math.max(1, this.#cap / (1 + this.#raise));
      this.#raise /= 2;
      this.#raised = false;
      this.#rate = NEAR;
    } else if (unchanged > this.#length) {
      this.#cap = Math.max(1, Math.min(accepted, this.#cap ?? accepted));
      this.#rate = SPREAD;
    } else if (typeof limit === 'number' && unchanged > this.#length / 8)
      this.#rate = Math.max(0.4, this.#rate * 0.9);
    else return;
    this.#since = now;
  }

  /** What was learnt from refusals is tried out again after a long time without any. */
  #recover(now: number, limit: number | null | undefined): void {
    let clean = now - Math.max(this.#refusedAt, this.#since);
    if (this.#mode === 'spread' && this.#rate < SPREAD && clean > this.#length) {
      this.#rate = Math.min(SPREAD, this.#rate * 1.05);
      this.#since = now;
      clean = 0;
    }
    const mayBeTooLow =
      this.#cap !== undefined && this.#cap < (this.#told ?? Number.POSITIVE_INFINITY) * 0.45;
    if (this.#mode === 'spread' && this.#cap !== undefined && mayBeTooLow && clean > this.#length * 3) {
      if (this.#raised) this.#raise = Math.min(RAISE, this.#raise * 2);
      this.#cap *= 1 + this.#raise;
      this.#raised = true;
      this.#since = now;
      return;
    }
    const isSlight = this.#mode === 'spread' && this.#cap === undefined;
    const isOld = clean > this.#length * (isSlight ? FORGET_AFTER / 3 : FORGET_AFTER);
    if (!isOld || (this.#cap === undefined && (this.#mode === 'fixed' || this.#mode === 'rolling'))) return;
    this.#cap = undefined;
    this.#doubts = 0;
    this.#proven = 0;
    this.#rate = SPREAD;
    this.#raise = RAISE;
    this.#raised = false;
    this.#since = now;
    this.#mode = limit === undefined ? 'rolling' : 'fixed';
  }

  #isRested(now: number, underWay: number): boolean {
    return underWay === 0 && now >= this.#lastAt + this.#length;
  }

  #interval(limit: number): number {
    // Half of one less: counters that slide count fractions.
    return this.#length / Math.max(0.5, limit * this.#rate - 0.5);
  }

  #evict(now: number): void {
    while (this.#log[0] && this.#log[0][1] + this.#length <= now)
      this.#accepted -= this.#log.shift()?.[2] ?? 0;
  }
}
