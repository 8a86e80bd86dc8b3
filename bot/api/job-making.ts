import { KindUnclearError, type PrepareJob, UnclearListError } from '@connectionsphere/core';
import type { z } from 'zod';
import { foundDocument, listDocument, listNotes, mappingDocument } from '../list-notes.ts';
import type { ApiContext } from './context.ts';
import { estimateDocument, jobDocument } from './documents.ts';
import { problemOf } from './failure.ts';
import { prepareLeads, prepareStream } from './job-list.ts';
import { type Call, type Operation, operation } from './operation.ts';
import { invalid, Problem } from './problem.ts';
import {
  estimateAnswer,
  estimateQuerySchema,
  jobAnswer,
  jobQuerySchema,
  jobSchema,
  XLSX_TYPE,
} from './schemas.ts';

const LIST_TYPES = ['text/csv', 'text/tab-separated-values', 'application/x-ndjson', XLSX_TYPE];
const JSON_LIST_BYTES = 10 * 1024 * 1024;

/** What both calls that take a list have in common. */
const LIST = {
  body: jobSchema,
  bodyLimit: JSON_LIST_BYTES,
  streams: LIST_TYPES,
  streamQuery: jobQuerySchema,
  scope: 'enrich',
  group: 'Jobs',
} as const;

/** What a list would cost; nothing is kept. */
export function estimateOperation(context: ApiContext): Operation {
  const { core } = context;
  return operation({
    ...LIST,
    streamQuery: estimateQuerySchema,
    id: 'estimate',
    method: 'post',
    path: '/v1/estimate',
    summary: 'Say what a list would cost and take; nothing is spent',
    answers: { 200: { description: 'The estimate', schema: estimateAnswer } },
    handle: async (call) => {
      const { job, file } = await takeIn(call, context);
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
  });
}

/** A job made of a list, and started unless the request says otherwise. */
export function createJobOperation(context: ApiContext): Operation {
  const { core } = context;
  return operation({
    ...LIST,
    id: 'createJob',
    method: 'post',
    path: '/v1/jobs',
    summary: 'Enrich a list',
    description:
      'Leads as JSON, or a list as a stream (CSV, TSV, NDJSON, XLSX) with its options in the query. The job starts at once unless `start` is false, and outlives the process.',
    idempotent: true,
    answers: { 201: { description: 'The job', schema: jobAnswer } },
    handle: async (call) => {
      const { job, callbackUrl, start } = await takeIn(call, context);
      const callback = callbackUrl === undefined ? undefined : await callBack(context, job.id, callbackUrl);
      if (start !== false) await core.jobs.start(job.id);
      const status = await core.jobs.status(job.id);
      return {
        status: 201,
        body: status && jobDocument(status, callback),
        headers: { location: `/v1/jobs/${job.id}` },
      };
    },
  });
}

/** A list in any of its forms; gives what the request says about the job beside it. */
async function takeIn(
  call: Call<unknown, z.infer<typeof jobSchema> | undefined>,
  { core, bounds }: Pick<ApiContext, 'core' | 'bounds'>,
) {
  const prepare = (request: PrepareJob) => core.jobs.prepare(request);
  const { body } = call;
  if (body !== undefined) {
    if (Object.keys(call.request.query).length > 0) {
      throw new Problem(422, 'invalid-query', 'With a JSON body, options belong into the body.');
    }
    return { ...body, job: await prepareLeads(call.workspace, body, prepare), file: undefined };
  }
  const query = jobQuerySchema.safeParse(call.request.query);
  if (!query.success) throw invalid('query', query.error);
  try {
    const taken = await prepareStream(call.workspace, call.content, query.data, prepare, bounds);
    return { ...query.data, ...taken };
  } catch (error) {
    if (!(error instanceof UnclearListError)) throw error;
    const { status, code, message } = problemOf(error);
    throw new Problem(
      status,
      code,
      `${message} Send the list again and say it in the query, as in \`map=name=${encodeURIComponent(error.columns[0] || 'Contact')}\` (once for each column)${error instanceof KindUnclearError ? ', or `kind=people` or `kind=companies`' : ''}.`,
    );
  }
}

/** Tells of the job under that address. Throws what is wrong with the address; the job is gone then. */
async function callBack({ core, notices }: Pick<ApiContext, 'core' | 'notices'>, job: string, to: string) {
  try {
    await notices.check(to);
  } catch (error) {
    await core.jobs.discard(job);
    throw error;
  }
  const { url, secret } = await notices.callBack(job, to);
  return { url, secret, deliveries: [] };
}
