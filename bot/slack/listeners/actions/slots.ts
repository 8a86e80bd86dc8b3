import { publishHome } from '../home.ts';
import type { Interaction } from './interaction.ts';

/** The slots as they are now, after something was done to them. */
export async function showSlots(interaction: Interaction, note?: string): Promise<void> {
  const { services, workspace, onHome } = interaction;
  if (onHome) return await publishHome(services, { ...interaction, ...(note !== undefined && { note }) });
  await interaction.show(await services.model.slots(workspace, await interaction.reader(), note));
}

/** *Refresh*: team, credits and limits are read from Apollo again. */
export async function refreshSlots(interaction: Interaction): Promise<void> {
  await interaction.services.core.slots.refresh(interaction.workspace);
  await showSlots(interaction);
}
