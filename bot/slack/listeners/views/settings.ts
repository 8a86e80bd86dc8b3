import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { answerSubmission } from '../../modal.ts';
import type { Services } from '../../services.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import { settingsIn } from '../settings-in.ts';

const TITLE = 'Settings';

export function settings(services: Services) {
  return async ({
    ack,
    view,
    body,
    client,
    context,
  }: AllMiddlewareArgs & SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { clock, log, permissions, settings: book } = services;
    const workspace = context.teamId ?? context.enterpriseId ?? '';
    await answerSubmission({
      ack,
      client,
      clock,
      log,
      viewId: view.id,
      deed: 'settings',
      title: TITLE,
      waiting: waitingView(TITLE, 'Saving.'),
      work: async () => {
        await permissions.requireAdmin({ client, workspace, user: body.user.id });
        await book.set(workspace, settingsIn(view.state.values));
        return { show: noticeView(TITLE, ':white_check_mark: Saved. It holds from now on.') };
      },
    });
  };
}
