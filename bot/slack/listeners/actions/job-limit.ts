import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { jobLimitView } from '../../views/job-limit.ts';
import type { Interaction } from './interaction.ts';

/** *Raise limit* on a list that stopped there, and *Change limit* on one that has not reached it. */
export async function askJobLimit(interaction: Interaction): Promise<void> {
  const { services, workspace, value } = interaction;
  const { access, jobService } = services;
  const build = async () => {
    await access.requireControl(interaction, value);
    return jobLimitView(await jobService.unfinished(workspace, value), await interaction.reader());
  };
  const again = { action: ACTION.jobLimit, value };
  await openModal(interaction, { deed: 'job limit', title: 'Credit limit', build, again });
}
