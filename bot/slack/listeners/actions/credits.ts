import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { monthlyLimitView } from '../../views/monthly-limit.ts';
import type { Press } from './press.ts';

export async function showCredits(press: Press): Promise<void> {
  await press.show(await press.services.facts.credits(press, await press.reader()));
}

/** *Set monthly limits*, for admins. */
export async function askMonthlyLimit(press: Press): Promise<void> {
  const { services, client, workspace, user, trigger } = press;
  const { clock, core, log, permissions } = services;
  const build = async () => {
    await permissions.require('limits', press);
    return monthlyLimitView(await core.credits.month(workspace), await core.slots.list(workspace));
  };
  const again = { action: ACTION.monthlyLimit };
  const context = { client, workspace, clock, log, deed: 'monthly limits', user, again };
  await openModal(context, trigger, 'Monthly limits', build());
}
