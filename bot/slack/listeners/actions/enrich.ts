import type { ListFile } from '../../messages/file-offer.ts';
import { enrichForm, openEnrich } from '../open-enrich.ts';
import type { Interaction } from './interaction.ts';

/** *Enrich a list*: the form, from wherever. */
export async function enrich(interaction: Interaction): Promise<void> {
  if (!interaction.modal) return await openEnrich(interaction);
  await interaction.replace(await enrichForm(interaction));
}

/** *Enrich this list* below a file that somebody sent. */
export async function enrichFile(interaction: Interaction): Promise<void> {
  const file = JSON.parse(interaction.value) as ListFile;
  await openEnrich({ ...interaction, form: { file } });
}
