import { ACTION } from '../../action-ids.ts';
import { actions, button, type Message } from '../../blocks.ts';
import { answer } from '../../messages/answer.ts';

/** A command about one list was typed without saying which. */
export function needsId(word: string): Message {
  return answer(
    `Say which list: \`/apollo ${word} ID\`. The ID stands below each list that you open.`,
    ...actions(button({ text: 'Lists', action: ACTION.jobsPage, value: '0' })),
  );
}
