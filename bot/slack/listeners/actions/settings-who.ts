import { asEntered, limitsIn } from '../../views/monthly-limit.ts';
import { settingsView } from '../../views/settings.ts';
import { settingsIn } from '../settings-in.ts';
import type { Interaction } from './interaction.ts';

/** Somebody chose who may do something: people are asked for where people are meant. */
export async function chooseWho({ services, workspace, modal, heard }: Interaction): Promise<void> {
  if (!modal) return;
  const { values } = modal.state;
  const limits = limitsIn(values);
  await heard('One moment.', async () =>
    settingsView({
      settings: settingsIn(values),
      month: asEntered(limits),
      view: await services.core.slots.list(workspace),
    }),
  );
}
