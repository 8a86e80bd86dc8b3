import type { KnownBlock, ModalView } from '@slack/types';
import { VIEW } from '../action-ids.ts';
import { context, divider, LIMITS, plain, section } from '../blocks.ts';
import type { FormValues } from './form-values.ts';

export const SHARE_TITLE = 'Share in a channel';
export const SHARE_FIELD = { block: 'where', action: 'where' } as const;

/** What the form has to know when it comes back. */
export interface ShareMemo {
  /** In the asker's words; known by now, so that asking again costs nothing. */
  readonly asked: string;
}

/** Asks where a card is to be shown, above the card as others will see it. */
export function shareCardView(asked: string, card: readonly KnownBlock[]): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.shareCard,
    title: plain(SHARE_TITLE, LIMITS.title),
    submit: plain('Share', LIMITS.title),
    close: plain('Cancel', LIMITS.title),
    private_metadata: JSON.stringify({ asked } satisfies ShareMemo),
    blocks: [
      {
        type: 'input',
        block_id: SHARE_FIELD.block,
        label: plain('Channel'),
        hint: plain('I have to be in it: type /invite @ConnectionSphere there.'),
        element: {
          type: 'conversations_select',
          action_id: SHARE_FIELD.action,
          filter: { include: ['public', 'private'], exclude_bot_users: true },
        },
      },
      section('*This is what everyone there sees*, guests and people of other companies in it too:'),
      divider,
      ...card,
      context('E-mail addresses and phone numbers are people’s data: share them where they are needed.'),
    ],
  };
}

export function sharedWhere(values: FormValues): string | undefined {
  return values[SHARE_FIELD.block]?.[SHARE_FIELD.action]?.selected_conversation ?? undefined;
}
