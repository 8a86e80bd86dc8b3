/** A request whose late part may be asked for. */
export interface Pollable {
  readonly requestId: string;
  /** How long ago it was made, ms. */
  readonly ageMs: number;
  /** No answer can be there before it is so old, ms. */
  readonly fromAgeMs: number;
}

/** What a team's rate limit leaves for polls. */
export interface PollRoom {
  /** Polls that may be sent now. */
  readonly free: number;
  /** What the windows of an hour and a day leave; infinite where there are none. */
  readonly left: number;
}

interface Seen {
  readonly ageMs: number;
  readonly ready: boolean;
}

/** Answers that are remembered: enough to see how long Apollo takes, few enough to follow when that changes. */
const MOST_SEEN = 64;
/** Polls of one team at once. */
const MOST_AT_ONCE = 20;
/** Where polls are scarce, a request is polled when it is ready with this probability at least. */
const LIKELY = 0.6;
/** Where they are plenty, with this. */
const POSSIBLE = 0.1;
/** A request that was not ready is polled again after this share of its age, or later where Apollo says so. */
const AGAIN_SHARE = 0.04;
const LONGEST_REST_MS = 15 * 60_000;
/** Who was not ready at an age speaks against all that are at most so many times as old. */
const ALIKE = 1.25;
/** When nobody knows how long Apollo takes, one request at a time is asked for, and the next one after this at most, ms. */
const LONGEST_PROBE_REST_MS = 60_000;
/** Until it is seen again whether a poll under way has been answered, ms. */
const LOOK_AGAIN_MS = 100;

/**
 * When to poll for which late part of one Apollo team. A poll that finds nothing is one fewer that finds something, and
 * there are only some hundreds an hour. So how long Apollo takes is learnt from the answers: as long as nobody knows,
 * one request is asked for at a time, in the rhythm that Apollo names; and then all those that are as old as one that
 * was ready, the oldest first. The scarcer polls are, the surer one must be.
 *
 * Times are monotonic ms.
 */
export class LatePace {
  /** The last answer for each request. */
  readonly #seen = new Map<string, Seen>();
  readonly #notBefore = new Map<string, number>();
  readonly #underWay = new Set<string>();
  #probeAt = Number.NEGATIVE_INFINITY;

  /**
   * Whom to poll for now, the oldest first; each must be told of with {@link answered} or {@link failed}. `nextAt`: when
   * to choose again.
   */
  choose(
    open: readonly Pollable[],
    { free, left }: PollRoom,
    now: number,
  ): { readonly chosen: readonly string[]; readonly nextAt: number } {
    this.#forgetOthers(open);
    const idle = open.filter(({ requestId }) => !this.#underWay.has(requestId));
    const due = idle.filter((request) => this.#dueAt(request, now) <= now).sort((a, b) => b.ageMs - a.ageMs);
    const probability = Math.min(LIKELY, Math.max(POSSIBLE, open.length / Math.max(1, left)));
    const ripeAges = this.#ripeAges(idle, probability);
    const ripe = due.filter(({ requestId, ageMs }) => ageMs >= (ripeAges.get(requestId) ?? 0));
    const mayProbe = this.#underWay.size === 0 && now >= this.#probeAt;
    const most = Math.min(free, ripe.length > 0 ? MOST_AT_ONCE - this.#underWay.size : mayProbe ? 1 : 0);
    const chosen = (ripe.length > 0 ? ripe : due).slice(0, Math.max(0, most));
    for (const { requestId } of chosen) this.#underWay.add(requestId);
    if (chosen.length > 0) return { chosen: chosen.map(({ requestId }) => requestId), nextAt: now };
    const waiting = idle.map((request) => {
      const dueAt = this.#dueAt(request, now);
      const ripeAt = now + (ripeAges.get(request.requestId) ?? 0) - request.ageMs;
      return Math.max(dueAt, Math.min(ripeAt, this.#probeAt));
    });
    return { chosen: [], nextAt: Math.max(now + LOOK_AGAIN_MS, Math.min(...waiting)) };
  }

  /** When the first of them is due, ripe or not. */
  dueAt(open: readonly Pollable[], now: number): number {
    return Math.min(...open.map((request) => this.#dueAt(request, now)));
  }

  /** What Apollo answered for a request of that age. `retryAfterMs`: how long Apollo says to wait. */
  answered(requestId: string, ageMs: number, now: number, retryAfterMs?: number): void {
    const ready = retryAfterMs === undefined;
    this.#underWay.delete(requestId);
    this.#seen.delete(requestId);
    this.#seen.set(requestId, { ageMs, ready });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MOST_SEEN && oldest !== undefined) this.#seen.delete(oldest);
    if (ready) {
      this.#notBefore.delete(requestId);
      this.#probeAt = now;
      return;
    }
    const rest = Math.min(LONGEST_REST_MS, Math.max(retryAfterMs, ageMs * AGAIN_SHARE));
    this.#notBefore.set(requestId, now + Math.max(rest, retryAfterMs));
    this.#probeAt = now + Math.min(rest, LONGEST_PROBE_REST_MS);
  }

  /** The poll taught nothing; it is repeated after `restMs`. */
  failed(requestId: string, now: number, restMs: number): void {
    this.#underWay.delete(requestId);
    this.#notBefore.set(requestId, now + restMs);
  }

  #dueAt({ requestId, ageMs, fromAgeMs }: Pollable, now: number): number {
    return Math.max(this.#notBefore.get(requestId) ?? now + fromAgeMs - ageMs, now + fromAgeMs - ageMs);
  }

  /** From which age on each request is ready with that probability, as far as the answers tell; ms. */
  #ripeAges(requests: readonly Pollable[], probability: number): Map<string, number> {
    const seen = [...this.#seen.values()];
    const ages = [0, ...seen.map(({ ageMs, ready }) => (ready ? ageMs : ageMs * ALIKE + 1))].sort(
      (a, b) => a - b,
    );
    const steps = ages.map((age) => ({ age, share: readyShare(seen, age) }));
    const ripeAge = (from: number) => {
      // Of those that were not ready then, the share that is ready now.
      const before = from < 0 ? 0 : readyShare(seen, from);
      const ripe = steps.find(
        ({ age, share }) => age >= from && (share - before) / (1 - before) >= probability,
      );
      return ripe?.age ?? Number.POSITIVE_INFINITY;
    };
    const fresh = ripeAge(-1);
    return new Map(
      requests.map(({ requestId }) => {
        const last = this.#seen.get(requestId);
        return [requestId, last ? ripeAge(last.ageMs) : fresh];
      }),
    );
  }

  /** What came meanwhile by other ways is not waited for. */
  #forgetOthers(open: readonly Pollable[]): void {
    const ids = new Set(open.map(({ requestId }) => requestId));
    for (const id of this.#notBefore.keys()) if (!ids.has(id)) this.#notBefore.delete(id);
  }
}

/**
 * The share of requests that are ready at that age: who was ready younger speaks for it, who was not ready older
 * against it. Without either it is a third.
 */
function readyShare(seen: readonly Seen[], ageMs: number): number {
  let ready = 0;
  let pending = 0;
  for (const each of seen) {
    if (each.ready && each.ageMs <= ageMs) ready += 1;
    if (!each.ready && each.ageMs * ALIKE >= ageMs) pending += 1;
  }
  return (ready + 0.5) / (ready + pending + 1.5);
}
