import { JobError, type JobStatus } from '@connectionsphere/core';
import type { Scope } from '../../api/tokens.ts';
import type { Reader } from '../../reader.ts';
import type { Identity, SlackPeople } from '../../web/sessions.ts';
import type { JobRepository } from '../jobs/job-repository.ts';
import type { AskerFor } from './asking.ts';
import type { ListAccess } from './list-access.ts';
import type { People } from './people.ts';
import { NotAllowed, type Permissions } from './permissions.ts';
import { limitProblem, type PersonCredits, tooLittleLeft } from './person-credits.ts';
import type { Deed } from './settings.ts';

interface PagePeopleParts {
  readonly people: People;
  readonly permissions: Permissions;
  readonly access: ListAccess;
  readonly repository: JobRepository;
  readonly asker: AskerFor;
  readonly personCredits: PersonCredits;
}

/** What a deed in Slack's settings allows on the page. Hooks tell other programs what tokens let them ask for. */
const SCOPES: Readonly<Record<Deed, readonly Scope[]>> = {
  connect: ['connect'],
  disconnect: ['disconnect'],
  enrich: ['enrich'],
  forget: ['forget'],
  tokens: ['hooks'],
  limits: [],
};

/** People of Slack on the page: the same rights and the same lists as in Slack. */
export class PagePeople implements SlackPeople {
  readonly #parts: PagePeopleParts;

  constructor(parts: PagePeopleParts) {
    this.#parts = parts;
  }

  async identify(workspace: string, user: string, organisation?: string): Promise<Identity> {
    const { people, permissions } = this.#parts;
    const asker = await this.#parts.asker(workspace, user, organisation);
    await permissions.requireMember(asker);
    const allowed = new Set<Deed>();
    for (const deed of Object.keys(SCOPES) as Deed[]) {
      if (await permissions.allows(deed, asker)) allowed.add(deed);
    }
    const scopes = new Set<Scope>(['read', ...[...allowed].flatMap((deed) => SCOPES[deed])]);
    // The page's one right for tokens and limits together.
    if (allowed.has('tokens') && allowed.has('limits')) scopes.add('administer');
    const by = (await people.find(asker))?.name ?? user;
    return { workspace, by, scopes: [...scopes], via: { slack: user } };
  }

  async nameOf(workspace: string, user: string): Promise<string | undefined> {
    try {
      return (await this.#parts.people.find(await this.#parts.asker(workspace, user)))?.name;
    } catch (error) {
      if (error instanceof NotAllowed) return undefined;
      throw error;
    }
  }

  async lists(workspace: string, user: string): Promise<JobStatus[]> {
    return await this.#parts.access.list(await this.#parts.asker(workspace, user));
  }

  async maySee(workspace: string, user: string, job: string): Promise<boolean> {
    return await this.#parts.access.maySee(await this.#parts.asker(workspace, user), job);
  }

  async start(user: string, job: JobStatus): Promise<void> {
    await this.#parts.personCredits.start(user, job);
  }

  async requireLimit(
    user: string,
    job: JobStatus,
    credits: number | undefined,
    reader: Reader,
  ): Promise<void> {
    const asker = await this.#parts.asker(job.workspace, user);
    const problem = await limitProblem(this.#parts, asker, job, credits, reader);
    if (problem !== undefined) throw new JobError(problem);
  }

  async spend<T>(
    { workspace, user, reader }: { workspace: string; user: string; reader: Reader },
    mostCredits: number,
    work: () => Promise<T>,
  ): Promise<T> {
    const spent = await this.#parts.personCredits.spend(workspace, user, mostCredits, work);
    if ('short' in spent) throw new JobError(tooLittleLeft(spent.short, reader));
    return spent.done;
  }

  async made(workspace: string, user: string, job: string): Promise<void> {
    await this.#parts.repository.set({ workspace, user, job });
  }
}
