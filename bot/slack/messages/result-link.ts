import type { Job } from '@connectionsphere/core';
import { ACTION } from '../action-ids.ts';
import { actions, button, type Message } from '../blocks.ts';
import { nameOf } from '../words/job-words.ts';
import { answer } from './answer.ts';

/** A one-time link to a list's result, for whoever it is passed on to. `url`: none where people do not reach the page. */
export function resultLinkMessage(job: Job, url: string | undefined): Message {
  if (url === undefined) {
    return answer(
      'A link would reach nobody: whoever runs this bot has to set PUBLIC_URL to an address that people can reach.',
    );
  }
  return answer(
    `A link to the result of *${nameOf(job)}*, for you or to pass on:\n\`${url}\`\nWhoever opens it can download the result once, within thirty minutes, and needs no account.`,
    ...actions(button({ text: 'Open it', action: ACTION.page, url })),
  );
}
