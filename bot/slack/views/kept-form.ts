import type { ViewOutput, ViewStateValue } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { section } from '../blocks.ts';
import { CONNECT_FIELDS } from './connect.ts';
import type { FormValues } from './form-values.ts';

const NOTE = 'note';

/**
 * A form as somebody has filled it in, with a line above it: what went wrong, or that an interaction was heard.
 * Nothing that was entered is lost, but for a key, which is never sent back to Slack, and an uploaded file when
 * the form was away meanwhile.
 */
export function keptForm(view: ViewOutput, note: string): ModalView {
  const { callback_id, title, submit, close, private_metadata, notify_on_close, blocks, state } = view;
  const kept = (blocks as KnownBlock[])
    .filter(({ block_id }) => block_id !== NOTE)
    .map((block) => (block.type === 'input' ? withValue(block, state.values) : block));
  return {
    type: 'modal',
    callback_id,
    title,
    ...(submit && { submit }),
    ...(close && { close }),
    private_metadata,
    notify_on_close,
    blocks: [{ ...section(note), block_id: NOTE }, ...kept],
  };
}

/** Whether there is something to submit. */
export function isForm({ submit }: { readonly submit?: unknown }): boolean {
  return submit !== undefined && submit !== null;
}

type Input = Extract<KnownBlock, { type: 'input' }>;

function withValue(block: Input, values: FormValues): Input {
  const { block_id = '', element } = block;
  const entered = values[block_id]?.[('action_id' in element && element.action_id) || ''];
  if (!entered || block_id === CONNECT_FIELDS.key.block) return block;
  return { ...block, element: elementWith(element, entered) };
}

function elementWith(element: Input['element'], entered: ViewStateValue): Input['element'] {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input': {
      const { initial_value: _, ...rest } = element;
      return entered.value ? { ...rest, initial_value: entered.value } : rest;
    }
    case 'static_select': {
      const { initial_option: before, ...rest } = element;
      const chosen = rest.options?.find(({ value }) => value === entered.selected_option?.value) ?? before;
      return chosen ? { ...rest, initial_option: chosen } : rest;
    }
    case 'checkboxes': {
      const { initial_options: _, ...rest } = element;
      const chosen = entered.selected_options?.map(({ value }) => value) ?? [];
      const options = rest.options.filter(({ value }) => chosen.includes(value ?? ''));
      return options.length > 0 ? { ...rest, initial_options: options } : rest;
    }
    case 'multi_users_select': {
      const { initial_users: _, ...rest } = element;
      return entered.selected_users?.length ? { ...rest, initial_users: entered.selected_users } : rest;
    }
    case 'multi_conversations_select': {
      const { initial_conversations: _, ...rest } = element;
      const chosen = entered.selected_conversations;
      return chosen?.length ? { ...rest, initial_conversations: chosen } : rest;
    }
    case 'conversations_select': {
      const { initial_conversation: _, ...rest } = element;
      const chosen = entered.selected_conversation;
      return chosen ? { ...rest, initial_conversation: chosen } : rest;
    }
    default:
      return element;
  }
}
