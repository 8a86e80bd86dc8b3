import { answer } from '../../messages/answer.ts';
import { tellDeed } from '../deeds.ts';
import type { Interaction } from './interaction.ts';

/** *Forget this person*, after its confirmation. */
export async function forget(interaction: Interaction): Promise<void> {
  const { services, workspace, value } = interaction;
  await services.permissions.require('forget', interaction);
  const { results, rows } = await services.core.forget(workspace, value);
  // Not who: that is what was to be forgotten.
  await tellDeed(services, interaction, 'had a person forgotten.');
  const reader = await interaction.reader();
  await interaction.show(
    answer(
      `Forgotten: ${reader.plural(results, 'known result')} and ${reader.plural(rows, 'row')} of your lists were emptied, and nobody will look this person up again. Files that were downloaded already are yours to clean.`,
    ),
  );
}
