import type { CoreEvent, JobStatus, PauseReason, SlotsView } from '@connectionsphere/core';
import type { Button } from '@slack/types';
import type { Reader } from '../../reader.ts';
import { ACTION } from '../action-ids.ts';
import { actions, button, type Message, moment, section, shown } from '../blocks.ts';
import { leadsWords, nameOf, pauseWords } from '../words/job-words.ts';
import { keyTail } from '../words/slot-words.ts';
import { jobButtons } from './progress.ts';

/** A job stopped and needs somebody. */
export function pausedNotice(job: JobStatus, reader: Reader): Message {
  const text = `*${nameOf(job)}* is paused after ${leadsWords(job, reader)} and ${reader.plural(job.credits, 'credit')}. ${pauseWords(job)}`;
  return {
    text: text.replaceAll('*', ''),
    blocks: [section(`:double_vertical_bar: ${text}`), ...jobButtons(job, ...helpful(job.reason))],
  };
}

/** Where the reason to pause can be seen to. */
function helpful(reason: PauseReason | undefined): Button[] {
  if (reason === 'no-slot' || reason === 'no-credits') {
    return [button({ text: 'Slots', action: ACTION.showSlots })];
  }
  return reason === 'monthly-limit' || reason === 'slot-limit'
    ? [button({ text: 'Credits', action: ACTION.credits })]
    : [];
}

/** Late phones came; the completed file follows. */
export function phonesNotice(job: JobStatus, reader: Reader): Message {
  const text = `The phones for *${nameOf(job)}* are in: ${reader.plural(job.counts.phones, 'lead')} with a phone. The completed file follows.`;
  return { text: text.replaceAll('*', ''), blocks: [section(`:telephone_receiver: ${text}`)] };
}

/** A list that was to run again by itself did not, or does not any more. `job`: `undefined` where it is not kept any longer. */
export function scheduleNotice(
  { type, why }: CoreEvent & { readonly type: 'schedule.missed' | 'schedule.ended' },
  job: JobStatus | undefined,
): Message {
  const name = job ? `*${nameOf(job)}*` : 'A list of yours';
  const reason = shown(why.replaceAll('`', ''), 400);
  const what =
    type === 'schedule.missed'
      ? `${name} did not run again this time. ${reason}`
      : `${name} no longer runs again by itself. ${reason}`;
  const next =
    type === 'schedule.missed'
      ? job?.schedule && `Next time: ${moment(job.schedule.nextAt)}.`
      : job && 'Once that is mended, *Run again by itself* below the list switches it on again.';
  const text = next ? `${what} ${next}` : what;
  return {
    text: text.replaceAll('*', ''),
    blocks: [
      section(`:repeat: ${text}`),
      ...actions(...(job ? [button({ text: 'Open the list', action: ACTION.status, value: job.id })] : [])),
    ],
  };
}

/** Something about a slot that hurts soon; `undefined` when it is over already. */
export function slotNotice(
  event: CoreEvent & { readonly type: 'slot.trouble' | 'slot.credits-low' },
  view: SlotsView,
  reader: Reader,
): Message | undefined {
  const slot = view.slots.find(({ number }) => number === event.slot);
  if (slot?.state !== 'connected') return undefined;
  const { label, last4 } = slot.connection;
  const name = `Slot ${slot.number}, *${shown(label, 60)}* ${keyTail(last4)},`;
  const text =
    event.type === 'slot.credits-low'
      ? `${name} has ${reader.count(event.left)} of ${reader.count(event.limit)} Apollo credits left. Without credits, lists pause. Add credits in Apollo, or connect a key of another Apollo team.`
      : event.state === 'refused'
        ? `${name} is refused by Apollo. Lists go on with your other keys, or pause. Check the key in Apollo, or disconnect it here and connect a new one.`
        : `${name} is out of Apollo credits. Lists go on with your other keys, or pause. Add credits in Apollo.`;
  return {
    text: text.replaceAll(/[*`]/g, ''),
    blocks: [section(`:warning: ${text}`), ...actions(button({ text: 'Slots', action: ACTION.showSlots }))],
  };
}
