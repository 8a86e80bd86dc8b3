import { lookUp } from '../look-up.ts';
import type { Press } from './press.ts';

/** *Look up* below an address that somebody wrote to the bot: the cards stay in that conversation. */
export async function lookUpWritten(press: Press): Promise<void> {
  const { client, user, value } = press;
  const { text, blocks } = await lookUp(press, value);
  await client.chat.postMessage({ channel: user, text, blocks: [...blocks] });
}
