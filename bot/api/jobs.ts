import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Job, JobStatus, PrepareJob, ReviewVerdict } from '@connectionsphere/core';
import type { z } from 'zod';
import { attachment } from '../attachment.ts';
import { fileNameOf, writeJob } from '../list-file.ts';
import { foundDocument, listDocument, listNotes, mappingDocument } from '../list-notes.ts';
import { decideReviews, openReviews } from '../reviews.ts';
import type { ApiContext } from './context.ts';
import { estimateDocument, fieldNames, jobDocument, resultDocument } from './documents.ts';
import { prepareLeads, prepareStream } from './job-list.ts';
import { type Answer, type Call, type Operation, operation } from './operation.ts';
import { invalid, Problem, wrongCursor } from './problem.ts';
import {
  creditLimitSchema,
  decidedAnswer,
  decisionsSchema,
  estimateAnswer,
  estimateQuerySchema,
  jobAnswer,
  jobQuerySchema,
  jobSchema,
  jobsAnswer,
  pageSchema,
  resultsAnswer,
  resultsQuerySchema,
  reviewsAnswer,
  waitSchema,
} from './schemas.ts';

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const LIST_TYPES = ['text/csv', 'text/tab-separated-values', 'application/x-ndjson', XLSX_TYPE];
const FILE_TYPES = { csv: 'text/csv; charset=utf-8', xlsx: XLSX_TYPE } as const;
const JSON_LIST_BYTES = 10 * 1024 * 1024;
const JOBS_A_PAGE = 50;
const ROWS_A_PAGE = 100;
/** How often a job that somebody waits for is looked at, ms. */
const LOOK_EVERY_MS = 200;
/** What lists the jobs there are. */
const LISTING = 'GET /v1/jobs';

/** Lists as jobs: prepared, run, paused, read. */
export function jobOperations({ core, ports, notices, bounds }: ApiContext): Operation[] {
  const jobOf = async ({ workspace, path }: Call): Promise<JobStatus> => {
    const { id = '' } = path;
    const job = await core.jobs.status(id);
    // Another workspace's job is as unknown as none.
    if (job?.workspace !== workspace) throw new Problem(404, 'no-such-job', `There is no job ${id}.`);
    return job;
  };
  const shown = async (id: string): Promise<object> => {
    const job = await core.jobs.status(id);
    if (!job) throw new Problem(404, 'no-such-job', `There is no job ${id}.`);
    return jobDocument(job, await notices.callbackOf(id));
  };

  /** The job as soon as it has ended or pauses, or after so many seconds, whichever comes first. */
  const ended = async (job: JobStatus, seconds = 0, signal: AbortSignal): Promise<JobStatus> => {
    const until = ports.clock.monotonic() + seconds * 1000;
    let now = job;
    while (now.state === 'running' && ports.clock.monotonic() < until && !signal.aborted) {
      await ports.clock.sleep(LOOK_EVERY_MS, signal);
      now = (await core.jobs.status(job.id)) ?? now;
    }
    return now;
  };

  /** A list in any of its forms; gives what the request says about the job beside it. */
  const takeIn = async (
    call: Call<unknown, z.infer<typeof jobSchema> | undefined>,
    prepare: (request: PrepareJob) => Promise<Job>,
  ) => {
    const { body } = call;
    if (body !== undefined) {
      if (Object.keys(call.request.query).length > 0) {
        throw new Problem(422, 'invalid-query', 'With a JSON body, options belong into the body.');
      }
      return { ...body, job: await prepareLeads(call.workspace, body, prepare), file: undefined };
    }
    const query = jobQuerySchema.safeParse(call.request.query);
    if (!query.success) throw invalid('query', query.error);
    const taken = await prepareStream(call.workspace, call.request, query.data, prepare, bounds);
    return { ...query.data, ...taken };
  };

  const callBack = async (job: string, to: string) => {
    try {
      await notices.check(to);
    } catch (error) {
      await core.jobs.discard(job);
      throw error;
    }
    const { url, secret } = await notices.callBack(job, to);
    return { url, secret, deliveries: [] };
  };

  const list = {
    body: jobSchema,
    bodyLimit: JSON_LIST_BYTES,
    streams: LIST_TYPES,
    streamQuery: jobQuerySchema,
    scope: 'enrich',
    group: 'Jobs',
  } as const;

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
        const job = await jobOf(call);
        if (!possible.includes(job.state)) {
          throw new Problem(
            409,
            'wrong-state',
            `Job ${job.id} is ${job.state}, so there is nothing to ${action}.`,
          );
        }
        await work(job);
        return { body: await shown(job.id) };
      },
    });

  return [
    operation({
      ...list,
      streamQuery: estimateQuerySchema,
      id: 'estimate',
      method: 'post',
      path: '/v1/estimate',
      summary: 'Say what a list would cost and take; nothing is spent',
      answers: { 200: { description: 'The estimate', schema: estimateAnswer } },
      handle: async (call) => {
        const { job, file } = await takeIn(call, (request) => core.jobs.prepare(request));
        await core.jobs.discard(job.id);
        const { mapping } = job;
        return {
          body: {
            ...estimateDocument(job.estimate),
            kind: job.kind,
            mapping: mappingDocument(mapping),
            found: foundDocument(mapping),
            unused: mapping.unused.map((index) => mapping.headers[index] ?? ''),
            ...(file && { list: listDocument(file) }),
            notes: listNotes(file, job),
          },
        };
      },
    }),
    operation({
      ...list,
      id: 'createJob',
      method: 'post',
      path: '/v1/jobs',
      summary: 'Enrich a list',
      description:
        'Leads as JSON, or a list as a stream (CSV, TSV, NDJSON, XLSX) with its options in the query. The job starts at once unless `start` is false, and outlives the process.',
      idempotent: true,
      answers: { 201: { description: 'The job', schema: jobAnswer } },
      handle: async (call) => {
        const { job, callbackUrl, start } = await takeIn(call, (request) => core.jobs.prepare(request));
        const callback = callbackUrl === undefined ? undefined : await callBack(job.id, callbackUrl);
        if (start !== false) await core.jobs.start(job.id);
        const status = await core.jobs.status(job.id);
        return {
          status: 201,
          body: status && jobDocument(status, callback),
          headers: { location: `/v1/jobs/${job.id}` },
        };
      },
    }),
    operation({
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
        const documents = await Promise.all(
          page.map(async (job) => jobDocument(job, await notices.callbackOf(job.id))),
        );
        const next = jobs.length > limit ? page.at(-1)?.id : undefined;
        return { body: { jobs: documents, ...(next !== undefined && { next }) } };
      },
    }),
    operation({
      id: 'showJob',
      method: 'get',
      path: '/v1/jobs/{id}',
      group: 'Jobs',
      summary: 'Show one job: how far it is, what was found and spent',
      scope: 'read',
      answers: { 200: { description: 'The job', schema: jobAnswer } },
      query: waitSchema,
      handle: async (call) => {
        const { id } = await ended(await jobOf(call), call.query.wait, call.signal);
        return { body: await shown(id) };
      },
    }),
    act('startJob', 'start', 'Start a prepared job', ({ id }) => core.jobs.start(id), [
      'ready',
      'paused',
      'running',
    ]),
    act('pauseJob', 'pause', 'Pause after the calls under way', ({ id }) => core.jobs.pause(id), [
      'running',
      'paused',
    ]),
    act('resumeJob', 'resume', 'Go on with a paused job', ({ id }) => core.jobs.start(id), [
      'paused',
      'ready',
      'running',
    ]),
    act('cancelJob', 'cancel', 'End a job for good; what was found stays', ({ id }) => core.jobs.cancel(id), [
      'ready',
      'running',
      'paused',
    ]),
    operation({
      id: 'changeJob',
      method: 'patch',
      path: '/v1/jobs/{id}',
      group: 'Jobs',
      summary: "Change a job's credit limit",
      scope: 'enrich',
      body: creditLimitSchema,
      answers: { 200: { description: 'The job', schema: jobAnswer } },
      handle: async (call) => {
        const job = await jobOf(call);
        await core.jobs.setCreditLimit(job.id, call.body.creditLimit ?? undefined);
        return { body: await shown(job.id) };
      },
    }),
    operation({
      id: 'listReviews',
      method: 'get',
      path: '/v1/jobs/{id}/reviews',
      group: 'Jobs',
      summary: 'Show answers that contradict what was asked, beside what was asked',
      scope: 'read',
      answers: { 200: { description: 'Those that are not decided yet', schema: reviewsAnswer } },
      handle: async (call) => {
        const open = await openReviews(core, call.workspace, (await jobOf(call)).id, LISTING);
        const reviews = open.map(({ row, reason, asked, answered }) => ({
          row: row - 1,
          reason,
          asked,
          answered,
        }));
        return { body: { reviews } };
      },
    }),
    operation({
      id: 'decideReviews',
      method: 'post',
      path: '/v1/jobs/{id}/reviews',
      group: 'Jobs',
      summary: 'Accept or reject answers that contradict what was asked',
      description:
        'It holds for all rows of the list that ask the same, and for later lists; a row can be decided again, and the last decision holds. Nothing is spent.',
      scope: 'enrich',
      body: decisionsSchema,
      answers: { 200: { description: 'What was changed', schema: decidedAnswer } },
      handle: async (call) => {
        const { id } = await jobOf(call);
        const { body, token, workspace } = call;
        const decide = async (verdict: ReviewVerdict) => {
          const rows = body[verdict].map((row) => row + 1);
          const changed = await decideReviews(core, workspace, id, rows, verdict, token.name);
          return changed.map((row) => row - 1);
        };
        const done = { accepted: await decide('accept'), rejected: await decide('reject') };
        const open = await openReviews(core, workspace, id, LISTING);
        return { body: { ...done, open: open.length } };
      },
    }),
    operation({
      id: 'listResults',
      method: 'get',
      path: '/v1/jobs/{id}/results',
      group: 'Jobs',
      summary: 'Read what was found, in the order of the list',
      description:
        '`json` in pages, `ndjson` one result a line, `csv` and `xlsx` the list with its new columns, or with `preset` ready for another tool; all but `json` are streamed and have no pages. While the job runs this is what there is so far: `state`, the header `Job-State` and `-so-far` in the name of the file say so, and `wait=30` waits for its end.',
      scope: 'read',
      query: resultsQuerySchema,
      answers: {
        200: {
          description: 'Results',
          schema: resultsAnswer,
          streams: ['application/x-ndjson', 'text/csv', XLSX_TYPE],
        },
      },
      handle: async (call) => {
        const job = await ended(await jobOf(call), call.query.wait, call.signal);
        call.response.setHeader('job-state', job.state);
        const { preset } = call.query;
        const { format = preset === undefined ? 'json' : 'csv' } = call.query;
        if (preset !== undefined && (format === 'json' || format === 'ndjson')) {
          throw new Problem(422, 'invalid-query', 'preset: it is for format csv or xlsx.');
        }
        if (format === 'json') return await page(job, call.query);
        await stream(job, call, format, call.query);
        return undefined;
      },
    }),
  ];

  async function page(
    job: JobStatus,
    { cursor = 0, limit = ROWS_A_PAGE, outcome }: z.output<typeof resultsQuerySchema>,
  ): Promise<Answer> {
    const headers = fieldNames(job.headers);
    const columns = core.jobs.columns(job);
    const results: object[] = [];
    if (cursor > 0 && cursor >= job.rows) throw wrongCursor('these results');
    // The pages that follow are of the same export.
    if (cursor === 0) await core.audit.record(job.workspace, 'list.export', { list: job.id, format: 'json' });
    let next: number | undefined;
    for await (const row of core.jobs.results(job.id, cursor)) {
      if (outcome && !outcome.includes(row.outcome ?? 'pending')) continue;
      if (results.length === limit) {
        next = row.row;
        break;
      }
      results.push(resultDocument(row, headers, columns));
    }
    return {
      body: {
        state: job.state,
        columns: fieldNames([...headers, ...columns]),
        results,
        ...(next !== undefined && { next: String(next) }),
      },
    };
  }

  async function stream(
    job: JobStatus,
    { response, signal }: Call,
    format: 'ndjson' | 'csv' | 'xlsx',
    { outcome, preset, guard }: z.output<typeof resultsQuerySchema>,
  ): Promise<void> {
    if (format !== 'ndjson') {
      if (outcome) throw new Problem(422, 'invalid-query', `outcome: a ${format} has every row of the list.`);
      if (preset !== undefined && job.kind === 'companies') {
        throw new Problem(
          422,
          'invalid-query',
          `preset: ${preset} contacts people, and this list has companies.`,
        );
      }
      response.setHeader('content-type', FILE_TYPES[format]);
      response.setHeader('content-disposition', attachment(fileNameOf(job, format, preset)));
      await writeJob(core, job, response, { format, preset, guard });
    } else {
      await core.audit.record(job.workspace, 'list.export', { list: job.id, format });
      response.setHeader('content-type', 'application/x-ndjson; charset=utf-8');
      const lines = resultLines(job, outcome);
      await pipeline(Readable.from(lines, { objectMode: false }), response, { signal });
    }
    if (!response.writableFinished) await once(response, 'finish');
  }

  /** Several lines at a time: a write for each would cost more than the line. */
  async function* resultLines(
    job: JobStatus,
    outcome: readonly string[] | undefined,
  ): AsyncGenerator<string> {
    const headers = fieldNames(job.headers);
    const columns = core.jobs.columns(job);
    let piece = '';
    for await (const row of core.jobs.results(job.id)) {
      if (outcome && !outcome.includes(row.outcome ?? 'pending')) continue;
      piece += `${JSON.stringify(resultDocument(row, headers, columns))}\n`;
      if (piece.length < 64 * 1024) continue;
      yield piece;
      piece = '';
    }
    yield piece;
  }
}
