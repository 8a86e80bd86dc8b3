import { JobError, type JobStatus, SCHEDULE_MOST_DAYS, SCHEDULE_PERIODS } from '@connectionsphere/core';
import { DEFAULT_SCHEDULE_DAYS } from '../../schedule-words.ts';
import { type Html, html } from '../html.ts';
import { choice, notice, time, trail } from '../layout.ts';
import type { Outcome, Screens, Visit, WebContext } from '../visit.ts';

const LISTS = '/app/lists';

/** Whether a list runs again by itself, set and switched off. `jobOf`: the list of the address. */
export function scheduleScreens(
  screens: Screens,
  { core }: WebContext,
  jobOf: (visit: Visit) => Promise<JobStatus>,
): void {
  const { schedules } = core.jobs;

  screens.get(`${LISTS}/:id/schedule`, 'enrich', async (visit) => schedulePage(await jobOf(visit)));

  screens.post(`${LISTS}/:id/schedule`, 'enrich', async (visit) => {
    const job = await jobOf(visit);
    const every = SCHEDULE_PERIODS.find((each) => each === visit.field('every'));
    try {
      if (!every) throw new JobError('Choose how often the list runs again.');
      await schedules.set(job.id, { every, olderThanDays: Number(visit.field('days')) });
      return { goTo: `${LISTS}/${job.id}`, done: `The list runs again every ${every}.` };
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      return schedulePage(job, error.message);
    }
  });

  screens.post(`${LISTS}/:id/schedule/off`, 'enrich', async (visit) => {
    const job = await jobOf(visit);
    await schedules.remove(job.id);
    return { goTo: `${LISTS}/${job.id}`, done: 'The list does not run again by itself any more.' };
  });
}

function schedulePage(job: JobStatus, wrong?: string): Outcome {
  const { id, name, schedule } = job;
  const here = `${LISTS}/${id}`;
  const { every = 'week', olderThanDays = DEFAULT_SCHEDULE_DAYS } = schedule ?? {};
  return {
    page: {
      title: 'Run again',
      width: 'reading',
      body: html`${trail([
        ['Lists', LISTS],
        [name, here],
      ])}<h1>Run again</h1><p class="lead">The rows of ${name} are looked up again by themselves, as a new list of yours each time. Who was answered a short while ago costs nothing; limits hold as for any list. It ends when the rows are not kept any longer, no key is connected, or you may not enrich any more.</p>
<form method="post" action="${here}/schedule" class="form panel">${wrong !== undefined && notice('wrong', wrong)}
${choice(
  'every',
  'How often',
  SCHEDULE_PERIODS.map((period) => [period, `Every ${period}`]),
  every,
)}
<div class="field"><label for="days">Ask again for answers older than, in days</label><input id="days" name="days" type="number" min="1" max="${SCHEDULE_MOST_DAYS}" required value="${olderThanDays}"></div>
<div class="actions"><button class="button primary">${schedule ? 'Change' : 'Run it again'}</button><a class="button quiet" href="${here}">Leave it</a></div></form>
${schedule && html`<form method="post" action="${here}/schedule/off" class="actions"><button class="button quiet danger">Run it no longer</button></form>`}`,
    },
    status: wrong === undefined ? 200 : 422,
  };
}

/** When the list runs again, in a line. */
export function scheduleLine({ schedule }: Pick<JobStatus, 'schedule'>): Html | undefined {
  if (!schedule) return undefined;
  const { every, nextAt, olderThanDays, last } = schedule;
  const missed = last?.problem === undefined ? '' : ` The last time it did not run. ${last.problem}`;
  return html`<p class="soft">Runs again every ${every}, next on ${time(nextAt)}, for answers older than ${olderThanDays === 1 ? 'a day' : `${olderThanDays} days`}.${missed}</p>`;
}
