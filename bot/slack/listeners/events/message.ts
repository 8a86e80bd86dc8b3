import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { subjectsOf, unmarked } from '../../../asked-for.ts';
import { LIMITS, type Message } from '../../blocks.ts';
import { isListError } from '../../lists/lists.ts';
import { answer } from '../../messages/answer.ts';
import { helpMessage } from '../../messages/help.ts';
import { readyMessage } from '../../messages/ready.ts';
import { lookUpOffer } from '../../messages/written.ts';
import type { Asker } from '../../people/people.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { post } from '../../transport/post.ts';
import { failureWords } from '../../words/failure-words.ts';
import { MOST_AT_ONCE } from '../look-up.ts';

/** Somebody wrote to the bot: whom to look up, pasted leads, or something that help answers. */
export function written(services: Services) {
  return async ({
    event,
    body,
    client,
    context,
  }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'message'>): Promise<void> => {
    // With a subtype it is a change, another app's, or has a file, of which `file_shared` tells.
    if (event.channel_type !== 'im' || event.subtype !== undefined || event.bot_id !== undefined) return;
    const asker = askerOf({ client, context, user: event.user, home: event.team });
    await services.once.do(`event/${body.event_id}`, async () => {
      const message = await answerTo(services, asker, plainText(event.text ?? '')).catch((error: unknown) =>
        answer(failureWords(error, services.log, 'message')),
      );
      await post(client, asker.workspace, { channel: event.channel }, message);
    });
  };
}

async function answerTo(
  services: Services,
  asker: Asker & { readonly client: WebClient },
  text: string,
): Promise<Message> {
  const { lists, people, permissions, settings } = services;
  const { client, workspace, user } = asker;
  await permissions.requireMember(asker);
  const reader = await people.reader(client, workspace, user);
  const wanted = subjectsOf(text);
  // Rows below each other are a list, not somebody's name.
  const isShort =
    wanted.length > 0 &&
    wanted.length <= MOST_AT_ONCE &&
    text.length <= LIMITS.buttonValue &&
    wanted.every(({ asked }) => !asked.includes('\n'));
  if (isShort) {
    await permissions.require('enrich', asker);
    return lookUpOffer(text, wanted.length, reader);
  }
  if (!text.includes('\n') && wanted.length === 0) return helpMessage();
  await permissions.require('enrich', asker);
  try {
    await using stack = new AsyncDisposableStack();
    const file = await lists.open(client, { pasted: text });
    stack.defer(() => file.close());
    const { mapping } = await lists.read(file);
    if (Object.keys(mapping.fields).length === 0) return helpMessage();
    const wish = (await settings.of(workspace)).lists ?? { extras: [] };
    return readyMessage(await lists.prepare(workspace, file, mapping, wish), reader);
  } catch (error) {
    if (isListError(error)) return answer(error.message);
    throw error;
  }
}

/** What somebody wrote, without Slack's marks. https://docs.slack.dev/messaging/formatting-message-text */
function plainText(text: string): string {
  return unmarked(text).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
