import { type Apollo, ApolloError, type LatePoll, type LateResult } from '../apollo/index.ts';
import type { BackgroundRoom } from '../limits/index.ts';
import type { Ports } from '../ports.ts';
import type { UsableConnection } from '../slots/types.ts';
import { LatePace, type Pollable } from './late-pace.ts';
import type { LateRequest } from './late-requests-repository.ts';

type Asker = Pick<LateRequest, 'team' | 'workspace'>;

/** Who asks Apollo what became of a request. */
export interface LatePolls {
  /** Whether a key of the team that asked is connected. */
  canRun(request: Asker): Promise<boolean>;
  /** What the team's limit for polls leaves; `wanted`: how many would be sent if they might. */
  room(team: string, wanted: number): Promise<BackgroundRoom>;
  /** Runs one free call within the limits of that team; `undefined` where no key can do it now. */
  run(
    request: Asker,
    signal: AbortSignal,
    call: (connection: UsableConnection) => Promise<{ limits: LatePoll['limits']; error?: ApolloError }>,
  ): Promise<{ error?: ApolloError } | undefined>;
}

/** What a poll brought: the result, or `undefined` when there will never be one. */
type Polled = Pick<LateResult, 'people' | 'credits'> | undefined;

/**
 * No answer is polled for earlier, in sixtieths of Apollo's minute: Apollo needs 10 s at least, and names as many in
 * its answers to phone requests.
 */
const FIRST_POLL_SECONDS = 10;
/** Where Apollo can push, it is polled only when that took too long, ms. */
const PUSH_PATIENCE_MS = 90_000;
/** A poll that failed is repeated after this, ms; one for which no key is there after the other. */
const AFTER_FAILURE_MS = 5000;
const WITHOUT_KEY_MS = 60_000;
/** When to look again who polls for a team, and whether there is room, ms. */
const LOOK_AGAIN_MS = 5000;
const ROOM_SOON_MS = 50;
/** So long Apollo keeps a late result (poll-webhook-result), ms: nothing comes after it. */
const KEPT_MS = 30 * 86_400_000;

interface Age {
  /** At the monotonic time `at`, ms. */
  readonly ms: number;
  readonly at: number;
}

export interface LatePollingOptions {
  readonly ports: Ports;
  readonly apollo: Apollo;
  /** Length of Apollo's minute window, ms. */
  readonly minuteMs: number;
  /** Whether Apollo sends the request's late part by itself. */
  readonly isPushed: (request: LateRequest) => boolean;
  /** Stores what came, and what it cost. */
  readonly settle: (requestId: string, polled: Polled) => Promise<void>;
}

/** Asks Apollo for late parts that it does not send, each team in the pace of {@link LatePace}. */
export class LatePolling {
  readonly #options: LatePollingOptions;
  readonly #paces = new Map<string, LatePace>();
  /** Ages by this process's steady clock, so that a clock that is set neither delays nor hastens a poll. */
  readonly #ages = new Map<string, Age>();

  constructor(options: LatePollingOptions) {
    this.#options = options;
  }

  /** Polls for what is due of the open requests. Gives how many polls were made, and when to come again (monotonic ms). */
  async pollDue(
    open: readonly LateRequest[],
    signal: AbortSignal,
    polls: LatePolls,
  ): Promise<{ polls: number; nextAt: number }> {
    this.#forgetAges(open);
    const teams = Map.groupBy(open, ({ team }) => team);
    const each = await Promise.all(
      [...teams].map(([team, requests]) => this.#pollTeam(team, requests, signal, polls)),
    );
    return {
      polls: each.reduce((sum, team) => sum + team.polls, 0),
      nextAt: Math.min(...each.map((team) => team.nextAt)),
    };
  }

  async #pollTeam(
    team: string,
    requests: readonly LateRequest[],
    signal: AbortSignal,
    polls: LatePolls,
  ): Promise<{ polls: number; nextAt: number }> {
    const { clock } = this.#options.ports;
    if (!(await this.#isOurs(team))) return { polls: 0, nextAt: clock.monotonic() + LOOK_AGAIN_MS };
    const pace = this.#paces.get(team) ?? new LatePace();
    this.#paces.set(team, pace);
    const pollable = requests.map((request) => this.#pollable(request));
    const now = clock.monotonic();
    const dueAt = pace.dueAt(pollable, now);
    if (dueAt > now) return { polls: 0, nextAt: dueAt };
    const room = await polls.room(team, pollable.length);
    if (room.free === 0) return { polls: 0, nextAt: Math.max(now + ROOM_SOON_MS, room.at ?? now) };
    const { chosen, nextAt } = pace.choose(pollable, room, clock.monotonic());
    const asked = requests.filter(({ requestId }) => chosen.includes(requestId));
    await Promise.all(asked.map((request) => this.#poll(request, pace, signal, polls)));
    return { polls: asked.length, nextAt };
  }

  async #poll(request: LateRequest, pace: LatePace, signal: AbortSignal, polls: LatePolls): Promise<void> {
    const { apollo, ports, settle } = this.#options;
    const { clock, log } = ports;
    const { requestId } = request;
    const { ageMs } = this.#pollable(request);
    try {
      const ran = await polls.run(request, signal, async (connection) => {
        try {
          const poll = await apollo.lateResult(requestId, { key: connection.key() });
          const isOver = poll.state === 'pending' && this.#isOver(request);
          // Before anything is stored: what follows is chosen by it.
          pace.answered(
            requestId,
            ageMs,
            clock.monotonic(),
            poll.state === 'pending' ? poll.retryAfterMs : undefined,
          );
          if (poll.state === 'ready') await settle(requestId, poll.result);
          if (poll.state === 'gone' || isOver) await settle(requestId, undefined);
          return { limits: poll.limits };
        } catch (error) {
          if (error instanceof ApolloError) return { limits: error.limits, error };
          throw error;
        }
      });
      if (ran?.error) pace.failed(requestId, clock.monotonic(), AFTER_FAILURE_MS);
      if (ran) return;
      // Whoever stops waiting takes nothing from those who still wait: they may poll at once.
      if (signal.aborted) return pace.failed(requestId, clock.monotonic(), 0);
      pace.failed(requestId, clock.monotonic(), WITHOUT_KEY_MS);
      // Nobody can ask any more, and Apollo has it no longer.
      if (this.#isOver(request)) await settle(requestId, undefined);
    } catch (error) {
      pace.failed(requestId, clock.monotonic(), AFTER_FAILURE_MS);
      log.error('What came late could not be stored; it is asked for again', { error });
    }
  }

  #pollable(request: LateRequest): Pollable {
    const { ports, minuteMs, isPushed } = this.#options;
    const { clock } = ports;
    const { requestId, askedAt } = request;
    const now = clock.monotonic();
    const seen = this.#ages.get(requestId) ?? { ms: Math.max(0, clock.now() - askedAt), at: now };
    this.#ages.set(requestId, seen);
    const fromAgeMs = isPushed(request) ? PUSH_PATIENCE_MS : (FIRST_POLL_SECONDS * minuteMs) / 60;
    return { requestId, ageMs: seen.ms + (now - seen.at), fromAgeMs };
  }

  #isOver({ askedAt }: LateRequest): boolean {
    return this.#options.ports.clock.now() - askedAt > KEPT_MS;
  }

  /** Several processes share a team's polls: one at a time makes them, since it knows how long Apollo takes. */
  async #isOurs(team: string): Promise<boolean> {
    const [isOurs = false] = await this.#options.ports.shared.claims.take([[`late-polls/${team}`]]);
    return isOurs;
  }

  #forgetAges(open: readonly LateRequest[]): void {
    const ids = new Set(open.map(({ requestId }) => requestId));
    for (const id of this.#ages.keys()) if (!ids.has(id)) this.#ages.delete(id);
  }
}
