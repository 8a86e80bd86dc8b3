import type { Job } from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import { ACTION } from '../action-ids.ts';
import { actions, button, type Message } from '../blocks.ts';
import { nameOf } from '../words/job-words.ts';
import { answer } from './answer.ts';

/** A list was read, and nothing was spent: what it would cost, and what leads to its start. */
export function readyMessage(job: Job, reader: Reader): Message {
  const { mostCredits, expectedCredits } = job.estimate;
  const expected = expectedCredits === undefined ? '' : `, about ${reader.count(expectedCredits)} expected`;
  return answer(
    `*${nameOf(job)}* is ready: ${reader.plural(job.rows, 'row')}, at most ${reader.plural(mostCredits, 'credit')}${expected}. Nothing was spent.`,
    ...actions(button({ text: 'Check and start', action: ACTION.review, value: job.id, style: 'primary' })),
  );
}
