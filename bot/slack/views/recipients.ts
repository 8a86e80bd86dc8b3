import type { KnownBlock } from '@slack/types';
import { LIMITS, plain } from '../blocks.ts';
import type { FormValues } from './form-values.ts';

const ACTION = 'to';
const CHANNELS = 'to.channels';
const PEOPLE = 'to.people';
const MOST = 5;

/** Who gets a result beside whoever starts the list. */
export interface Recipients {
  readonly channels: readonly string[];
  readonly people: readonly string[];
}

/** Asks who else gets the result. `from`: the channel that the list was posted in. */
export function recipientInputs(to: Recipients | undefined, from: string | undefined): KnownBlock[] {
  return [
    {
      type: 'input',
      block_id: CHANNELS,
      optional: true,
      label: plain('Post the result in channels too'),
      ...(from !== undefined && {
        hint: plain('In the channel where you took the list from, it comes as a reply to the list.'),
      }),
      element: {
        type: 'multi_conversations_select',
        action_id: ACTION,
        filter: { include: ['public', 'private'], exclude_bot_users: true },
        max_selected_items: MOST,
        placeholder: plain('Nowhere else', LIMITS.placeholder),
        ...(to?.channels.length && { initial_conversations: [...to.channels] }),
      },
    },
    {
      type: 'input',
      block_id: PEOPLE,
      optional: true,
      label: plain('Send the result to people too'),
      element: {
        type: 'multi_users_select',
        action_id: ACTION,
        max_selected_items: MOST,
        placeholder: plain('Nobody else', LIMITS.placeholder),
        ...(to?.people.length && { initial_users: [...to.people] }),
      },
    },
  ];
}

/** Reads the inputs; `undefined` where nobody else gets it. */
export function recipientsIn(values: FormValues): Recipients | undefined {
  const channels = values[CHANNELS]?.[ACTION]?.selected_conversations ?? [];
  const people = values[PEOPLE]?.[ACTION]?.selected_users ?? [];
  return channels.length + people.length > 0 ? { channels, people } : undefined;
}

/** Who will see a result, in words, before anything is sent. */
export function audienceWords({ channels, people }: Recipients): string {
  const who = [
    ...channels.map(
      (id) => `everyone in <#${id}>, now and later, guests and people of other companies in it too`,
    ),
    ...people.map((id) => `<@${id}>`),
  ];
  return `:eyes: *Who will see names, e-mails and phones of this list:* you; ${who.join('; ')}. Press *Start* again if that is right.`;
}
