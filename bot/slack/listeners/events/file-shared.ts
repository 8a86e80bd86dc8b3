import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Message } from '../../blocks.ts';
import { isList, slackFile } from '../../lists/slack-file.ts';
import { answer } from '../../messages/answer.ts';
import { fileOffer } from '../../messages/file-offer.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { failureWords } from '../../words/failure-words.ts';

/** A file sent to the bot in a DM: it offers to enrich it, once however often Slack tells of it. */
export function fileShared(services: Services) {
  return async ({
    event,
    body,
    client,
    context,
  }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'file_shared'>): Promise<void> => {
    // A channel's files are their people's business; our own come back as events too.
    if (!event.channel_id?.startsWith('D') || event.user_id === context.botUserId) return;
    const asker = askerOf({ client, context, user: event.user_id });
    await services.once.do(`event/${body.event_id}`, async () => {
      const refused = await services.permissions.requireMember(asker).then(
        () => undefined,
        (error: unknown) => answer(failureWords(error, services.log, 'file_shared')),
      );
      if (refused) {
        await client.chat.postMessage({
          channel: event.channel_id,
          text: refused.text,
          blocks: [...refused.blocks],
        });
        return;
      }
      const { text, blocks } = await offer({ ...services, client }, event.file_id);
      await client.chat.postMessage({ channel: event.channel_id, text, blocks: [...blocks] });
    });
  };
}

async function offer(parts: Parameters<typeof slackFile>[0], id: string): Promise<Message> {
  try {
    const { name = 'the file' } = await slackFile(parts, id);
    if (isList({ name })) return fileOffer({ id, name });
    return answer('I read lists of leads: CSV, TSV, XLSX and NDJSON. Send me one of those.');
  } catch (error) {
    return answer(failureWords(error, parts.log, 'file_shared'));
  }
}
