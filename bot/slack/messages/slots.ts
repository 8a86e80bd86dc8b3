import type { LimiterStatus, SlotsView, SlotView } from '@connectionsphere/core';
import type { Button, KnownBlock } from '@slack/types';
import type { Reader } from '../../reader.ts';
import { shareWords } from '../../slot-share.ts';
import { ACTION } from '../action-ids.ts';
import {
  actions,
  button,
  context,
  divider,
  header,
  type Message,
  moment,
  section,
  sentence,
  shown,
} from '../blocks.ts';
import {
  creditsLine,
  healthLine,
  keyTail,
  kindWord,
  sharingLine,
  teamLine,
  useLine,
} from '../words/slot-words.ts';

export interface SlotsModel {
  readonly view: SlotsView;
  readonly limiters: readonly LimiterStatus[];
  readonly reader: Reader;
  /** ms since the epoch. */
  readonly now: number;
  readonly runningJobs: number;
  readonly supportUrl?: string | undefined;
  /** Something that was just done, said first. */
  readonly note?: string | undefined;
}

/** The slots of a workspace: the notation and its words, then each slot with what can be done about it. */
export function slotsMessage(model: SlotsModel): Message {
  const { view, note } = model;
  return {
    text: `${note ? `${note} ` : ''}Slots ${view.notation}: ${view.words}.`,
    blocks: [
      ...(note ? [section(note)] : []),
      ...slotBlocks(model),
      ...actions(button({ text: 'Refresh', action: ACTION.refreshSlots })),
      context(`As of ${moment(model.now)}`),
    ],
  };
}

/** The same without what frames a message, for the Home tab. */
export function slotBlocks(model: SlotsModel): KnownBlock[] {
  const { view } = model;
  return [
    header('Slots'),
    section(`\`${view.notation}\`\n${sentence(view.words)}`),
    divider,
    ...view.slots.flatMap((slot) => slotRow(slot, model)),
    ...advice(view),
  ];
}

function slotRow(slot: SlotView, model: SlotsModel): KnownBlock[] {
  if (slot.state === 'free') return [freeRow(slot, model)];
  const { reader, now, limiters } = model;
  const { connection } = slot;
  const title = `● *Slot ${slot.number}* · ${kindWord(slot)} · *${shown(connection.label, 60)}* ${keyTail(connection.last4)}`;
  const figures = [
    creditsLine(connection, reader),
    useLine(connection, limiters, reader),
    teamLine(connection),
    shareWords(connection.share),
  ];
  const button = slot.kind === 'self' ? disconnectButton(slot, model) : supportButton(model);
  return [
    section([title, figures.filter(Boolean).join(' · '), healthLine(connection, now)].join('\n'), button),
    ...(slot.sharesLimitsWith.length > 0 ? [context(sharingLine(slot.sharesLimitsWith))] : []),
  ];
}

function freeRow(slot: SlotView, model: SlotsModel): KnownBlock {
  const title = `◌ *Slot ${slot.number}* · ${kindWord(slot)} · free`;
  if (slot.kind === 'self') {
    return section(
      `${title}\nFor an Apollo key of your own.`,
      button({ text: '+ Connect', action: ACTION.connect, value: String(slot.number), style: 'primary' }),
    );
  }
  return section(`${title}\nDone for you: the ConnectionSphere team fills this slot.`, supportButton(model));
}

function supportButton({ supportUrl }: SlotsModel): Button | undefined {
  return supportUrl === undefined
    ? undefined
    : button({ text: 'Contact support', action: ACTION.support, url: supportUrl });
}

function disconnectButton(slot: SlotView & { state: 'connected' }, model: SlotsModel): Button {
  const { number, connection } = slot;
  return button({
    text: 'Disconnect',
    action: ACTION.disconnect,
    // The id, so that a stale button never takes out a key that was connected later.
    value: JSON.stringify({ slot: number, id: connection.id }),
    confirm: {
      title: `Disconnect slot ${number}?`,
      text: `The stored key ending in ${connection.last4} is deleted after ten minutes. ${whatItMeans(model, number)}`,
      yes: 'Disconnect',
    },
  });
}

function whatItMeans({ runningJobs, view, reader }: SlotsModel, number: number): string {
  if (runningJobs === 0) return 'No list is running now.';
  const lists =
    runningJobs === 1 ? 'The list that runs now' : `The ${reader.count(runningJobs)} lists that run now`;
  const others = view.slots.filter((slot) => slot.state === 'connected' && slot.number !== number).length;
  return others > 0
    ? `${lists} will go on over the other ${others === 1 ? 'key' : 'keys'}, slower. Nothing is lost.`
    : `${lists} will pause until a key is connected. Nothing is lost.`;
}

/** Where more speed is to be had. */
function advice({ slots }: SlotsView): KnownBlock[] {
  const free = slots.filter((slot) => slot.kind === 'self' && slot.state === 'free').length;
  if (free === 0) return [];
  const used = slots.some((slot) => slot.state === 'connected');
  return [
    context(
      used
        ? 'A key of *another* Apollo team makes enrichment faster. A second key of the same team does not.'
        : 'Connect a key to begin. It is fastest with a key of a different Apollo team in each slot.',
    ),
  ];
}
