import { publishHome } from '../home.ts';
import type { Interaction } from './interaction.ts';

/** *Mine* or *All* on the Home tab: which lists it shows, now and later. */
export async function chooseHomeLists(interaction: Interaction): Promise<void> {
  const { services, workspace, user, value } = interaction;
  await services.homeChoices.set(workspace, user, value === 'all' ? 'all' : 'mine');
  await publishHome(services, interaction);
}
