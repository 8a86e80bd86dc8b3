import { controlList } from '../control-list.ts';
import { listMessage } from '../list-message.ts';
import type { Interaction } from './interaction.ts';

/** *Pause*: after the calls under way. */
export async function pause(interaction: Interaction): Promise<void> {
  await control(interaction, 'pause');
}

export async function resume(interaction: Interaction): Promise<void> {
  await control(interaction, 'resume');
}

/** *Cancel*, after its confirmation. */
export async function cancel(interaction: Interaction): Promise<void> {
  await control(interaction, 'cancel');
}

async function control(interaction: Interaction, how: Parameters<typeof controlList>[1]): Promise<void> {
  const { services, workspace, value, message } = interaction;
  const { job, note } = await controlList(interaction, how, value);
  // The progress message has moved by itself.
  const record = await services.repository.get(workspace, value);
  if (message !== undefined && message === record?.progress) return;
  await interaction.show(await listMessage(interaction, job, note));
}
