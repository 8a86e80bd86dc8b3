import { settingsView } from '../../views/settings.ts';
import { settingsIn } from '../settings-in.ts';
import type { Press } from './press.ts';

/** Somebody chose who may do something: people are asked for where people are meant. */
export async function chooseWho({ modal, heard }: Press): Promise<void> {
  if (!modal) return;
  await heard('One moment.', async () => settingsView(settingsIn(modal.state.values)));
}
