import type { Reveal } from '../apollo/index.ts';
import type { Identity } from '../leads/index.ts';
import type { Pool } from '../limits/index.ts';
import type { Ports } from '../ports.ts';
import { untilTaken } from '../refused-writes.ts';
import type { Accounts } from './accounts.ts';
import { answers, type KnownResult, type KnownResults, stillWanted } from './known.ts';
import { aborted, type Found, giveBack, type Lookup, type Settle, type Wanted } from './lookup.ts';
import type { LostAnswersRepository } from './lost-answers.ts';
import { covers, mostCredits } from './options.ts';
import type { Spending } from './spending.ts';
import { sameSubject } from './subject.ts';

/** How often it is looked whether another process has found somebody out, ms: more seldom each time. */
const FIRST_CLAIM_WAIT_MS = 25;
const LONGEST_CLAIM_WAIT_MS = 500;

/** Somebody being asked for right now, under each of the subject's keys. */
interface UnderWay {
  readonly identity: Identity;
  readonly wanted: Wanted;
  readonly found: Promise<Found>;
}

/** Somebody whom nobody in this process is being asked for yet. */
interface Fresh {
  readonly wanted: Wanted;
  readonly settle: Settle;
  /** What no other process may ask for meanwhile. */
  readonly claims: readonly string[];
  wasKnown: boolean;
  /** It waits for a limiter, or is under way. */
  isAsked: boolean;
  /** What Apollo is asked for; `wanted.reveal` unless a part of it is known. */
  reveal: Reveal;
}

export interface LookupsOptions {
  readonly ports: Ports;
  readonly known: KnownResults;
  readonly accounts: Accounts;
  readonly lostAnswers: LostAnswersRepository;
  /** Where look-ups wait for their turn. */
  readonly pool: Pool<Lookup>;
}

/**
 * Asks Apollo for leads, each subject once: whoever is known is not asked for, whoever is being asked for
 * is not asked for again.
 */
export class Lookups {
  readonly #options: LookupsOptions;
  readonly #underWay = new Map<string, UnderWay>();
  readonly #released: string[] = [];

  constructor(options: LookupsOptions) {
    this.#options = options;
  }

  /**
   * Finds every one of the leads, in order. Those of one call must be of one workspace and kind. `onFound`
   * hears of each as it is found, `onAsked` when all that is known is found and the rest waits for Apollo.
   */
  async find(
    wanted: readonly Wanted[],
    onFound?: (found: Found) => void,
    onAsked?: () => void,
  ): Promise<Found[]> {
    const fresh: Fresh[] = [];
    // One synchronous pass: two leads of one subject, in whichever jobs, never both start a look-up.
    const shared = wanted.map((each) => this.#join(each, fresh));
    // Waited for below; until then a rejection must not end the process as one that nobody waits for.
    for (const each of shared) each.then(onFound).catch(() => undefined);
    await this.#start(fresh).catch((error) => {
      // Those in the pool are told by their call.
      for (const { isAsked, settle } of fresh) if (!isAsked) settle(Promise.reject(error));
    });
    onAsked?.();
    return Promise.all(shared);
  }

  /** Whether more of this source would only wait, while answers to what was asked before come in. */
  isFed(source: string): boolean {
    return this.#options.pool.isFed(source);
  }

  /** Takes back what of this source has not left yet. */
  withdraw(source: string): void {
    for (const lookup of this.#options.pool.withdraw(source)) {
      giveBack(lookup, aborted());
    }
  }

  #join(wanted: Wanted, fresh: Fresh[]): Promise<Found> {
    for (const key of wanted.identity) {
      const other = this.#underWay.get(scoped(wanted, key));
      if (!other || !sameSubject(wanted.identity, other.identity)) continue;
      if (!covers(other.wanted.reveal, wanted.reveal)) {
        // It asks for less than is wanted here: wait for it, then ask for the rest with what it found.
        return other.found.then(() => this.find([wanted])).then(([found]) => found ?? aborted());
      }
      return other.found.then((found) => this.#share(found, wanted, other.wanted));
    }
    const { promise, resolve } = Promise.withResolvers<Found>();
    const entry: UnderWay = { identity: wanted.identity, wanted, found: promise };
    const keys = wanted.identity.map((key) => scoped(wanted, key)).filter((key) => !this.#underWay.has(key));
    for (const key of keys) this.#underWay.set(key, entry);
    const settle: Settle = (found) => {
      for (const key of keys) if (this.#underWay.get(key) === entry) this.#underWay.delete(key);
      this.#releaseSoon(keys);
      // Who is told already takes nothing more, and then nobody hears of a failure.
      if (found instanceof Promise) found.catch(() => undefined);
      resolve(found);
    };
    fresh.push({ wanted, settle, claims: keys, wasKnown: false, isAsked: false, reveal: wanted.reveal });
    return promise;
  }

  /** What was settled in one turn is released together. As long as this process lives nobody else can. */
  #releaseSoon(claims: readonly string[]): void {
    this.#released.push(...claims);
    if (this.#released.length > claims.length) return;
    const { ports } = this.#options;
    void Promise.resolve().then(() => {
      const released = this.#released.splice(0);
      return untilTaken(ports, 'A claim could not be released', () =>
        // Meanwhile somebody else may have asked for one of them here.
        ports.shared.claims.release(released.filter((claim) => !this.#underWay.has(claim))),
      );
    });
  }

  /** Another's look-up ended. If it was stopped for reasons of its own, this one asks by itself. */
  async #share(found: Found, wanted: Wanted, other: Wanted): Promise<Found> {
    if (found.state === 'answered') {
      return { ...found, how: wanted.source === other.source ? 'duplicate' : 'known' };
    }
    if (wanted.source === other.source) return found;
    const [own] = await this.find([wanted]);
    return own ?? aborted();
  }

  async #start(fresh: readonly Fresh[]): Promise<void> {
    const [first] = fresh;
    if (!first) return;
    const spending = this.#options.accounts.spending(first.wanted);
    const { shared } = this.#options.ports;
    let unknown = await this.#settleKnown(fresh);
    for (
      let wait = FIRST_CLAIM_WAIT_MS;
      unknown.length > 0;
      wait = Math.min(LONGEST_CLAIM_WAIT_MS, wait * 2)
    ) {
      const taken = await shared.claims.take(unknown.map(({ claims }) => claims));
      const own = unknown.filter((_, index) => taken[index]);
      // Another process may have found out between our look at what is known and the claim.
      await this.#send(shared.isAlone || own.length === 0 ? own : await this.#settleKnown(own), spending);
      const others = unknown.filter((_, index) => !taken[index]);
      if (others.length === 0) return;
      await this.#options.ports.clock.sleep(wait, first.wanted.signal);
      if (first.wanted.signal.aborted) {
        for (const { settle } of others) settle(aborted());
        return;
      }
      unknown = await this.#settleKnown(others);
    }
  }

  /** Settles those whose answer is known, and gives the others. */
  async #settleKnown(fresh: readonly Fresh[]): Promise<Fresh[]> {
    const { known, ports } = this.#options;
    const results = await known.find(
      fresh[0]?.wanted.workspace ?? '',
      fresh.map(({ wanted }) => wanted),
    );
    return fresh.filter((each, index) => {
      const { wanted, settle } = each;
      const result = results[index];
      each.wasKnown = result !== undefined;
      if (!result) return true;
      const { reveal, freshness } = wanted;
      const now = ports.clock.now();
      if (!answers(result, reveal, freshness, now)) {
        each.reveal = stillWanted(result, reveal, freshness, now);
        return true;
      }
      settle({ state: 'answered', result, how: ownership(result, wanted) });
      return false;
    });
  }

  /** Hands look-ups to the pool as far as their credits can be set aside. */
  async #send(fresh: readonly Fresh[], spending: Spending): Promise<void> {
    const lost = await this.#options.lostAnswers.find(fresh.map(({ wanted }) => wanted));
    try {
      for (const [index, each] of fresh.entries()) {
        const { wanted, reveal, settle } = each;
        const { times = 0, givenUp } = lost[index] ?? {};
        if (givenUp !== undefined) {
          settle({ state: 'failed', reason: givenUp });
          continue;
        }
        const more = fresh.length - index - 1;
        if (await spending.reserve(mostCredits(wanted.kind, reveal), wanted.signal, more))
          this.#add(each, spending, times, more > 0);
        else settle({ state: 'stopped', reason: wanted.signal.aborted ? 'aborted' : 'budget' });
      }
    } finally {
      spending.rest();
    }
  }

  /** Its credits are set aside. `lost`: how often answers about it were; `more`: others follow at once. */
  #add(fresh: Fresh, spending: Spending, lost: number, more: boolean): void {
    const { claims, reveal, settle, wasKnown } = fresh;
    const wanted = { ...fresh.wanted, reveal };
    const { workspace, source, kind, urgent } = wanted;
    const { personalEmails, phones, waterfall, emailKnown = false } = reveal;
    const batchKey = `${workspace}|${kind}|${urgent}|${personalEmails}|${phones}|${waterfall}|${emailKnown}`;
    const work = { workspace, source, kind, urgent, mobile: phones, batchKey };
    const reserved = mostCredits(kind, reveal);
    const queuedAt = this.#options.ports.clock.monotonic();
    const history = { wasKnown, queuedAt, attempts: 0, lost, isGivenBack: false };
    // A step later: in this one it would find itself under way.
    const beginAnew = async () => {
      await Promise.resolve();
      const [found] = await this.find([fresh.wanted]);
      return found ?? aborted();
    };
    fresh.isAsked = true;
    const lookup = { ...work, wanted, spending, reserved, settle, claims, beginAnew, ...history };
    this.#options.pool.add([lookup], more);
  }
}

function scoped(wanted: Wanted, key: string): string {
  return `${wanted.workspace} ${key}`;
}

/** A resumed job meets its own results again: the row that asked for them still counts as the look-up. */
function ownership(result: KnownResult, wanted: Wanted): 'lookup' | 'duplicate' | 'known' {
  if (result.by.source !== wanted.source) return 'known';
  return result.by.row === wanted.row ? 'lookup' : 'duplicate';
}
