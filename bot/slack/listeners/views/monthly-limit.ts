import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { answerSubmission } from '../../modal.ts';
import type { Services } from '../../services.ts';
import { MONTHLY_LIMIT_FIELD } from '../../views/monthly-limit.ts';
import { noticeView, waitingView } from '../../views/notice.ts';

const TITLE = 'Monthly limit';

export function monthlyLimit(services: Services) {
  return async ({
    ack,
    view,
    body,
    client,
    context,
  }: AllMiddlewareArgs & SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { clock, core, log, people, permissions } = services;
    const workspace = context.teamId ?? context.enterpriseId ?? '';
    const user = body.user.id;
    const { block, action } = MONTHLY_LIMIT_FIELD;
    const given = view.state.values[block]?.[action]?.value;
    await answerSubmission({
      ack,
      client,
      clock,
      log,
      viewId: view.id,
      deed: 'monthly limit',
      title: TITLE,
      waiting: waitingView(TITLE, 'Saving.'),
      work: async () => {
        await permissions.requireAdmin({ client, workspace, user });
        const limit = given ? Number(given) : undefined;
        await core.credits.setMonthlyLimit(workspace, limit);
        const reader = await people.reader(client, workspace, user);
        const words =
          limit === undefined
            ? 'There is no monthly limit now.'
            : `At most ${reader.plural(limit, 'credit')} a month from now on.`;
        return { show: noticeView(TITLE, `:white_check_mark: ${words}`) };
      },
    });
  };
}
