import type { WebClient } from '@slack/web-api';
import { ACTION } from '../action-ids.ts';
import { openModal } from '../modal.ts';
import type { Asker } from '../people/people.ts';
import type { Services } from '../services.ts';
import { settingsView } from '../views/settings.ts';

interface Opening extends Asker {
  readonly services: Services;
  readonly client: WebClient;
  readonly trigger: string;
}

export async function openSettings(opening: Opening): Promise<void> {
  const { services, workspace } = opening;
  const { core, permissions, settings: repository } = services;
  const build = async () => {
    await permissions.requireAdmin(opening);
    const [settings, month, view] = await Promise.all([
      repository.of(workspace),
      core.credits.month(workspace),
      core.slots.list(workspace),
    ]);
    return settingsView({ settings, month, view });
  };
  const again = { action: ACTION.settings };
  await openModal(opening, { deed: 'settings', title: 'Settings', build, again });
}
