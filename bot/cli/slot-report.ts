import {
  type Connected,
  type Connection,
  conditionWords,
  currentHealth,
  type SlotsView,
} from '@connectionsphere/core';
import { slotDocument } from '../slot-document.ts';
import { shareWords } from '../slot-share.ts';
import { count } from '../words.ts';
import { type Output, oneLine, styled, table } from './output.ts';

/** The slots as a table, with the notation and its meaning above. */
export function slotsText(view: SlotsView): string {
  const now = Date.now();
  const rows = view.slots.map((slot) => {
    const kind = slot.kind === 'dfy' ? 'fly' : 'self';
    if (slot.state === 'free') return [String(slot.number), kind, styled('dim', 'free'), '', '', '', ''];
    const { label, last4, credits, share } = slot.connection;
    return [
      String(slot.number),
      kind,
      oneLine(label, 30),
      `…${last4}`,
      credits ? count(credits.left) : '?',
      healthCell(slot.connection, now),
      [sharingWords(slot.sharesLimitsWith), shareWords(share)].filter(Boolean).join('; '),
    ];
  });
  const head = ['Slot', 'Kind', 'Label', 'Key', 'Credits', 'Health', ''];
  return `${styled('bold', view.notation)}   ${view.words}\n\n${table(head, rows, [4])}`;
}

function healthCell(connection: Connection, now: number): string {
  const words = conditionWords(connection, now);
  const { state } = currentHealth(connection, now);
  if (state === 'healthy') return styled('green', words);
  return styled(state === 'limited' ? 'yellow' : 'red', words);
}

function sharingWords(others: readonly number[]): string {
  if (others.length === 0) return '';
  return `shares limits with slot${others.length > 1 ? 's' : ''} ${others.join(' and ')}: adds no speed`;
}

/** Says what was connected, with the remarks on it. */
export function reportConnected(output: Output, { connection, remarks }: Connected, view: SlotsView): void {
  const slot = view.slots.find(({ number }) => number === connection.slot);
  const { notation, words } = view;
  const done = `${styled('green', 'Connected')} "${oneLine(connection.label, 60)}" (key ending in ${connection.last4}) to slot ${connection.slot}.`;
  output.result(
    { slot: slot ? slotDocument(slot, Date.now()) : null, remarks, notation, words },
    [done, ...remarks, `${notation}   ${words}`].join('\n'),
  );
}

export function reportEmptied(output: Output, connection: Connection, view: SlotsView): void {
  const { kind, slot, label, last4 } = connection;
  const { notation, words } = view;
  // See Slots.restore.
  const gone =
    kind === 'self'
      ? 'was taken out. The page can put it back for ten minutes; then its stored key is deleted.'
      : 'was taken out and its stored key deleted.';
  output.result(
    { slot, label, last4, notation, words },
    `Slot ${slot} is free: "${oneLine(label, 60)}" (key ending in ${last4}) ${gone}\n${notation}   ${words}`,
  );
}
