import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../../blocks.ts';
import { isList, slackFile } from '../../lists/slack-file.ts';
import { answer } from '../../messages/answer.ts';
import { fileOffer } from '../../messages/file-offer.ts';
import type { Asker } from '../../people/people.ts';
import { NotAllowed } from '../../people/permissions.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { post } from '../../transport/post.ts';
import { blocksIn } from '../../transport/workspace.ts';
import { failureWords } from '../../words/failure-words.ts';

type FileShared = AllMiddlewareArgs & SlackEventMiddlewareArgs<'file_shared'>;

/** A file sent to the bot, or posted where an admin lets it look: it offers to enrich it, once. */
export function fileShared(services: Services) {
  return async ({ event, body, client, context }: FileShared): Promise<void> => {
    // Our own come back as events too.
    if (event.channel_id === undefined || event.user_id === context.botUserId) return;
    const asker = askerOf({ client, context, user: event.user_id });
    const work = event.channel_id.startsWith('D') ? offerInMessages : offerInChannel;
    await services.once.do(`event/${body.event_id}`, () => work(services, asker, event));
  };
}

type Sender = Asker & { readonly client: WebClient };

async function offerInMessages(services: Services, asker: Sender, event: FileShared['event']) {
  const message = await offer(services, asker, event.file_id);
  await post(asker.client, asker.workspace, { channel: event.channel_id }, message);
}

async function offer(services: Services, asker: Sender, id: string): Promise<Message> {
  try {
    await services.permissions.requireMember(asker);
    const { name = 'the file' } = await slackFile({ ...services, client: asker.client }, id);
    if (isList({ name })) return fileOffer({ id, name });
    return answer('I read lists of leads: CSV, TSV, XLSX and NDJSON. Send me one of those.');
  } catch (error) {
    return answer(failureWords(error, services.log, 'file_shared'));
  }
}

/** Seen by nobody but whoever posted it; for those who may not, and for what is no list, not a word. */
async function offerInChannel(services: Services, asker: Sender, event: FileShared['event']) {
  const { client, workspace, user } = asker;
  const { channel_id: channel, file_id: id } = event;
  const { offerIn = [] } = await services.settings.of(workspace);
  if (!offerIn.includes(channel)) return;
  try {
    await services.permissions.require('enrich', asker);
    const { name } = await slackFile({ ...services, client }, id);
    if (name === undefined || !isList({ name })) return;
    const { text, blocks } = fileOffer({ id, name, channel });
    await client.chat.postEphemeral({ channel, user, text, blocks: blocksIn(workspace, blocks) });
  } catch (error) {
    if (error instanceof NotAllowed) return;
    services.log.warn('A file in a channel could not be offered to be enriched', { channel, error });
  }
}
