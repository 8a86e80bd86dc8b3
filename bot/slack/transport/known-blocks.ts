import type { Clock } from '@connectionsphere/core';
import type { Message } from '../blocks.ts';
import { slackWord } from './clients.ts';

/** Slack's newer blocks arrive workspace by workspace: so long it is remembered that one has not. ms. */
const REMEMBERED_MS = 24 * 60 * 60_000;

/** A message with one of Slack's newer blocks; none: with blocks that every workspace has. */
export interface Version {
  readonly block?: string;
  readonly message: () => Message;
}

/** Says messages with the newest blocks that Slack takes in a workspace. */
export class KnownBlocks {
  readonly #clock: Pick<Clock, 'now'>;
  /** Until when a block is not tried again, by workspace and block, ms since the epoch. */
  readonly #unknown = new Map<string, number>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /**
   * Says the first version that Slack takes, the newest first; the last one is for every workspace. What Slack refuses with
   * `invalid_blocks`, while it takes a later version, is not tried there for a day.
   */
  async say<T>(
    workspace: string,
    versions: readonly Version[],
    say: (message: Message) => Promise<T>,
  ): Promise<T> {
    const now = this.#clock.now();
    const tried = versions.filter(
      ({ block }, at) =>
        at === versions.length - 1 || (this.#unknown.get(`${workspace} ${block}`) ?? 0) <= now,
    );
    const refused: string[] = [];
    for (const [at, { block, message }] of tried.entries()) {
      try {
        const said = await say(message());
        for (const each of refused) this.#unknown.set(`${workspace} ${each}`, now + REMEMBERED_MS);
        return said;
      } catch (error) {
        if (slackWord(error) !== 'invalid_blocks' || block === undefined || at === tried.length - 1)
          throw error;
        refused.push(block);
      }
    }
    throw new Error('A message without a version was to be said.');
  }
}
