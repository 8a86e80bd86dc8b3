import type { WebClient } from '@slack/web-api';
import { ACTION } from '../action-ids.ts';
import { openModal } from '../modal.ts';
import type { Asker } from '../people/people.ts';
import type { Services } from '../services.ts';
import { SCHEDULE_TITLE, scheduleView } from '../views/schedule.ts';

interface Opening extends Asker {
  readonly services: Services;
  readonly client: WebClient;
  readonly trigger: string;
}

/** Opens the form in which a list is made to run again by itself, for those who may steer it. */
export async function openSchedule(opening: Opening, id: string): Promise<void> {
  const { services, workspace } = opening;
  const { access, jobService } = services;
  const build = async () => {
    await access.requireControl(opening, id);
    return scheduleView(await jobService.find(workspace, id));
  };
  const again = { action: ACTION.schedule, value: id };
  await openModal(opening, { deed: 'schedule', title: SCHEDULE_TITLE, build, again });
}
