import type { Core, SlotsView } from '@connectionsphere/core';
import { ACTION } from '../action-ids.ts';
import { actions, button, context, type Message, section, shown } from '../blocks.ts';
import type { Reader } from '../people.ts';
import { creditsLine, keyTail } from '../slot-words.ts';

export interface CreditsFacts {
  readonly month: Awaited<ReturnType<Core['credits']['month']>>;
  readonly view: SlotsView;
  readonly reader: Reader;
  /** ms since the epoch. */
  readonly now: number;
  readonly note?: string | undefined;
}

/** What was spent this month, per slot, and what is left. */
export function creditsMessage(facts: CreditsFacts): Message {
  const { month, view, reader, note } = facts;
  const { monthlyLimit } = month;
  const limit = monthlyLimit === undefined ? 'no limit' : `of at most ${reader.count(monthlyLimit)}`;
  const spent = `${reader.plural(month.credits, 'credit')} spent in ${monthName(facts)}, ${limit}`;
  const slots = view.slots.flatMap((slot) => {
    if (slot.state === 'free') return [];
    const { connection } = slot;
    return [
      section(
        `*Slot ${slot.number}* · ${shown(connection.label, 60)} ${keyTail(connection.last4)}\n${reader.plural(month.bySlot[slot.number] ?? 0, 'credit')} spent here this month · ${creditsLine(connection, reader)} in Apollo`,
      ),
    ];
  });
  return {
    text: `${note ? `${note} ` : ''}${spent}.`,
    blocks: [
      ...(note ? [section(note)] : []),
      section(
        `*Credits* · ${spent}${monthlyLimit === undefined ? '' : `\n\`${bar(month.credits, monthlyLimit)}\``}`,
      ),
      ...(slots.length > 0 ? slots : [section('No key is connected.')]),
      ...actions(button({ text: 'Set a monthly limit', action: ACTION.monthlyLimit })),
      context('Months are calendar months, UTC. At the limit lists pause; nothing is lost.'),
    ],
  };
}

function monthName({ now, reader }: CreditsFacts): string {
  return new Intl.DateTimeFormat(reader.locale, { month: 'long', timeZone: 'UTC' }).format(now);
}

function bar(spent: number, limit: number): string {
  const full = limit === 0 ? 20 : Math.min(20, Math.round((spent / limit) * 20));
  return '█'.repeat(full) + '░'.repeat(20 - full);
}
