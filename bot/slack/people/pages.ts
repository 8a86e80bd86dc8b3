import type { Job } from '@connectionsphere/core';
import type { LinkRequest, MadeLink, OneTimeLinks } from '../../web/links.ts';
import type { PagePeople } from './page-people.ts';
import type { Asker } from './people.ts';

type Wish =
  | { readonly kind: 'open' }
  | { readonly kind: 'connect'; readonly slot?: number | undefined }
  | { readonly kind: 'show'; readonly title: string; readonly secret: string }
  /** Of a list that the asker may see. */
  | { readonly kind: 'result'; readonly job: Job };

/** One-time links to the page, for people of Slack: so that keys, tokens and results pass through no chat. */
export class Pages {
  readonly #links: OneTimeLinks;
  readonly #people: PagePeople;
  readonly #address: string;

  /** `address`: PUBLIC_URL, where people reach the page from wherever they are. */
  constructor(links: OneTimeLinks, people: PagePeople, address: string) {
    this.#links = links;
    this.#people = people;
    this.#address = address;
  }

  /** Good for thirty minutes, once. Throws `NotAllowed` for whom the bot is not, and as `OneTimeLinks`. */
  async link({ workspace, user }: Asker, wish: Wish): Promise<{ url: string; until: number }> {
    const { by, scopes, via } = await this.#people.identify(workspace, user);
    const made = await this.#made({ workspace, by }, wish, { scopes, via });
    return { url: `${this.#address}${made.path}`, until: made.until };
  }

  async #made(
    whose: Pick<LinkRequest, 'workspace' | 'by'>,
    wish: Wish,
    rights: Pick<Extract<LinkRequest['purpose'], { kind: 'sign-in' }>, 'scopes' | 'via'>,
  ): Promise<MadeLink> {
    switch (wish.kind) {
      case 'open':
        return await this.#links.make({ ...whose, purpose: { kind: 'sign-in', ...rights } });
      case 'connect':
        return await this.#links.make({ ...whose, purpose: wish });
      case 'result':
        return await this.#links.makeForResult(wish.job, whose.by);
      case 'show': {
        const { kind, title, secret } = wish;
        return await this.#links.make({ ...whose, purpose: { kind, title }, secret });
      }
    }
  }
}
