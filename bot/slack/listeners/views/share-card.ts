import { sharedCard } from '../../messages/card.ts';
import type { Services } from '../../services.ts';
import { post } from '../../transport/post.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import {
  SHARE_FIELD,
  SHARE_TITLE,
  type ShareMemo,
  shareCardView,
  sharedWhere,
} from '../../views/share-card.ts';
import { refusalWords } from '../../words/refusal-words.ts';
import { cardOf } from '../look-up.ts';
import { onSubmit } from './submit.ts';

/** The card goes where somebody chose, with who shared it. */
export function shareCard(services: Services) {
  return onSubmit(services, async (form) => {
    const { client, workspace, user, view } = form;
    const { asked } = JSON.parse(view.private_metadata) as ShareMemo;
    const channel = sharedWhere(view.state.values);
    await form.answer({
      deed: 'share card',
      title: SHARE_TITLE,
      waiting: waitingView(SHARE_TITLE, 'Sharing.'),
      work: async () => {
        const wrong = (problem: string, blocks: Parameters<typeof shareCardView>[1]) => ({
          errors: { [SHARE_FIELD.block]: problem },
          again: () => shareCardView(asked, blocks),
        });
        const card = await cardOf({ ...form, services }, asked);
        if (channel === undefined) return wrong('Choose a channel.', card.blocks);
        try {
          await post(client, workspace, { channel }, sharedCard(card, user));
        } catch (error) {
          const why = refusalWords(error);
          if (why === undefined) throw error;
          return wrong(why, card.blocks);
        }
        return { show: noticeView(SHARE_TITLE, `:white_check_mark: It is in <#${channel}>.`) };
      },
    });
  });
}
