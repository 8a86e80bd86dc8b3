import type { Services } from '../../services.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import { SCHEDULE_TITLE, type ScheduleMemo, scheduleIn } from '../../views/schedule.ts';
import { nameOf, scheduleWords } from '../../words/job-words.ts';
import { tellOwner } from '../deeds.ts';
import { refreshHome } from '../home.ts';
import { onSubmit } from './submit.ts';

/** How often a list runs again by itself, or that it does no longer. */
export function schedule(services: Services) {
  return onSubmit(services, async (form) => {
    const { workspace, view } = form;
    const { access, core, jobService } = services;
    const { job: id } = JSON.parse(view.private_metadata) as ScheduleMemo;
    const { every, olderThanDays } = scheduleIn(view.state.values);
    await form.answer({
      deed: 'schedule',
      title: SCHEDULE_TITLE,
      waiting: waitingView(SCHEDULE_TITLE, 'One moment.'),
      work: async () => {
        await access.requireControl(form, id);
        const job = await jobService.find(workspace, id);
        const { schedules } = core.jobs;
        const set = every && (await schedules.set(id, { every, olderThanDays }));
        if (!every) await schedules.remove(id);
        const now = set ? `runs again ${scheduleWords(set)}` : 'does not run again by itself';
        await tellOwner(services, form, id, `says of your list *${nameOf(job)}*: it ${now}.`);
        await refreshHome(services, form);
        return { show: noticeView(SCHEDULE_TITLE, `:repeat: *${nameOf(job)}* ${now}.`) };
      },
    });
  });
}
