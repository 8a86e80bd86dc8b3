import type { Collection, CoreEvent, Store } from '@connectionsphere/core';
import { type Message, shown } from '../blocks.ts';
import { answer } from '../messages/answer.ts';
import { PERSON } from '../people/people.ts';

const DAY_MS = 24 * 60 * 60_000;

export type Decided = CoreEvent & { readonly type: 'job.reviewed' };

/** What one person decided about one list within a day, and the message that says it. */
interface DecidedOfLate {
  readonly accepted: readonly number[];
  readonly rejected: readonly number[];
  readonly place?: { readonly channel: string; readonly ts: string };
}

/** What others decide about the answers of a list is said to its owner in one message a day and person, which grows. */
export class DecisionNotices {
  readonly #stored: Collection<DecidedOfLate>;

  constructor(store: Store) {
    this.#stored = store.collection('slack-decided');
  }

  /** Adds what was decided, and says it by `say`, which gives where: in the place of the earlier message, if there is one. */
  async add(
    event: Decided,
    name: string,
    say: (message: Message, place: DecidedOfLate['place']) => Promise<NonNullable<DecidedOfLate['place']>>,
  ): Promise<void> {
    const { workspace, job, by, rows, verdict } = event;
    const key = `${encodeURIComponent(workspace)}/${job}/${encodeURIComponent(by)}`;
    const { accepted = [], rejected = [], place } = (await this.#stored.get(key)) ?? {};
    const without = (all: readonly number[]) => all.filter((row) => !rows.includes(row));
    const added = (all: readonly number[], is: boolean) => [...without(all), ...(is ? rows : [])];
    const decided = {
      accepted: added(accepted, verdict === 'accept'),
      rejected: added(rejected, verdict === 'reject'),
    };
    const parts = [
      ...(decided.accepted.length > 0 ? [`${decided.accepted.length} accepted`] : []),
      ...(decided.rejected.length > 0 ? [`${decided.rejected.length} rejected`] : []),
    ];
    const who = PERSON.test(by) ? `<@${by}>` : shown(by, 60);
    const message = answer(`${who} decided about answers of your list *${name}*: ${parts.join(', ')}.`);
    await this.#stored.set(key, { ...decided, place: await say(message, place) }, { ttlMs: DAY_MS });
  }
}
