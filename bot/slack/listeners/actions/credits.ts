import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { monthlyLimitView } from '../../views/monthly-limit.ts';
import type { Interaction } from './interaction.ts';

export async function showCredits(interaction: Interaction): Promise<void> {
  await interaction.show(await interaction.services.model.credits(interaction, await interaction.reader()));
}

/** *Set monthly limits*, for admins. */
export async function askMonthlyLimit(interaction: Interaction): Promise<void> {
  const { services, workspace } = interaction;
  const { core, permissions } = services;
  const build = async () => {
    await permissions.require('limits', interaction);
    return monthlyLimitView(await core.credits.month(workspace), await core.slots.list(workspace));
  };
  const again = { action: ACTION.monthlyLimit };
  await openModal(interaction, { deed: 'monthly limits', title: 'Monthly limits', build, again });
}
