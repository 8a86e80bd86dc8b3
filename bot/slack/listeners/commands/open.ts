import { ACTION } from '../../action-ids.ts';
import { actions, button } from '../../blocks.ts';
import { answer } from '../../messages/answer.ts';
import type { Subcommand } from './invocation.ts';

/** A link to the page that signs the asker in once, with the same rights and lists as here. */
export const open: Subcommand = async (invocation) => {
  const { pages } = invocation.services;
  if (!pages) {
    return answer(
      'The page can be reached on the machine that runs this bot alone: whoever runs it has to set PUBLIC_URL to an address that you can reach.',
    );
  }
  const { url } = await pages.link(invocation, { kind: 'open' });
  return answer(
    'The page, for you: slots, lists, credits. The link signs you in once, within thirty minutes. Pass it to nobody: whoever opens it is you.',
    ...actions(button({ text: 'Open the page', action: ACTION.page, url, style: 'primary' })),
  );
};
