import { ScheduleOver, type ScheduleStarter } from '@connectionsphere/core';
import type { AskerFor } from '../people/asking.ts';
import { NotAllowed, NotKnown, type Permissions } from '../people/permissions.ts';
import type { Recipients } from '../views/recipients.ts';
import type { JobRepository, SlackJob } from './job-repository.ts';
import type { JobService } from './job-service.ts';

interface ScheduledLists {
  readonly asker: AskerFor;
  readonly permissions: Permissions;
  readonly repository: JobRepository;
  readonly jobService: JobService;
}

/**
 * Lists that run again because somebody of Slack asked for it, in Slack or on the page: as long as they may enrich, within
 * what they may spend, and told as any list of theirs. The result goes where that of the first list went.
 */
export function scheduledLists({
  asker,
  permissions,
  repository,
  jobService,
}: ScheduledLists): ScheduleStarter {
  return {
    knows: ({ kind }) => kind === 'person',
    start: async ({ by, job: origin, workspace }, { id }) => {
      const user = by?.id ?? '';
      try {
        await permissions.require('enrich', await asker(workspace, user));
      } catch (error) {
        // Slack is asked again in a minute.
        if (error instanceof NotKnown || !(error instanceof NotAllowed)) throw error;
        throw new ScheduleOver('Who set it may not enrich leads in this Slack workspace any more.');
      }
      const record = await repository.get(workspace, origin);
      const to = record?.user === user ? recipientsOf(record) : undefined;
      await jobService.start(workspace, id, user, { to });
    },
  };
}

/** Whom the result of a list goes to beside whoever started it. */
function recipientsOf({ places = [] }: SlackJob): Recipients | undefined {
  if (places.length === 0) return undefined;
  const people = places.flatMap(({ person }) => (person === undefined ? [] : [person]));
  const channels = places.flatMap(({ channel, person }) => (person === undefined ? [channel] : []));
  return { channels: [...new Set(channels)], people };
}
