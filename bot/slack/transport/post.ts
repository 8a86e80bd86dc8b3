import type { WebClient } from '@slack/web-api';
import type { Message } from '../blocks.ts';
import { slackWord } from './clients.ts';
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

/** Slack's words for a message that cannot be changed any more. https://docs.slack.dev/reference/methods/chat.update */
const UNCHANGEABLE: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
]);

/** Whether a message, as somebody deleted it, cannot be changed any more: what it was to say can be said anew. */
export function isUnchangeable(error: unknown): boolean {
  return UNCHANGEABLE.has(slackWord(error) ?? '');
}
