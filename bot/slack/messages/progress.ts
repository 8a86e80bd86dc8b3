import type { JobStatus, LimiterStatus, SlotsView, Waiting } from '@connectionsphere/core';
import type { Button, KnownBlock } from '@slack/types';
import { leadsPerMinute } from '../../pace.ts';
import type { Reader } from '../../reader.ts';
import { duration, WAITS } from '../../words.ts';
import { ACTION } from '../action-ids.ts';
import {
  actions,
  bar,
  button,
  context,
  cut,
  type Message,
  moment,
  section,
  sentence,
  shown,
} from '../blocks.ts';
import {
  creditsWords,
  leadsWords,
  nameOf,
  pauseWords,
  plainStateWords,
  scheduleLines,
  stateWords,
} from '../words/job-words.ts';
import { useLine } from '../words/slot-words.ts';

export interface ProgressModel {
  readonly status: JobStatus;
  readonly slots: SlotsView;
  readonly limiters: readonly LimiterStatus[];
  readonly reader: Reader;
  /** ms; `undefined` when nothing tells. */
  readonly leftMs?: number | undefined;
}

/** The one message that moves while a list is worked on. */
export function progressMessage(model: ProgressModel): Message {
  const { status, reader } = model;
  const { state } = status;
  const percent = percentOf(status);
  return {
    text: `${shown(status.name, 80)}: ${plainStateWords(state)}, ${reader.share(percent, 100)} (${leadsWords(status, reader)})`,
    blocks: [
      section(
        [
          `*${nameOf(status)}* · ${stateWords(state)}`,
          `${bar(percent, 100)} *${reader.share(percent, 100)}*`,
          figures(model),
          ...(state === 'paused' ? [pauseWords(status)] : []),
          ...(state === 'running' && status.waiting ? [waitingLine(status.waiting)] : []),
        ].join('\n'),
      ),
      ...(state === 'running' ? slotLines(model) : []),
      ...(status.repeats !== undefined && status.schedule ? [context(...scheduleLines(status))] : []),
      ...jobButtons(status),
    ],
  };
}

/** Whole percents; 100 only when everything is done. */
function percentOf({ finished, rows }: JobStatus): number {
  if (rows === 0) return 100;
  return finished >= rows ? 100 : Math.min(99, Math.floor((finished / rows) * 100));
}

function figures({ status, reader, leftMs }: ProgressModel): string {
  const { finished, rows, state, latePending } = status;
  const perMinute = leadsPerMinute(status);
  const parts = [leadsWords(status, reader)];
  if (state === 'running' && finished < rows) {
    if (perMinute !== undefined) parts.push(`${reader.count(perMinute)} a minute`);
    if (leftMs !== undefined) parts.push(`about ${duration(leftMs / 1000)} left`);
  }
  if (state === 'running' && finished >= rows && latePending > 0) parts.push('waiting for phones');
  parts.push(creditsWords(status, reader));
  if (status.inDoubtCalls > 0) parts.push(`${reader.plural(status.inDoubtCalls, 'call')} in doubt`);
  return parts.join(' · ');
}

function waitingLine({ for: what, until }: Waiting): string {
  return sentence(
    `${WAITS[what]}${until === undefined ? '' : ` until ${moment(until)}, then it goes on by itself`}`,
  );
}

function slotLines({ slots, limiters, reader }: ProgressModel): KnownBlock[] {
  const lines = slots.slots.flatMap((slot) => {
    if (slot.state !== 'connected') return [];
    const use = useLine(slot.connection, limiters, reader);
    return [`Slot ${slot.number} *${shown(slot.connection.label, 40)}*${use ? `: ${use}` : ''}`];
  });
  return lines.length === 0 ? [] : [context(lines.join('\n'))];
}

/** What can be done about a job that is not over, and `more` beside it. */
export function jobButtons({ id, name, state, reason }: JobStatus, ...more: Button[]): KnownBlock[] {
  const cancel = button({
    text: 'Cancel',
    action: ACTION.cancel,
    value: id,
    confirm: {
      title: 'Cancel this list?',
      text: `${cut(name, 100)} ends. What was found so far stays, and you can resume it where it was.`,
      yes: 'Cancel the list',
      no: 'Go on',
    },
  });
  if (state === 'running') {
    return actions(button({ text: 'Pause', action: ACTION.pause, value: id }), cancel, ...more);
  }
  if (state === 'cancelled') {
    return actions(
      button({ text: 'Resume', action: ACTION.resume, value: id, style: 'primary' }),
      button({ text: 'Start over', action: ACTION.startOver, value: id }),
      ...more,
    );
  }
  if (state !== 'paused') return actions(...more);
  // At its limit it would only pause again.
  const next =
    reason === 'credit-limit'
      ? { text: 'Raise limit', action: ACTION.jobLimit }
      : { text: 'Resume', action: ACTION.resume };
  return actions(button({ ...next, value: id, style: 'primary' }), cancel, ...more);
}
