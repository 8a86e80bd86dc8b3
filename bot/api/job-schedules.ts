import { scheduleDocument } from '../schedule-words.ts';
import type { ApiContext } from './context.ts';
import type { JobAccess } from './job-access.ts';
import { type Call, type Operation, operation } from './operation.ts';
import { Problem } from './problem.ts';
import { scheduleAnswer, scheduleSchema } from './schemas.ts';

/** Lists that run again by themselves. */
export function scheduleOperations({ core }: ApiContext, jobs: JobAccess): Operation[] {
  const { schedules } = core.jobs;
  const shared = { path: '/v1/jobs/{id}/schedule', group: 'Jobs' } as const;
  const found = async (call: Call) => {
    const { id, schedule } = await jobs.of(call);
    if (!schedule) throw new Problem(404, 'no-such-schedule', `Job ${id} does not run again by itself.`);
    return { id, schedule };
  };
  return [
    operation({
      ...shared,
      id: 'showSchedule',
      method: 'get',
      summary: 'Show when a list runs again',
      scope: 'read',
      answers: { 200: { description: 'The schedule', schema: scheduleAnswer } },
      handle: async (call) => ({ body: scheduleDocument((await found(call)).schedule) }),
    }),
    operation({
      ...shared,
      id: 'setSchedule',
      method: 'put',
      summary: 'Run a list again every week or month',
      description:
        'At its time the rows of the list become a new job, started in the name of who set the schedule. Who was answered in the last `olderThanDays` days is not looked up again and costs nothing. Of a job that is a run of another list, the schedule of that list is meant.',
      scope: 'enrich',
      body: scheduleSchema,
      answers: { 200: { description: 'The schedule', schema: scheduleAnswer } },
      handle: async (call) => {
        const { id } = await jobs.of(call);
        return { body: scheduleDocument(await schedules.set(id, call.body)) };
      },
    }),
    operation({
      ...shared,
      id: 'deleteSchedule',
      method: 'delete',
      summary: 'Run a list no longer by itself; a run under way goes on',
      scope: 'enrich',
      answers: { 204: { description: 'It is gone' } },
      handle: async (call) => {
        const { id } = await found(call);
        await schedules.remove(id);
        return { status: 204 };
      },
    }),
  ];
}
