import type { Job, JobStatus } from '@connectionsphere/core';
import type { ApiContext } from './context.ts';
import { JobAccess } from './job-access.ts';
import { createJobOperation, estimateOperation } from './job-making.ts';
import { createResultLinkOperation, listResultsOperation } from './job-results.ts';
import { decideReviewsOperation, listReviewsOperation } from './job-reviews.ts';
import { scheduleOperations } from './job-schedules.ts';
import { type Operation, operation } from './operation.ts';
import { Problem, wrongCursor } from './problem.ts';
import { creditLimitSchema, jobAnswer, jobsAnswer, pageSchema, waitSchema } from './schemas.ts';

const JOBS_A_PAGE = 50;

/** Lists as jobs: prepared, run, paused, read. */
export function jobOperations(context: ApiContext): Operation[] {
  const jobs = new JobAccess(context);
  return [
    estimateOperation(context),
    createJobOperation(context),
    listJobsOperation(context, jobs),
    showJobOperation(jobs),
    ...actionOperations(context, jobs),
    changeJobOperation(context, jobs),
    ...scheduleOperations(context, jobs),
    listReviewsOperation(context, jobs),
    decideReviewsOperation(context, jobs),
    listResultsOperation(context, jobs),
    createResultLinkOperation(context, jobs),
  ];
}

function listJobsOperation({ core }: ApiContext, access: JobAccess): Operation {
  return operation({
    id: 'listJobs',
    method: 'get',
    path: '/v1/jobs',
    group: 'Jobs',
    summary: 'List the jobs, the newest first',
    scope: 'read',
    query: pageSchema,
    answers: { 200: { description: 'A page of jobs', schema: jobsAnswer } },
    handle: async ({ workspace, query: { limit = JOBS_A_PAGE, cursor } }) => {
      if (cursor !== undefined && (await core.jobs.status(cursor))?.workspace !== workspace) {
        throw wrongCursor('the jobs');
      }
      const jobs = await core.jobs.list(workspace, { limit: limit + 1, after: cursor });
      const page = jobs.slice(0, limit);
      const documents = await Promise.all(page.map((job) => access.document(job)));
      const next = jobs.length > limit ? page.at(-1)?.id : undefined;
      return { body: { jobs: documents, ...(next !== undefined && { next }) } };
    },
  });
}

function showJobOperation(jobs: JobAccess): Operation {
  return operation({
    id: 'showJob',
    method: 'get',
    path: '/v1/jobs/{id}',
    group: 'Jobs',
    summary: 'Show one job: how far it is, what was found and spent',
    scope: 'read',
    answers: { 200: { description: 'The job', schema: jobAnswer } },
    query: waitSchema,
    handle: async (call) => {
      const job = await jobs.ended(await jobs.of(call), call.query.wait, call.signal);
      return { body: await jobs.document(job) };
    },
  });
}

/** What is done to a job: each is possible in some states, and does nothing in a state that it leads to. */
function actionOperations({ core }: ApiContext, jobs: JobAccess): Operation[] {
  const act = (
    id: string,
    action: string,
    summary: string,
    work: (job: JobStatus) => Promise<void>,
    possible: readonly Job['state'][],
  ) =>
    operation({
      id,
      method: 'post',
      path: `/v1/jobs/{id}/${action}`,
      group: 'Jobs',
      summary,
      scope: 'enrich',
      answers: { 200: { description: 'The job', schema: jobAnswer } },
      handle: async (call) => {
        const job = await jobs.of(call);
        if (!possible.includes(job.state)) {
          throw new Problem(
            409,
            'wrong-state',
            `Job ${job.id} is ${job.state}, so there is nothing to ${action}.`,
          );
        }
        await work(job);
        return { body: await jobs.shown(job.id) };
      },
    });
  return [
    act('startJob', 'start', 'Start a prepared job', ({ id }) => core.jobs.start(id), [
      'ready',
      'paused',
      'running',
    ]),
    act('pauseJob', 'pause', 'Pause after the calls under way', ({ id }) => core.jobs.pause(id), [
      'running',
      'paused',
    ]),
    act(
      'resumeJob',
      'resume',
      'Go on with a paused or cancelled job where it was; nothing is paid twice',
      ({ id }) => core.jobs.start(id),
      ['paused', 'cancelled', 'ready', 'running'],
    ),
    act(
      'cancelJob',
      'cancel',
      'End a job; what was found stays, and it can be resumed',
      ({ id }) => core.jobs.cancel(id),
      ['ready', 'running', 'paused'],
    ),
  ];
}

function changeJobOperation({ core }: ApiContext, jobs: JobAccess): Operation {
  return operation({
    id: 'changeJob',
    method: 'patch',
    path: '/v1/jobs/{id}',
    group: 'Jobs',
    summary: "Change a job's credit limit",
    scope: 'enrich',
    body: creditLimitSchema,
    answers: { 200: { description: 'The job', schema: jobAnswer } },
    handle: async (call) => {
      const job = await jobs.of(call);
      await core.jobs.setCreditLimit(job.id, call.body.creditLimit ?? undefined);
      return { body: await jobs.shown(job.id) };
    },
  });
}
