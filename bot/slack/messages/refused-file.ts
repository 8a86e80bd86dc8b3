import type { Job } from '@connectionsphere/core';
import { ACTION } from '../action-ids.ts';
import { actions, button, type Message } from '../blocks.ts';
import { nameOf } from '../words/job-words.ts';
import { answer } from './answer.ts';

/** Slack took no upload: why, and how to get the file all the same. `url`: where it is, for seven days. */
export function refusedFile(job: Job, why: string, url: string | undefined): Message {
  const way =
    url === undefined
      ? 'When that is mended, press the button.'
      : `<${url}|Download it here>: the link is good for seven days, for everybody who has it.`;
  return answer(
    `:warning: The file of *${nameOf(job)}* could not be uploaded. ${why} Nothing is lost. ${way}`,
    ...actions(button({ text: 'Send me the file', action: ACTION.file, value: job.id })),
  );
}
