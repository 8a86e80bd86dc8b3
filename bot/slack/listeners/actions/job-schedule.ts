import { openSchedule } from '../open-schedule.ts';
import type { Interaction } from './interaction.ts';

/** *Run again* on a list: how often, for whom, or no longer. */
export async function askSchedule(interaction: Interaction): Promise<void> {
  await openSchedule(interaction, interaction.value);
}
