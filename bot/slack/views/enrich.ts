import type { ModalView } from '@slack/types';
import { ACTION, VIEW } from '../action-ids.ts';
import { button, context, LIMITS, plain, section, shown } from '../blocks.ts';
import type { Wish } from '../lists/list-wish.ts';
import type { ListFile } from '../messages/file-offer.ts';
import { extrasInput } from './extras.ts';

/** Slack's own limit of what can be typed or pasted into a form, characters. */
export const MOST_PASTED = 3000;

export const ENRICH_FIELDS = {
  file: { block: 'file', action: 'file' },
  pasted: { block: 'pasted', action: 'pasted' },
  extras: { block: 'extras', action: 'extras' },
  limit: { block: 'limit', action: 'limit' },
} as const;

export interface EnrichFormModel {
  /** A file in Slack that is meant already. */
  readonly file?: ListFile | undefined;
  /** Leads that were pasted already. */
  readonly pasted?: string;
  readonly wish?: Wish;
  readonly problem?: string;
  /** No Apollo key is connected, so nobody could be looked up. */
  readonly noKey?: boolean;
}

const NO_KEY =
  ':warning: *No Apollo key is connected yet.* You can see what a list would cost, but nobody can be looked up before one is.';

/** Takes a list and what to find. Nothing is read or spent yet. */
export function enrichView({ file, pasted, wish, problem, noKey }: EnrichFormModel): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.enrich,
    title: plain('Enrich a list', LIMITS.title),
    submit: plain('Continue', LIMITS.title),
    close: plain('Cancel', LIMITS.title),
    private_metadata: JSON.stringify(file ? { file: { ...file, name: file.name.slice(0, 200) } } : {}),
    blocks: [
      ...(problem ? [section(`:warning: *${shown(problem, 1000)}*`)] : []),
      ...(noKey ? [section(NO_KEY, button({ text: 'Connect a key', action: ACTION.connect }))] : []),
      ...(file
        ? [section(`*List:* ${shown(file.name, 100)}`)]
        : ([
            {
              type: 'input',
              block_id: ENRICH_FIELDS.file.block,
              optional: true,
              label: plain('A file'),
              hint: plain('CSV, TSV, XLSX or NDJSON, up to 10 MB. Send me a larger one in a direct message.'),
              element: {
                type: 'file_input',
                action_id: ENRICH_FIELDS.file.action,
                filetypes: ['csv', 'tsv', 'xlsx', 'txt', 'json', 'ndjson'],
                max_files: 1,
              },
            },
            {
              type: 'input',
              block_id: ENRICH_FIELDS.pasted.block,
              optional: true,
              label: plain('Or paste leads'),
              hint: plain(
                'E-mail addresses or LinkedIn profiles, one a line, or rows of a sheet with their header. Up to 3,000 characters; send me more as a file or a message.',
              ),
              element: {
                type: 'plain_text_input',
                action_id: ENRICH_FIELDS.pasted.action,
                multiline: true,
                max_length: MOST_PASTED,
                ...(pasted && { initial_value: pasted }),
                placeholder: plain('ada@contoso.example', LIMITS.placeholder),
              },
            },
          ] satisfies ModalView['blocks'])),
      context('E-mail, title, seniority, LinkedIn, place and employer: *1 credit per person found*.'),
      extrasInput(ENRICH_FIELDS.extras, wish),
      {
        type: 'input',
        block_id: ENRICH_FIELDS.limit.block,
        optional: true,
        label: plain('Credit limit for this list'),
        hint: plain('The list pauses there and never spends more. Empty: no limit.'),
        element: {
          type: 'number_input',
          action_id: ENRICH_FIELDS.limit.action,
          is_decimal_allowed: false,
          min_value: '1',
          ...(wish?.limit !== undefined && { initial_value: String(wish.limit) }),
        },
      },
    ],
  };
}
