import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { nameOf } from '../../job-words.ts';
import { answerSubmission } from '../../modal.ts';
import type { Services } from '../../services.ts';
import { JOB_LIMIT_FIELD, type JobLimitMemo, jobLimitView } from '../../views/job-limit.ts';
import { noticeView, waitingView } from '../../views/notice.ts';

const TITLE = 'Credit limit';

/** Another credit limit for a list: it goes on where it stopped. */
export function jobLimit(services: Services) {
  return async ({
    ack,
    view,
    body,
    client,
    context,
  }: AllMiddlewareArgs & SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { clock, desk, log, people, permissions } = services;
    const workspace = context.teamId ?? context.enterpriseId ?? '';
    const user = body.user.id;
    const { job: id } = JSON.parse(view.private_metadata) as JobLimitMemo;
    const { block, action } = JOB_LIMIT_FIELD;
    const given = view.state.values[block]?.[action]?.value;
    const limit = given ? Number(given) : undefined;
    await answerSubmission({
      ack,
      client,
      clock,
      log,
      viewId: view.id,
      deed: 'job limit',
      title: TITLE,
      waiting: waitingView(TITLE, 'One moment.'),
      work: async () => {
        await permissions.require('enrich', { client, workspace, user });
        const reader = await people.reader(client, workspace, user);
        const before = await desk.unfinished(workspace, id);
        if (limit !== undefined && limit <= before.credits) {
          const problem = `${reader.plural(before.credits, 'credit')} of it are spent already. Give a higher number, or none for no limit.`;
          return { errors: { [block]: problem }, again: () => jobLimitView(before, reader) };
        }
        const job = await desk.setLimit(workspace, id, limit, user);
        const now =
          limit === undefined
            ? 'has no credit limit now'
            : `may cost ${reader.plural(limit, 'credit')} at most`;
        const goesOn = before.reason === 'credit-limit' ? ' It goes on.' : '';
        return { show: noticeView(TITLE, `:white_check_mark: *${nameOf(job)}* ${now}.${goesOn}`) };
      },
    });
  };
}
