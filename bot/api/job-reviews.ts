import type { ReviewVerdict } from '@connectionsphere/core';
import { decideReviews, openReviews } from '../reviews.ts';
import type { ApiContext } from './context.ts';
import type { JobAccess } from './job-access.ts';
import { type Operation, operation } from './operation.ts';
import { decidedAnswer, decisionsSchema, reviewsAnswer } from './schemas.ts';

/** What lists the jobs there are. */
const LISTING = 'GET /v1/jobs';

export function listReviewsOperation({ core }: ApiContext, jobs: JobAccess): Operation {
  return operation({
    id: 'listReviews',
    method: 'get',
    path: '/v1/jobs/{id}/reviews',
    group: 'Jobs',
    summary: 'Show answers that contradict what was asked, beside what was asked',
    scope: 'read',
    answers: { 200: { description: 'Those that are not decided yet', schema: reviewsAnswer } },
    handle: async (call) => {
      const open = await openReviews(core, call.workspace, (await jobs.of(call)).id, LISTING);
      const reviews = open.map(({ row, reason, asked, answered }) => ({
        row: row - 1,
        reason,
        asked,
        answered,
      }));
      return { body: { reviews } };
    },
  });
}

export function decideReviewsOperation({ core }: ApiContext, jobs: JobAccess): Operation {
  return operation({
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
      const { id } = await jobs.of(call);
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
  });
}
