import type { Core, JobStatus } from '@connectionsphere/core';
import type { Session, SlackPeople } from './sessions.ts';

interface Whose {
  readonly core: Pick<Core, 'jobs'>;
  /** Where Slack is served. */
  readonly slack: SlackPeople | undefined;
}

type Visitor = Pick<Session, 'workspace' | 'via'>;

/** The lists that a visitor may see, the newest first: a person of Slack those that they see there, others all. */
export async function listsOf(
  { core, slack }: Whose,
  { workspace, via }: Visitor,
  most?: number,
): Promise<JobStatus[]> {
  const user = personOf(via);
  if (user === undefined || !slack)
    return await core.jobs.list(workspace, most === undefined ? {} : { limit: most });
  return (await slack.lists(workspace, user)).slice(0, most);
}

/** The list of that id; `undefined`: there is none, or it is not for the visitor, which looks the same. */
export async function listOf(
  { core, slack }: Whose,
  { workspace, via }: Visitor,
  id: string,
): Promise<JobStatus | undefined> {
  const job = await core.jobs.status(id);
  if (job?.workspace !== workspace) return undefined;
  const user = personOf(via);
  return user === undefined || (await slack?.maySee(workspace, user, id)) ? job : undefined;
}

/** Where the visitor is a person of Slack, records there that the list is theirs. */
export async function madeList({ slack }: Whose, { workspace, via }: Visitor, id: string): Promise<void> {
  const user = personOf(via);
  if (user !== undefined) await slack?.made(workspace, user, id);
}

/**
 * Starts a list, or goes on with it; for a person of Slack with no more to spend than each may in a month.
 * @throws {JobError} saying why not.
 */
export async function startList({ core, slack }: Whose, { via }: Visitor, job: JobStatus): Promise<void> {
  const user = personOf(via);
  if (user === undefined || !slack) await core.jobs.start(job.id);
  else await slack.start(user, job);
}

/** Slack's id of the person; `undefined`: not of Slack. */
export function personOf(via: Session['via']): string | undefined {
  return typeof via === 'object' && 'slack' in via ? via.slack : undefined;
}
