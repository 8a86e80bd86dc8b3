import type { Reader } from '../../reader.ts';
import { ACTION } from '../action-ids.ts';
import { actions, button, type Message, shown } from '../blocks.ts';
import { answer } from './answer.ts';
import { helpMessage } from './help.ts';

/** Somebody wrote to the bot whom to look up; nothing is spent before the button. `words`: as they were written. */
export function lookUpOffer(words: string, count: number, reader: Reader): Message {
  const whom = count === 1 ? `*${shown(words, 200)}*` : `these *${reader.count(count)}*`;
  return answer(
    `Look up ${whom}? That costs ${reader.plural(count, 'credit')} at most.`,
    ...actions(button({ text: 'Look up', action: ACTION.lookUp, value: words, style: 'primary' })),
  );
}

/** Said once, when somebody first opens the conversation. */
export function welcomeMessage(): Message {
  const { blocks } = helpMessage();
  return {
    text: 'Hello! Send me a list of leads, and you get it back with verified contact details.',
    blocks: [
      ...answer(
        'Hello! Send me a file of leads, or write whom to look up: an e-mail address, a LinkedIn profile, or `Ada Lovelace at Contoso`. You get verified contact details back, and see what it would cost before anything is spent.',
      ).blocks,
      ...blocks.slice(1, 2),
    ],
  };
}
