import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { answerSubmission } from '../../modal.ts';
import type { Services } from '../../services.ts';
import type { Allowed, Deed } from '../../settings.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import { SETTINGS_ACTION, settingsBlock } from '../../views/settings.ts';

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
    const { values } = view.state;
    const allowed = (deed: Deed): Allowed => {
      const who = values[settingsBlock.who(deed)]?.[SETTINGS_ACTION]?.selected_option?.value;
      if (who === 'everyone' || who === 'admins') return who;
      return { people: values[settingsBlock.people(deed)]?.[SETTINGS_ACTION]?.selected_users ?? [] };
    };
    const notices = values[settingsBlock.notices]?.[SETTINGS_ACTION]?.selected_conversation;
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
        await book.set(workspace, {
          allowed: {
            connect: allowed('connect'),
            disconnect: allowed('disconnect'),
            enrich: allowed('enrich'),
          },
          ...(notices && { notices }),
        });
        return { show: noticeView(TITLE, ':white_check_mark: Saved. It holds from now on.') };
      },
    });
  };
}
