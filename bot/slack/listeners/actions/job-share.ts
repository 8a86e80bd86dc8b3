import { listMessage } from '../list-message.ts';
import type { Interaction } from './interaction.ts';

/** *Share with everyone here*: others of the workspace see, download and steer the list too. */
export async function share(interaction: Interaction): Promise<void> {
  await setShared(interaction, true, 'Shared: everyone here who may enrich sees this list and its file.');
}

export async function unshare(interaction: Interaction): Promise<void> {
  await setShared(interaction, false, 'No longer shared: only whoever started it and admins see this list.');
}

async function setShared(interaction: Interaction, shared: boolean, note: string): Promise<void> {
  const { services, workspace, value } = interaction;
  const job = await services.jobService.find(workspace, value);
  await services.access.share(interaction, value, shared);
  await interaction.show(await listMessage(interaction, job, note));
}
