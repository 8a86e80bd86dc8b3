import { answer } from '../messages/answer.ts';
import type { Asker } from '../people/people.ts';
import type { Services } from '../services.ts';
import { post } from '../transport/post.ts';

type Parts = Pick<Services, 'repository' | 'clients' | 'log' | 'settings'>;

/** What somebody did to the workspace (keys, limits, settings, people, tokens) is said where its notices go, by name. */
export async function tellDeed(parts: Parts, asker: Asker, words: string): Promise<void> {
  const { notifications } = await parts.settings.of(asker.workspace);
  if (notifications !== undefined) await tell(parts, asker, notifications, words);
}

/** What somebody did to another's list is said to whoever started it, by name. */
export async function tellOwner(parts: Parts, asker: Asker, job: string, words: string): Promise<void> {
  const owner = (await parts.repository.get(asker.workspace, job))?.user;
  if (owner !== undefined) await tell(parts, asker, owner, words);
}

/** Done is done, whether or not it can be said. */
async function tell({ clients, log }: Parts, { workspace, user }: Asker, place: string, words: string) {
  if (place === user) return;
  try {
    await post(await clients.of(workspace), workspace, { channel: place }, answer(`<@${user}> ${words}`));
  } catch (error) {
    log.warn('What somebody did could not be said', { workspace, place, error });
  }
}
