import type { ListFile } from '../../messages/file-offer.ts';
import { openEnrich } from '../open-enrich.ts';
import type { Interaction } from './interaction.ts';

/** *Enrich a list*: the form, from wherever. */
export async function enrich(interaction: Interaction): Promise<void> {
  await openEnrich(interaction);
}

/** *Enrich this list* below a file that somebody sent. */
export async function enrichFile(interaction: Interaction): Promise<void> {
  const file = JSON.parse(interaction.value) as ListFile;
  await openEnrich({ ...interaction, form: { file } });
}
