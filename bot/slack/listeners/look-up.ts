import { DEFAULT_OPTIONS, JobError } from '@connectionsphere/core';
import type { KnownBlock } from '@slack/types';
import { mostCreditsFor, subjectsOf } from '../../asked-for.ts';
import type { Reader } from '../../reader.ts';
import type { Message } from '../blocks.ts';
import { answer } from '../messages/answer.ts';
import { cardsMessage } from '../messages/card.ts';
import type { Asker } from '../people/people.ts';
import { tooLittleLeft } from '../people/person-credits.ts';
import type { Services } from '../services.ts';

/** One call of `people/bulk_match` asks for ten. */
export const MOST_AT_ONCE = 10;

type Reading = Asker & { readonly services: Services; reader(): Promise<Reader> };

/**
 * The card of a person or company that was looked up before, for others: without what is for the asker.
 * @throws {JobError} saying why there is none.
 */
export async function cardOf(
  asker: Reading,
  asked: string,
): Promise<Pick<Message, 'text'> & { readonly blocks: KnownBlock[] }> {
  const { message, isFound } = await cardsFor(asker, asked);
  if (!isFound) throw new JobError(message.text);
  const blocks = message.blocks.filter(({ type }) => type !== 'actions' && type !== 'context');
  return { text: message.text, blocks };
}

/** Looks up whom the words name, at once, for those who may; gives their cards, or what is missing. */
export async function lookUp(asker: Reading, words: string): Promise<Message> {
  return (await cardsFor(asker, words)).message;
}

async function cardsFor(asker: Reading, words: string): Promise<{ message: Message; isFound: boolean }> {
  const { services, workspace, user, reader } = asker;
  await services.permissions.require('enrich', asker);
  const wanted = subjectsOf(words);
  const [first] = wanted;
  if (!first) {
    return nothing(
      'Say whom: `/apollo enrich ada@contoso.example`, a LinkedIn profile address, `Ada Lovelace at Contoso`, or the domain of a company; several addresses with spaces or commas between them. For a list, type `/apollo enrich` alone.',
    );
  }
  if (wanted.length > MOST_AT_ONCE) {
    return nothing(
      `These are ${wanted.length}, and ${MOST_AT_ONCE} can be answered at once. Type \`/apollo enrich\` alone and paste them there: then they are a list, with a file. Nothing was spent.`,
    );
  }
  const most = mostCreditsFor(wanted, DEFAULT_OPTIONS);
  const found = await services.personCredits.spend(workspace, user, most, () =>
    services.core.enrich({
      workspace,
      kind: first.kind,
      leads: wanted.map(({ lead }) => lead),
      options: DEFAULT_OPTIONS,
    }),
  );
  if ('short' in found) {
    return nothing(tooLittleLeft(found.short, await reader()));
  }
  const asked = wanted.map((each) => each.asked);
  return {
    message: cardsMessage(asked, found.done, await reader()),
    isFound: found.done.results.some(({ outcome }) => outcome === 'matched'),
  };
}

function nothing(why: string) {
  return { message: answer(why), isFound: false };
}
