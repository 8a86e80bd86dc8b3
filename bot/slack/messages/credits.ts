import type { Core, JobStatus, SlotsView } from '@connectionsphere/core';
import type { KnownBlock } from '@slack/types';
import type { Reader } from '../../reader.ts';
import { ACTION } from '../action-ids.ts';
import { actions, bar, bars, button, context, header, type Message, section, shown } from '../blocks.ts';
import { creditsWords, nameOf } from '../words/job-words.ts';
import { creditsLine, keyTail } from '../words/slot-words.ts';

/** Lists with a limit that are shown. */
const MOST_LISTS = 5;

export interface CreditsModel {
  readonly month: Awaited<ReturnType<Core['credits']['month']>>;
  readonly view: SlotsView;
  /** The workspace's lists, the newest first. */
  readonly jobs: readonly JobStatus[];
  readonly reader: Reader;
  /** ms since the epoch. */
  readonly now: number;
}

/** What was spent this month, per slot, what is left, and the limits with what changes them. */
export function creditsMessage(model: CreditsModel): Message {
  return {
    text: spentWords(model),
    blocks: [
      ...creditsBlocks(model),
      ...limitedLists(model),
      context(
        'Months are calendar months, UTC. A slot at its limit leaves the rest to the others. At the other limits, lists pause. Nothing is lost.',
      ),
    ],
  };
}

/** The same without lists and what frames a message, for the Home tab. */
export function creditsBlocks(model: CreditsModel): KnownBlock[] {
  const { month, view, reader } = model;
  const { monthlyLimit, slotLimits = {}, credits, bySlot } = month;
  const isLimited = monthlyLimit !== undefined || Object.keys(slotLimits).length > 0;
  const slots = view.slots.flatMap((slot) => {
    if (slot.state === 'free') return [];
    const { connection } = slot;
    const spent = bySlot[slot.number] ?? 0;
    const limit = slotLimits[slot.number];
    const used =
      limit === undefined
        ? reader.plural(spent, 'credit')
        : `${reader.count(spent)} of ${reader.plural(limit, 'credit')}`;
    return [
      section(
        [
          `*Slot ${slot.number}* · *${shown(connection.label, 60)}* ${keyTail(connection.last4)}`,
          `${used} this month · ${creditsLine(connection, reader)} in Apollo`,
        ].join('\n') + shareOf(spent, limit, reader),
      ),
    ];
  });
  return [
    header('Credits'),
    section(`${spentWords(model)}${shareOf(credits, monthlyLimit, reader)}`),
    ...daysBlock(model),
    ...(slots.length > 0 ? slots : [section('No key is connected yet.')]),
    ...actions(
      button({
        text: isLimited ? 'Change monthly limits' : 'Set monthly limits',
        action: ACTION.monthlyLimit,
      }),
    ),
  ];
}

/** How much of a limit is used up, as a bar. */
function shareOf(spent: number, limit: number | undefined, reader: Reader): string {
  return limit ? `\n${bar(spent, limit)} *${reader.share(spent, limit)}*` : '';
}

/** The month so far, a bar for each day, with the day that cost most in words. */
function daysBlock({ month: { byDay = {} }, reader, now }: CreditsModel): KnownBlock[] {
  const today = new Date(now).getUTCDate();
  const days = Array.from({ length: today }, (_, index) => byDay[index + 1] ?? 0);
  const most = Math.max(...days);
  if (most <= 0) return [];
  const name = (day: number) => {
    const date = new Date(now);
    date.setUTCDate(day);
    return new Intl.DateTimeFormat(reader.locale, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
      date,
    );
  };
  const top = days.indexOf(most) + 1;
  return [
    section(`${name(1)} \`${bars(days)}\` ${name(today)}`),
    context(`The day that cost most was ${name(top)}, with ${reader.plural(most, 'credit')}.`),
  ];
}

function spentWords({ month: { credits, monthlyLimit }, reader, now }: CreditsModel): string {
  const month = new Intl.DateTimeFormat(reader.locale, { month: 'long', timeZone: 'UTC' }).format(now);
  return monthlyLimit === undefined
    ? `${reader.plural(credits, 'credit')} spent in ${month}. There is no monthly limit.`
    : `${reader.count(credits)} of ${reader.plural(monthlyLimit, 'credit')} spent in ${month}.`;
}

function limitedLists({ jobs, reader }: CreditsModel): KnownBlock[] {
  const limited = jobs.filter(
    ({ state, creditLimit }) => (state === 'running' || state === 'paused') && creditLimit !== undefined,
  );
  return limited
    .slice(0, MOST_LISTS)
    .map((job) =>
      section(
        `*${nameOf(job)}*\n${creditsWords(job, reader)}`,
        button({ text: 'Change limit', action: ACTION.jobLimit, value: job.id }),
      ),
    );
}
