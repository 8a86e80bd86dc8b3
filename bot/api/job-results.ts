import { once } from 'node:events';
import type { Core, JobStatus } from '@connectionsphere/core';
import type { z } from 'zod';
import { attachment } from '../attachment.ts';
import { fileNameOf, writeJob } from '../list-file.ts';
import { sendNdjson } from '../ndjson.ts';
import type { ApiContext } from './context.ts';
import { fieldNames, resultDocument } from './documents.ts';
import type { JobAccess } from './job-access.ts';
import { type Answer, type Call, type Operation, operation } from './operation.ts';
import { Problem, wrongCursor } from './problem.ts';
import { linkAnswer, resultsAnswer, resultsQuerySchema, XLSX_TYPE } from './schemas.ts';

const FILE_TYPES = { csv: 'text/csv; charset=utf-8', xlsx: XLSX_TYPE } as const;
const ROWS_A_PAGE = 100;

/** What a job found: in pages, as lines, or as a file. */
export function listResultsOperation({ core }: ApiContext, jobs: JobAccess): Operation {
  return operation({
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
      const job = await jobs.ended(await jobs.of(call), call.query.wait, call.signal);
      call.response.setHeader('job-state', job.state);
      const { preset } = call.query;
      const { format = preset === undefined ? 'json' : 'csv' } = call.query;
      if (preset !== undefined && (format === 'json' || format === 'ndjson')) {
        throw new Problem(422, 'invalid-query', 'preset: it is for format csv or xlsx.');
      }
      if (format === 'json') return await page(core, job, call.query);
      await stream(core, job, call, format);
      return undefined;
    },
  });
}

/** Lets a person without an account have a job's result. */
export function createResultLinkOperation({ links, address }: ApiContext, jobs: JobAccess): Operation {
  return operation({
    id: 'createResultLink',
    method: 'post',
    path: '/v1/jobs/{id}/result-links',
    group: 'Jobs',
    summary: 'Make a one-time link to what was found',
    description:
      'Good for thirty minutes and one download, as CSV or Excel. The person who opens it needs no account and sees nothing else; looking at it does not use it up.',
    scope: 'read',
    answers: { 201: { description: 'The link', schema: linkAnswer } },
    handle: async (call) => {
      const { path, until } = await links.makeForResult(await jobs.of(call), `token “${call.token.name}”`);
      return { status: 201, body: { url: `${address()}${path}`, until: new Date(until).toISOString() } };
    },
  });
}

async function page(
  core: Core,
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
  core: Core,
  job: JobStatus,
  { query: { outcome, preset, guard }, response, signal }: Call<z.output<typeof resultsQuerySchema>>,
  format: 'ndjson' | 'csv' | 'xlsx',
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
    await sendNdjson(response, resultDocuments(core, job, outcome), signal);
  }
  if (!response.writableFinished) await once(response, 'finish');
}

async function* resultDocuments(
  core: Core,
  job: JobStatus,
  outcome: readonly string[] | undefined,
): AsyncGenerator<object> {
  const headers = fieldNames(job.headers);
  const columns = core.jobs.columns(job);
  for await (const row of core.jobs.results(job.id)) {
    if (outcome && !outcome.includes(row.outcome ?? 'pending')) continue;
    yield resultDocument(row, headers, columns);
  }
}
