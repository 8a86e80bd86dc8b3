import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import { answer } from '../../messages/answer.ts';
import { helpMessage } from '../../messages/help.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { blocksIn } from '../../transport/workspace.ts';
import { failureWords } from '../../words/failure-words.ts';

/** Somebody mentioned the bot in a channel: help, for that person alone. */
export function mentioned(services: Services) {
  return async ({
    event,
    body,
    client,
    context,
  }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'app_mention'>): Promise<void> => {
    const { user, channel, thread_ts } = event;
    if (user === undefined) return;
    const asker = askerOf({ client, context, user, home: event.user_team ?? event.team });
    await services.once.do(`event/${body.event_id}`, async () => {
      const { text, blocks } = await services.permissions.requireMember(asker).then(
        () => helpMessage(),
        (error: unknown) => answer(failureWords(error, services.log, 'app_mention')),
      );
      await client.chat.postEphemeral({
        channel,
        user,
        text,
        blocks: blocksIn(asker.workspace, blocks),
        ...(thread_ts !== undefined && { thread_ts }),
      });
    });
  };
}
