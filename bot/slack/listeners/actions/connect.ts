import { connectView } from '../../views/connect.ts';
import { openConnect } from '../open-connect.ts';
import type { Interaction } from './interaction.ts';

/** *+ Connect* on a slot, or *Connect slot 2 too* after the first. */
export async function connect(interaction: Interaction): Promise<void> {
  const { services, workspace, modal } = interaction;
  const slot = interaction.value === '' ? undefined : Number(interaction.value);
  if (!modal) return await openConnect({ ...interaction, slot });
  await services.permissions.require('connect', interaction);
  const view = connectView({ view: await services.core.slots.list(workspace), slot });
  await interaction.replace(view);
}
