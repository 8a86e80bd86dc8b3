import { createHash } from 'node:crypto';
import type { Clock, Collection, Ports } from '@connectionsphere/core';
import { SecretUnreadable } from '../secret-repository.ts';
import { type Post, PrivateAddress } from './post.ts';
import { signature } from './signature.ts';

/** Who gets it: a hook by its id, the callback of a job by the job's, or the operators. */
export interface Target {
  readonly kind: 'hook' | 'callback' | 'operators';
  readonly id: string;
}

/** Where a delivery goes. */
interface Address {
  readonly url: string;
  /** What signs for it; `undefined`: the secret is gone. Throws `SecretUnreadable`. Without it, nothing is signed. */
  secret?(): Promise<string | undefined>;
}

/** Where a target is now; `undefined`: it is gone. */
export type Destination = (target: Target) => Promise<Address | undefined>;

/** Times are ms since the epoch. */
export interface Delivery {
  readonly id: string;
  readonly target: Target;
  readonly type: string;
  /** JSON. */
  readonly body: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly createdAt: number;
  readonly lastAttemptAt?: number;
  readonly nextAttemptAt?: number;
  /** HTTP status of the last answer. */
  readonly status?: number;
  /** Why the last attempt failed, where no answer came. */
  readonly error?: string;
}

interface Due {
  /** ms since the epoch. */
  readonly at: number;
  /** A workspace; the target where it is of none. */
  readonly of: string;
}

const DAY_MS = 86_400_000;
/** Rest after the first failure, ms; four times as long after each, up to the longest. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 4 * 60 * 60 * 1000;
/** Tried for so long, ms. */
const GIVE_UP_MS = DAY_MS;
/** Shown for so long, ms. */
const KEPT_MS = 7 * DAY_MS;
/** At once, of all workspaces and of one: endpoints that hang do not keep other workspaces' deliveries waiting. */
const MOST_AT_ONCE = 64;
const MOST_OF_ONE = 8;

/** Deliveries that survive the process: tried until somebody answers 2xx, for a day at most. */
export class Deliveries {
  readonly #stored: Collection<Delivery>;
  readonly #clock: Clock;
  readonly #ports: Pick<Ports, 'log' | 'coordination'>;
  readonly #post: Post;
  readonly #destination: Destination;
  /** When each waiting one is due, and whose it is, by its key. */
  readonly #due = new Map<string, Due>();
  /** Those under way, by whose they are. */
  readonly #underWay = new Map<string, Set<string>>();
  readonly #ended: (delivery: Delivery) => Promise<void>;
  readonly #bodyOf: (delivery: Delivery) => Promise<string>;
  #added = new AbortController();

  /**
   * `ended`: hears of each delivery that arrived or was given up. `bodyOf`: what is sent, where that is more than what
   * is kept.
   */
  constructor(
    ports: Ports,
    post: Post,
    destination: Destination,
    ended: (delivery: Delivery) => Promise<void> = async () => {},
    bodyOf: (delivery: Delivery) => Promise<string> = async ({ body }) => body,
  ) {
    this.#bodyOf = bodyOf;
    this.#ended = ended;
    ports.shared.onLost(() => {
      this.#takeUp().catch((error) =>
        ports.log.error('Deliveries of a process that died could not be taken up', { error }),
      );
    });
    this.#stored = ports.store.collection('deliveries');
    this.#clock = ports.clock;
    this.#ports = ports;
    this.#post = post;
    this.#destination = destination;
  }

  /** Durable when it resolves. The same `event` for the same target is one delivery. */
  async add(target: Target, event: string, type: string, body: (id: string) => object): Promise<void> {
    const id = createHash('sha256').update(`${event}/${target.kind}/${target.id}`).digest('hex').slice(0, 32);
    const key = `${target.kind}/${target.id}/${id}`;
    if (await this.#stored.get(key)) return;
    const now = this.#clock.now();
    const delivery: Delivery = {
      id,
      target,
      type,
      body: JSON.stringify(body(id)),
      state: 'waiting',
      attempts: 0,
      createdAt: now,
      nextAttemptAt: now,
    };
    await this.#stored.set(key, delivery, { ttlMs: KEPT_MS });
    this.#due.set(key, { at: now, of: ownerOf(delivery) });
    this.#added.abort();
  }

  /** A target's deliveries of the last days, the newest first. */
  async of({ kind, id }: Target): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    for await (const [, delivery] of this.#stored.entries(`${kind}/${id}/`)) deliveries.push(delivery);
    return deliveries.sort((a, b) => b.createdAt - a.createdAt || a.id.localeCompare(b.id));
  }

  /** Has a delivery made once more, at once, whatever became of it; `false`: the target has no such delivery. */
  async again({ kind, id }: Target, delivery: string): Promise<boolean> {
    const key = `${kind}/${id}/${delivery}`;
    return await this.#ports.coordination.exclusive(`delivery:${key}`, async () => {
      const stored = await this.#stored.get(key);
      if (!stored) return false;
      const now = this.#clock.now();
      const { status: _, error: __, ...rest } = stored;
      await this.#stored.set(
        key,
        { ...rest, state: 'waiting', createdAt: now, nextAttemptAt: now },
        { ttlMs: KEPT_MS },
      );
      this.#due.set(key, { at: now, of: ownerOf(stored) });
      this.#added.abort();
      return true;
    });
  }

  /** Delivers until the signal aborts; attempts under way are waited for. Takes up what a former process left. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#takeUp();
    const underWay = new Set<Promise<void>>();
    while (!signal.aborted) {
      this.#added = new AbortController();
      const now = this.#clock.now();
      for (const [key, { at, of }] of this.#due) {
        if (underWay.size >= MOST_AT_ONCE) break;
        if (at > now || !this.#begin(key, of)) continue;
        const attempt = this.#tryDelivering(key, of).finally(() => {
          underWay.delete(attempt);
          this.#added.abort();
        });
        underWay.add(attempt);
      }
      let next = now + DAY_MS;
      for (const { at } of this.#due.values()) if (at > now) next = Math.min(next, at);
      const changed = AbortSignal.any([signal, this.#added.signal]);
      if (underWay.size === 0) await this.#clock.sleep(Math.max(1, next - now), changed);
      // An attempt ends within seconds: then, or when another is added, it is looked at what is due by now.
      else await Promise.race([...underWay, aborted(changed)]);
    }
    await Promise.all(underWay);
  }

  /** What waits and this process does not know of: another one's, which died, or a former one's. */
  async #takeUp(): Promise<void> {
    for await (const [key, delivery] of this.#stored.entries()) {
      const { state, nextAttemptAt: at = 0 } = delivery;
      if (state === 'waiting' && !this.#due.has(key)) this.#due.set(key, { at, of: ownerOf(delivery) });
    }
    this.#added.abort();
  }

  /** `false`: it is under way, or as many of the same workspace are as may be. */
  #begin(key: string, of: string): boolean {
    const own = this.#underWay.get(of) ?? new Set();
    if (own.has(key) || own.size >= MOST_OF_ONE) return false;
    this.#underWay.set(of, own.add(key));
    return true;
  }

  #end(key: string, of: string): void {
    const own = this.#underWay.get(of);
    own?.delete(key);
    if (own?.size === 0) this.#underWay.delete(of);
  }

  async #tryDelivering(key: string, of: string): Promise<void> {
    try {
      // One process at a time: another may have the same list of what is due.
      const next = await this.#ports.coordination.exclusive(`delivery:${key}`, () => this.#attempt(key));
      if (next === undefined) this.#due.delete(key);
      else this.#due.set(key, { at: next, of });
    } catch (error) {
      this.#due.set(key, { at: this.#clock.now() + FIRST_REST_MS, of });
      this.#ports.log.error('A delivery could not be recorded; it is tried again', { error });
    } finally {
      this.#end(key, of);
    }
  }

  /** Gives when it is due again, if it is. */
  async #attempt(key: string): Promise<number | undefined> {
    const delivery = await this.#stored.get(key);
    if (delivery?.state !== 'waiting') return undefined;
    if ((delivery.nextAttemptAt ?? 0) > this.#clock.now()) return delivery.nextAttemptAt;
    const destination = await this.#destination(delivery.target);
    if (!destination) {
      await this.#stored.delete(key);
      return undefined;
    }
    const tried = await this.#send(delivery, destination);
    await this.#stored.set(key, tried, { ttlMs: KEPT_MS });
    if (tried.state !== 'waiting') await this.#ended(tried);
    if (tried.state === 'delivered') return undefined;
    const { id, type, attempts, status, error, state, nextAttemptAt } = tried;
    this.#ports.log.warn(
      state === 'failed' ? 'A delivery was given up' : 'A delivery failed; it is tried again',
      {
        delivery: id,
        type,
        attempts,
        status,
        error,
      },
    );
    return nextAttemptAt;
  }

  async #send(delivery: Delivery, address: Address): Promise<Delivery> {
    const { id, type, createdAt } = delivery;
    const { status: _, error: __, nextAttemptAt: ___, ...rest } = delivery;
    const at = this.#clock.now();
    const tried = { ...rest, attempts: delivery.attempts + 1, lastAttemptAt: at };
    let outcome: Pick<Delivery, 'status' | 'error'>;
    try {
      const body = await this.#bodyOf(delivery);
      const signed = address.secret && signature(await secretOf(address.secret()), at, body);
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'ConnectionSphere',
        'connectionsphere-event': type,
        'connectionsphere-delivery': id,
        ...(signed !== undefined && { 'connectionsphere-signature': signed }),
      };
      const status = await this.#post.send(address.url, headers, body);
      if (status >= 200 && status < 300) return { ...tried, state: 'delivered', status };
      outcome = { status };
    } catch (error) {
      outcome = { error: reasonOf(error) };
      if (error instanceof PrivateAddress) return { ...tried, ...outcome, state: 'failed' };
    }
    const next = at + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 4 ** delivery.attempts);
    if (next > createdAt + GIVE_UP_MS) return { ...tried, ...outcome, state: 'failed' };
    return { ...tried, ...outcome, state: 'waiting', nextAttemptAt: next };
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}

/** Whose it is: the body says it, but for what operators are told. */
function ownerOf({ body, target }: Delivery): string {
  const { workspace } = JSON.parse(body) as { workspace?: unknown };
  return typeof workspace === 'string' ? workspace : `${target.kind}/${target.id}`;
}

async function secretOf(asked: Promise<string | undefined>): Promise<string> {
  const secret = await asked;
  if (secret === undefined) throw new SecretUnreadable('Its secret is gone.');
  return secret;
}

/** For the job that shows it: never what the other side wrote. */
function reasonOf(error: unknown): string {
  if (error instanceof PrivateAddress || error instanceof SecretUnreadable) return error.message;
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  return 'code' in error ? `no answer (${error.code})` : 'no answer';
}
