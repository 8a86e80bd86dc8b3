import type { Job } from '@connectionsphere/core';
import { ACTION } from '../action-ids.ts';
import { actions, button, type Message } from '../blocks.ts';
import { nameOf } from '../words/job-words.ts';
import { answer } from './answer.ts';

/** Slack took no upload: why, and how to get the file all the same. `hasPage`: whether people reach the page. */
export function refusedFile(job: Job, why: string, hasPage: boolean): Message {
  const way = hasPage
    ? '*One-time link* gives it on a page. When that is mended, *Send me the file* works again.'
    : 'When that is mended, press *Send me the file*.';
  return answer(
    `:warning: The file of *${nameOf(job)}* could not be uploaded. ${why} Nothing is lost. ${way}`,
    ...actions(
      ...(hasPage
        ? [button({ text: 'One-time link', action: ACTION.resultLink, value: job.id, style: 'primary' })]
        : []),
      button({ text: 'Send me the file', action: ACTION.file, value: job.id }),
    ),
  );
}
