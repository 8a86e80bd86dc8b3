import { JobError } from '@connectionsphere/core';
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewClosedAction } from '@slack/bolt';
import type { Services } from '../../services.ts';
import type { ReviewMemo } from '../../views/review.ts';

/** The review was closed without a start: the list is not kept. */
export function reviewClosed(services: Services) {
  return async ({
    view,
    context,
  }: AllMiddlewareArgs & SlackViewMiddlewareArgs<ViewClosedAction>): Promise<void> => {
    const memo = JSON.parse(view.private_metadata) as ReviewMemo;
    if (!('job' in memo)) return;
    try {
      const job = await services.jobService.find(
        context.teamId ?? context.enterpriseId ?? '',
        await services.lists.current(memo.job),
      );
      if (job.state === 'ready') await services.core.jobs.discard(job.id);
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
    }
  };
}
