import type { WebClient } from '@slack/web-api';
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
  const { services, client, workspace, trigger } = opening;
  const { clock, log, permissions, settings } = services;
  const build = async () => {
    await permissions.requireAdmin(opening);
    return settingsView(await settings.of(workspace));
  };
  await openModal({ client, clock, log, deed: 'settings' }, trigger, 'Settings', build());
}
