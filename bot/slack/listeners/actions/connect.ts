import { connectForm, openConnect } from '../open-connect.ts';
import type { Interaction } from './interaction.ts';

/** *+ Connect* on a slot, or *Connect slot 2 too* after the first. */
export async function connect(interaction: Interaction): Promise<void> {
  const { services, modal } = interaction;
  const slot = interaction.value === '' ? undefined : Number(interaction.value);
  if (!modal) return await openConnect({ ...interaction, slot });
  await services.permissions.require('connect', interaction);
  await interaction.replace(await connectForm(services, interaction, { slot }));
}
