import { post } from '../../transport/post.ts';
import { lookUp } from '../look-up.ts';
import type { Interaction } from './interaction.ts';

/** *Look up* below an address that somebody wrote to the bot: the cards stay in that conversation. */
export async function lookUpWritten(interaction: Interaction): Promise<void> {
  const { client, workspace, user, value } = interaction;
  await post(client, workspace, { channel: user }, await lookUp(interaction, value));
}
