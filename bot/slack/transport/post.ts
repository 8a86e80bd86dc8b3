import type { WebClient } from '@slack/web-api';
import type { Message } from '../blocks.ts';
import { blocksIn } from './workspace.ts';

/** A conversation, and a thread in it where there is one. */
export interface Place {
  readonly channel: string;
  readonly thread?: string | undefined;
}

/** Posts a message for the people of a workspace ({@link blocksIn}); gives where it is. */
export async function post(
  client: WebClient,
  workspace: string,
  { channel, thread }: Place,
  { text, blocks }: Message,
): Promise<{ readonly channel: string; readonly ts: string }> {
  const posted = await client.chat.postMessage({
    channel,
    text,
    blocks: blocksIn(workspace, blocks),
    ...(thread !== undefined && { thread_ts: thread }),
  });
  return { channel: posted.channel ?? channel, ts: posted.ts ?? '' };
}
