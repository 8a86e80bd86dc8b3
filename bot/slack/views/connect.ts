import type { Connected, SlotsView } from '@connectionsphere/core';
import type { KnownBlock, ModalView } from '@slack/types';
import type { Reader } from '../../reader.ts';
import { ACTION, VIEW } from '../action-ids.ts';
import { actions, button, context, LIMITS, plain, section, sentence, shown, withMoments } from '../blocks.ts';
import { creditsLine, keyTail, teamLine } from '../words/slot-words.ts';
import { noticeView, waitingView } from './notice.ts';

/** The page in Apollo where keys are made. */
const APOLLO_KEYS_PAGE = 'https://developer.apollo.io/#/keys';

/** Blocks of the form and, for reading what was entered, the elements in them. */
export const CONNECT_FIELDS = {
  slot: { block: 'slot', action: 'slot' },
  label: { block: 'label', action: 'label' },
  key: { block: 'key', action: 'key' },
} as const;

export interface ConnectFormModel {
  readonly view: SlotsView;
  /** The slot to choose first; the first free one unless given. */
  readonly slot?: number | undefined;
  /** What was entered before: the label only. The key is never put back. */
  readonly label?: string | undefined;
  /** A one-time link by which the key can be put in on a page instead. */
  readonly page?: string | undefined;
  /** What was wrong with the last attempt, and at which field. */
  readonly problem?: { readonly field: keyof typeof CONNECT_FIELDS; readonly text: string } | undefined;
}

/** Asks for a key. It travels in this form's input and nowhere else: no `initial_value`, no metadata. */
export function connectView(model: ConnectFormModel): ModalView {
  const free = freeSelfSlots(model.view);
  const chosen = free.find(({ number }) => number === model.slot) ?? free[0];
  if (!chosen) return noSlotView(model.view);
  const options = free.map(({ number }) => ({
    text: plain(`Slot ${number}`, LIMITS.optionText),
    value: String(number),
  }));
  const { slot, label, key } = CONNECT_FIELDS;
  const problemAt = (field: keyof typeof CONNECT_FIELDS): KnownBlock[] =>
    model.problem?.field === field ? [section(`:warning: *${shown(model.problem.text, 500)}*`)] : [];
  return {
    type: 'modal',
    callback_id: VIEW.connect,
    title: plain('Connect a key', LIMITS.title),
    submit: plain('Connect', LIMITS.title),
    close: plain('Cancel', LIMITS.title),
    blocks: [
      ...(model.page === undefined
        ? []
        : [
            section(
              '*On a page of its own*, where the key passes through no chat and nobody reads along. The link works once, within thirty minutes; you can send it to whoever has the key.',
            ),
            ...actions(
              button({ text: 'Enter the key there', action: ACTION.page, url: model.page, style: 'primary' }),
            ),
            section('*Or here*'),
          ]),
      section(
        `*Get a key from Apollo*\n1. Open <${APOLLO_KEYS_PAGE}|Apollo's page of API keys> (in Apollo: _Settings → Integrations → API → API keys_).\n2. Create a new key. A scoped key is enough: choose people/match, people/bulk_match, organizations/enrich, organizations/bulk_enrich and usage_stats/api_usage_stats. With _Set as master key_ its credits are shown here, too.\n3. Copy it and paste it below.`,
      ),
      {
        type: 'input',
        block_id: slot.block,
        label: plain('Slot'),
        element: {
          type: 'static_select',
          action_id: slot.action,
          options,
          initial_option: options[free.indexOf(chosen)] as (typeof options)[number],
        },
      },
      ...problemAt('slot'),
      {
        type: 'input',
        block_id: label.block,
        optional: true,
        label: plain('Label'),
        element: {
          type: 'plain_text_input',
          action_id: label.action,
          max_length: 60,
          placeholder: plain('Sales EU', LIMITS.placeholder),
          ...(model.label && { initial_value: model.label.slice(0, 60) }),
        },
      },
      {
        type: 'input',
        block_id: key.block,
        label: plain('Apollo API key'),
        hint: plain(
          'It is checked with Apollo and stored encrypted. From then on only its last four characters are shown.',
        ),
        element: {
          type: 'plain_text_input',
          action_id: key.action,
          max_length: 256,
          placeholder: plain('Paste the key', LIMITS.placeholder),
        },
      },
      ...problemAt('key'),
      ...(free.length > 1
        ? [
            context(
              `${free.length} slots are free. It gets faster with a key of another Apollo team in each of them.`,
            ),
          ]
        : []),
    ],
  };
}

export function checkingView(): ModalView {
  return waitingView('Checking the key', 'Asking Apollo whether the key is good. This takes a few seconds.');
}

/** What was connected, what is to be known about it, and the next free slot. */
export function connectedView(connected: Connected, view: SlotsView, reader: Reader): ModalView {
  const { connection, remarks } = connected;
  const next = freeSelfSlots(view)[0];
  const minute = connection.limits?.['people/bulk_match']?.minute?.limit;
  const limits =
    minute === undefined
      ? 'Its speed shows with the first answers.'
      : minute === null
        ? 'No limit per minute.'
        : `Up to ${reader.plural(minute, 'call')} a minute, with 10 people each.`;
  return {
    type: 'modal',
    callback_id: VIEW.connected,
    title: plain('Connected', LIMITS.title),
    close: plain('Done', LIMITS.title),
    blocks: [
      section(
        [
          `:white_check_mark: *${shown(connection.label, 60)}* ${keyTail(connection.last4)} is in slot ${connection.slot}.`,
          `${creditsLine(connection, reader)} · ${teamLine(connection)}`,
          limits,
        ].join('\n'),
      ),
      ...remarks
        .slice(0, 5)
        .map((remark) => section(`:information_source: ${withMoments(shown(remark, 500))}`)),
      section(`\`${view.notation}\`\n${sentence(view.words)}`),
      ...(next ? [context('It gets faster with a key of another Apollo team in each slot.')] : []),
      ...actions(
        button({ text: 'Enrich a list', action: ACTION.enrich, style: 'primary' }),
        ...(next
          ? [
              button({
                text: `Connect slot ${next.number} too`,
                action: ACTION.connect,
                value: String(next.number),
              }),
            ]
          : []),
      ),
    ],
  };
}

function noSlotView({ notation, words }: SlotsView): ModalView {
  return noticeView(
    'No slot is free',
    `\`${notation}\`\n${sentence(words)} Every self-service slot holds a key. Disconnect one first, then connect the new key.`,
    ...actions(button({ text: 'Slots', action: ACTION.showSlots })),
  );
}

function freeSelfSlots({ slots }: SlotsView) {
  return slots.filter(({ kind, state }) => kind === 'self' && state === 'free');
}
