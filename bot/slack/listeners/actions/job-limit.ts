import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { jobLimitView } from '../../views/job-limit.ts';
import type { Interaction } from './interaction.ts';

/** *Raise limit* on a list that stopped there, and *Change limit* on one that has not reached it. */
export async function askJobLimit(interaction: Interaction): Promise<void> {
  const { services, client, workspace, user, trigger, value } = interaction;
  const { access, clock, jobService, log, permissions } = services;
  const build = async () => {
    await permissions.require('enrich', interaction);
    await access.require(interaction, value);
    return jobLimitView(await jobService.unfinished(workspace, value), await interaction.reader());
  };
  const again = { action: ACTION.jobLimit, value };
  const context = { client, workspace, clock, log, deed: 'job limit', user, again };
  await openModal(context, trigger, 'Credit limit', build());
}
