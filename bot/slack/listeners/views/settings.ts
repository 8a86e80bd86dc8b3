import type { WebClient } from '@slack/web-api';
import { answer } from '../../messages/answer.ts';
import type { Answer } from '../../modal.ts';
import type { WorkspaceSettings } from '../../people/settings.ts';
import type { Services } from '../../services.ts';
import { slackWord } from '../../transport/clients.ts';
import { post } from '../../transport/post.ts';
import { asEntered, limitsIn, saveLimits } from '../../views/monthly-limit.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import { settingsBlock, settingsView } from '../../views/settings.ts';
import { tellDeed } from '../deeds.ts';
import { settingsIn } from '../settings-in.ts';
import { onSubmit } from './submit.ts';

const TITLE = 'Settings';

export function settings(services: Services) {
  return onSubmit(services, async (form) => {
    const { client, workspace, view } = form;
    const { core, permissions, settings: repository } = services;
    const { values } = view.state;
    await form.answer({
      deed: 'settings',
      title: TITLE,
      waiting: waitingView(TITLE, 'Saving.'),
      work: async (): Promise<Answer> => {
        await permissions.requireAdmin(form);
        const now = settingsIn(values);
        const limits = limitsIn(values);
        const refused = await announce(client, workspace, await repository.of(workspace), now);
        if (refused) {
          return {
            errors: { [refused.block]: refused.problem },
            again: async () =>
              settingsView({
                settings: now,
                month: asEntered(limits),
                view: await core.slots.list(workspace),
                problem: refused.problem,
              }),
          };
        }
        await repository.set(workspace, now);
        await saveLimits(core, workspace, limits);
        await tellDeed(services, form, 'changed the settings of this app.');
        return { show: noticeView(TITLE, ':white_check_mark: Saved. It holds from now on.') };
      },
    });
  });
}

/**
 * Says in each place that is new to the settings what will be said there. Where the app may not speak, it says
 * nothing later either, so it is told now. (Asking for the members of a channel would need another scope.)
 */
async function announce(
  client: WebClient,
  workspace: string,
  before: WorkspaceSettings,
  now: WorkspaceSettings,
) {
  const said = [
    ...(now.notifications === undefined || now.notifications === before.notifications
      ? []
      : [
          {
            block: settingsBlock.notifications,
            channel: now.notifications,
            words: 'Notices about Apollo keys and credits come here from now on.',
          },
        ]),
    ...(now.offerIn ?? [])
      .filter((channel) => !before.offerIn?.includes(channel))
      .map((channel) => ({
        block: settingsBlock.offerIn,
        channel,
        words:
          'From now on I offer to enrich lists that are posted here. Only whoever posts one sees the offer, and nothing is read or spent before a press.',
      })),
  ];
  for (const { block, channel, words } of said) {
    try {
      await post(client, workspace, { channel }, answer(words));
    } catch (error) {
      if (!NO_PLACE.has(slackWord(error) ?? '')) throw error;
      return {
        block,
        problem:
          'I cannot write in a channel that you chose: type /invite @ConnectionSphere there, then save again. Nothing was saved.',
      };
    }
  }
  return undefined;
}

/** Slack's words for a place in which the app may not write. */
const NO_PLACE: ReadonlySet<string> = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'messages_tab_disabled',
  'user_not_found',
]);
