import { ACTION } from '../action-ids.ts';
import { actions, button, type Message } from '../blocks.ts';
import { answer } from '../messages/answer.ts';
import type { Asker } from '../people/people.ts';
import type { Services } from '../services.ts';

/** A link to the page that signs the asker in once, with the same rights and lists as here. */
export async function openPage({ pages }: Pick<Services, 'pages'>, asker: Asker): Promise<Message> {
  if (!pages) {
    return answer(
      'The page can be reached on the machine that runs this bot alone: whoever runs it has to set PUBLIC_URL to an address that you can reach.',
    );
  }
  const { url } = await pages.link(asker, { kind: 'open' });
  return answer(
    'The page, for you: slots, lists, credits. The link signs you in once, within thirty minutes. Pass it to nobody: whoever opens it is you.',
    ...actions(button({ text: 'Open the page', action: ACTION.page, url, style: 'primary' })),
  );
}
