import { openModal } from '../../modal.ts';
import { monthlyLimitView } from '../../views/monthly-limit.ts';
import type { Press } from './press.ts';

export async function showCredits(press: Press): Promise<void> {
  await press.show(await press.services.facts.credits(press.workspace, await press.reader()));
}

/** *Set monthly limits*, for admins. */
export async function askMonthlyLimit({ services, client, workspace, user, trigger }: Press): Promise<void> {
  const { clock, core, log, permissions } = services;
  const build = async () => {
    await permissions.requireAdmin({ client, workspace, user });
    return monthlyLimitView(await core.credits.month(workspace), await core.slots.list(workspace));
  };
  await openModal({ client, clock, log, deed: 'monthly limits' }, trigger, 'Monthly limits', build());
}
