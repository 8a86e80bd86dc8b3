import type { CoreEvent, JobStatus, SlotsView } from '@connectionsphere/core';
import { ACTION } from '../action-ids.ts';
import { actions, button, type Message, section, shown } from '../blocks.ts';
import { nameOf, pauseWords } from '../job-words.ts';
import type { Reader } from '../people.ts';
import { keyTail } from '../slot-words.ts';
import { jobButtons } from './progress.ts';

/** A job stopped and needs somebody. */
export function pausedNotice(job: JobStatus, reader: Reader): Message {
  const text = `*${nameOf(job)}* is paused after ${reader.count(job.finished)} of ${reader.count(job.rows)} leads. ${pauseWords(job.reason)}`;
  return {
    text: text.replaceAll('*', ''),
    blocks: [
      section(`:double_vertical_bar: ${text}`),
      ...jobButtons(job),
      ...actions(
        button({ text: 'Slots', action: ACTION.showSlots }),
        button({ text: 'Credits', action: ACTION.credits }),
      ),
    ],
  };
}

/** Late phones came; the completed file follows. */
export function phonesNotice(job: JobStatus, reader: Reader): Message {
  const text = `Phones for *${nameOf(job)}* have come: ${reader.count(job.counts.phones)} in all. The completed file follows.`;
  return { text: text.replaceAll('*', ''), blocks: [section(`:telephone_receiver: ${text}`)] };
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
  const name = `Slot ${slot.number} (*${shown(label, 60)}* ${keyTail(last4)})`;
  const text =
    event.type === 'slot.credits-low'
      ? `${name} has ${reader.count(event.left)} of ${reader.count(event.limit)} Apollo credits left. Lists pause when they are gone: add credits in Apollo, or connect a key of another team.`
      : event.state === 'refused'
        ? `${name} is refused by Apollo. Lists go on over other keys, or pause. Check the key in Apollo, or disconnect it and connect a new one.`
        : `${name} is out of Apollo credits. Lists go on over other keys, or pause. Add credits in Apollo.`;
  return {
    text: text.replaceAll(/[*`]/g, ''),
    blocks: [section(`:warning: ${text}`), ...actions(button({ text: 'Slots', action: ACTION.showSlots }))],
  };
}
