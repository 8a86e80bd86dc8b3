import { answer } from '../../messages/answer.ts';
import { tellDeed } from '../deeds.ts';
import type { Interaction } from './interaction.ts';

/** *Revoke it* below a token that was just made. */
export async function revokeToken(interaction: Interaction): Promise<void> {
  const { services, workspace, value } = interaction;
  await services.permissions.require('tokens', interaction);
  const revoked = await services.tokens.revoke(workspace, value);
  if (revoked) await tellDeed(services, interaction, 'revoked an API token.');
  await interaction.show(
    answer(
      revoked ? 'The token is revoked: nothing can use it any more.' : 'This token was revoked already.',
    ),
  );
}
