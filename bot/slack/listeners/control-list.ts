import type { JobStatus } from '@connectionsphere/core';
import type { JobService } from '../jobs/job-service.ts';
import type { Asker } from '../people/people.ts';
import type { Services } from '../services.ts';
import { nameOf } from '../words/job-words.ts';
import { tellOwner } from './deeds.ts';

interface Control {
  /** What the list's owner reads that somebody did to it. */
  readonly deed: string;
  /** What whoever did it reads. */
  readonly note: string;
  act(jobService: JobService, workspace: string, id: string, user: string): Promise<JobStatus>;
}

const CONTROLS = {
  pause: {
    deed: 'paused',
    note: 'Paused. Nothing is lost.',
    act: (jobService, workspace, id) => jobService.pause(workspace, id),
  },
  resume: {
    deed: 'resumed',
    note: 'It goes on. What was found before is not paid for again.',
    act: (jobService, workspace, id, user) => jobService.resume(workspace, id, user),
  },
  cancel: {
    deed: 'cancelled',
    note: 'Cancelled. What was found so far stays. *Resume* takes it up again where it was.',
    act: (jobService, workspace, id) => jobService.cancel(workspace, id),
  },
} satisfies Readonly<Record<string, Control>>;

/** Pauses, resumes or cancels a list for those who may, and tells its owner; gives the list as it is then, and what to say. */
export async function controlList(
  asker: Asker & { readonly services: Services },
  how: keyof typeof CONTROLS,
  id: string,
): Promise<{ readonly job: JobStatus; readonly note: string }> {
  const { services, workspace, user } = asker;
  const { deed, note, act }: Control = CONTROLS[how];
  await services.access.requireControl(asker, id);
  const job = await act(services.jobService, workspace, id, user);
  await tellOwner(services, asker, id, `${deed} your list *${nameOf(job)}*.`);
  return { job, note };
}
