import { randomUUID } from 'node:crypto';
import type { Collection, Ports } from '../ports.ts';

/** Somebody whose late part is awaited. */
export interface Awaited {
  /** Apollo's id. */
  readonly id: string;
  /** Whose result it completes, where that is not the request's own workspace. */
  readonly workspace?: string;
  /** Under which the result is known. */
  readonly key: string;
  /** Who pays. */
  readonly source: string;
  /** Credits set aside for the late part. */
  readonly held: number;
  /** Credits that were charged for it when the request was accepted. */
  readonly prepaid?: number;
  /** Asked for in a later request, which Apollo did not look for again: pays nothing. */
  readonly joined?: true;
}

/** A phone or waterfall request whose late part has not come yet. */
export interface LateRequest {
  readonly requestId: string;
  readonly workspace: string;
  readonly team: string;
  readonly slot: number;
  /** ms since the epoch. */
  readonly askedAt: number;
  /** Id of the address that Apollo was given. */
  readonly address?: string;
  readonly people: readonly Awaited[];
}

/** How long a request is kept, ms: longer than the 30 days for which Apollo keeps its result, so that its end is seen. */
const KEPT_MS = 90 * 86_400_000;
/** Stands for the key of somebody who was forgotten: nothing is known under it. */
const FORGOTTEN = 'forgotten';
const TTL = { ttlMs: KEPT_MS };

/** What is awaited, found by request, by person and by address; and for whom something came. */
export class LateRequestRepository {
  readonly #requests: Collection<LateRequest>;
  /** Open requests in which somebody is, by team and Apollo's id of the person. */
  readonly #byPerson: Collection<readonly string[]>;
  /** Open requests of a source, by both. */
  readonly #bySource: Collection<true>;
  /** From an address's id to the request that it was given for. */
  readonly #byAddress: Collection<string>;
  /** Sources for which something came that nobody has counted yet. */
  readonly #news: Collection<true>;
  readonly #coordination: Ports['coordination'];

  constructor({ coordination, store }: Pick<Ports, 'coordination' | 'store'>) {
    this.#coordination = coordination;
    this.#requests = store.collection<LateRequest>('late');
    this.#byPerson = store.collection<readonly string[]>('late-people');
    this.#bySource = store.collection<true>('late-sources');
    this.#byAddress = store.collection<string>('late-addresses');
    this.#news = store.collection<true>('late-news');
  }

  /** Remembers that a late part will come. */
  async add(request: LateRequest): Promise<void> {
    const { address, requestId, team, people } = request;
    if (people.length === 0) return;
    await this.#save(request);
    const keys = people.map(({ id }) => personKey(team, id));
    const others = await this.#byPerson.getMany(keys);
    await this.#byPerson.setMany(
      keys.map((key, index) => [key, [...(others[index] ?? []), requestId]] as const),
      TTL,
    );
    if (address !== undefined) await this.#byAddress.set(address, requestId, TTL);
  }

  /** All open requests. */
  async open(): Promise<LateRequest[]> {
    const found: LateRequest[] = [];
    for await (const [, request] of this.#requests.entries()) found.push(request);
    return found;
  }

  /** Open requests in which a source has somebody. */
  async of(source: string): Promise<LateRequest[]> {
    const prefix = sourceKey(source, '');
    const ids: string[] = [];
    for await (const [key] of this.#bySource.entries(prefix)) ids.push(key.slice(prefix.length));
    return (await this.#requests.getMany(ids)).filter((request) => request !== undefined);
  }

  /** The id of the request that an address was given for. */
  forAddress(address: string): Promise<string | undefined> {
    return this.#byAddress.get(address);
  }

  /** Open requests of the team in which any of these people is. */
  async withAny(team: string, people: readonly { readonly id: string }[]): Promise<LateRequest[]> {
    const keys = [...new Set(people.map(({ id }) => personKey(team, id)))];
    const ids = new Set((await this.#byPerson.getMany(keys)).flatMap((each) => each ?? []));
    return (await this.#requests.getMany([...ids])).filter((request) => request !== undefined);
  }

  /** Works on a request that is still open, alone; does nothing when it is not. */
  async exclusively(requestId: string, work: (request: LateRequest) => Promise<void>): Promise<void> {
    await this.#alone(async () => {
      const request = await this.#requests.get(requestId);
      if (request) await work(request);
    });
  }

  /** Apollo looks for these people already, for an earlier request of the team: what that brings is theirs too. */
  async join(
    team: string,
    workspace: string,
    people: readonly Pick<Awaited, 'id' | 'key' | 'source'>[],
  ): Promise<void> {
    await this.#alone(async () => {
      const awaited = people.map((person): Awaited => ({ ...person, held: 0 }));
      await this.passOn(awaited, workspace, await this.withAny(team, awaited));
    });
  }

  /** Whoever was not in a result is looked for by an earlier request that is still open, if there is one. */
  async passOn(
    missing: readonly Awaited[],
    workspace: string,
    others: readonly LateRequest[],
  ): Promise<void> {
    for (const other of others) {
      const joining = missing.filter(({ id }) => has(other, id));
      if (joining.length === 0) continue;
      const people = joining.map(
        (person): Awaited => ({ ...person, workspace: person.workspace ?? workspace, held: 0, joined: true }),
      );
      await this.#save({ ...other, people: [...other.people, ...people] });
    }
  }

  async #save(request: LateRequest): Promise<void> {
    await this.#requests.set(request.requestId, request, TTL);
    await this.#bySource.setMany(
      sourceKeys(request).map((key) => [key, true] as const),
      TTL,
    );
  }

  /** Nothing of the request comes any more; `others` still await some of its people. */
  async close(request: LateRequest, others: readonly LateRequest[]): Promise<void> {
    const { requestId, team, people } = request;
    await this.#requests.delete(requestId);
    await this.#bySource.deleteMany(sourceKeys(request));
    await this.#byPerson.deleteMany(
      people
        .map(({ id }) => id)
        .filter((id) => !others.some((other) => has(other, id)))
        .map((id) => personKey(team, id)),
    );
  }

  /** Nothing that comes late is anybody's of this workspace any more. */
  async forgetAll(workspace: string): Promise<void> {
    await this.#alone(async () => {
      for (const request of await this.open()) {
        const left = request.people.filter((person) => (person.workspace ?? request.workspace) !== workspace);
        if (left.length === request.people.length) continue;
        const still = new Set(sourceKeys({ ...request, people: left }));
        await this.#bySource.deleteMany(sourceKeys(request).filter((key) => !still.has(key)));
        if (left.length > 0) {
          await this.#requests.set(request.requestId, { ...request, people: left }, TTL);
          continue;
        }
        await this.#requests.delete(request.requestId);
        if (request.address !== undefined) await this.#byAddress.delete(request.address);
      }
    });
  }

  /**
   * Makes people unreadable in what is awaited for the workspace: whatever comes is nobody's, and what it costs is still
   * counted. Gives Apollo's ids of those who were there.
   */
  async forget(workspace: string, keys: ReadonlySet<string>): Promise<string[]> {
    const forgotten = new Set<string>();
    await this.#alone(async () => {
      const open = await this.open();
      const after: LateRequest[] = [];
      const places = new Set<string>();
      for (const request of open) {
        const isMeant = ({ id, key, workspace: own = request.workspace }: Awaited) =>
          own === workspace && (keys.has(key) || keys.has(`id:${id}`));
        const meant = request.people.filter(isMeant);
        if (meant.length === 0) {
          after.push(request);
          continue;
        }
        const people = request.people.map((person) => (meant.includes(person) ? unreadable(person) : person));
        const changed = { ...request, people };
        await this.#requests.set(request.requestId, changed, TTL);
        after.push(changed);
        for (const { id } of meant) {
          forgotten.add(id);
          places.add(personKey(request.team, id));
        }
      }
      const awaited = new Set(
        after.flatMap(({ team, people }) => people.map(({ id }) => personKey(team, id))),
      );
      await this.#byPerson.deleteMany([...places].filter((place) => !awaited.has(place)));
    });
    return [...forgotten];
  }

  /** Sources for which something came that has not been counted. */
  async news(): Promise<string[]> {
    const sources: string[] = [];
    for await (const [source] of this.#news.entries()) sources.push(source);
    return sources;
  }

  async hasNews(source: string): Promise<boolean> {
    return (await this.#news.get(source)) !== undefined;
  }

  async addNews(source: string): Promise<void> {
    await this.#news.set(source, true, TTL);
  }

  async removeNews(source: string): Promise<void> {
    await this.#news.delete(source);
  }

  #alone(work: () => Promise<void>): Promise<void> {
    return this.#coordination.exclusive('late', work);
  }
}

/** Somebody who was forgotten: nothing that comes is theirs, and what it costs is still counted. */
export function unreadable(person: Awaited): Awaited {
  return { ...person, id: `forgotten-${randomUUID()}`, key: FORGOTTEN };
}

function sourceKey(source: string, requestId: string): string {
  return `${encodeURIComponent(source)}/${requestId}`;
}

function sourceKeys({ requestId, people }: LateRequest): string[] {
  return [...new Set(people.map(({ source }) => sourceKey(source, requestId)))];
}

function personKey(team: string, id: string): string {
  return `${encodeURIComponent(team)}/${id}`;
}

function has({ people }: LateRequest, id: string): boolean {
  return people.some((person) => person.id === id);
}
