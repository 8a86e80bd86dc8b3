import type { ModalView } from '@slack/types';
import { VIEW } from '../action-ids.ts';
import { LIMITS, plain, section } from '../blocks.ts';

export const MONTHLY_LIMIT_FIELD = { block: 'limit', action: 'limit' } as const;

/** Asks for the workspace's limit on credits in a calendar month. */
export function monthlyLimitView(limit: number | undefined): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.monthlyLimit,
    title: plain('Monthly limit', LIMITS.title),
    submit: plain('Save', LIMITS.title),
    close: plain('Cancel', LIMITS.title),
    blocks: [
      section(
        'At the limit all lists pause, until the month is over or somebody raises the limit. Nothing is lost.',
      ),
      {
        type: 'input',
        block_id: MONTHLY_LIMIT_FIELD.block,
        optional: true,
        label: plain('Credits in a calendar month (UTC)'),
        hint: plain('Empty: no limit.'),
        element: {
          type: 'number_input',
          action_id: MONTHLY_LIMIT_FIELD.action,
          is_decimal_allowed: false,
          min_value: '0',
          ...(limit !== undefined && { initial_value: String(limit) }),
        },
      },
    ],
  };
}
