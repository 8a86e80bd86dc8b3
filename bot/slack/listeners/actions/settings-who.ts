import { settingsView } from '../../views/settings.ts';
import { settingsIn } from '../settings-in.ts';
import type { Press } from './press.ts';

/** Somebody chose who may do something: people are asked for where people are meant. */
export async function chooseWho({ client, modal }: Press): Promise<void> {
  if (!modal) return;
  const view = settingsView(settingsIn(modal.state.values));
  await client.views.update({ view_id: modal.id, hash: modal.hash, view });
}
