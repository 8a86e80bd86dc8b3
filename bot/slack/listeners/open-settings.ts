import type { WebClient } from '@slack/web-api';
import { openModal } from '../modal.ts';
import type { Services } from '../services.ts';
import { settingsView } from '../views/settings.ts';

interface Opening {
  readonly services: Services;
  readonly client: WebClient;
  readonly workspace: string;
  readonly user: string;
  readonly trigger: string;
}

export async function openSettings({ services, client, workspace, user, trigger }: Opening): Promise<void> {
  const { clock, log, permissions, settings } = services;
  const build = async () => {
    await permissions.requireAdmin({ client, workspace, user });
    return settingsView(await settings.of(workspace));
  };
  await openModal({ client, clock, log, deed: 'settings' }, trigger, 'Settings', build());
}
