import { answer } from '../../messages/answer.ts';
import { tellDeed } from '../deeds.ts';
import type { Press } from './press.ts';

/** *Forget this person*, after its confirmation. */
export async function forget(press: Press): Promise<void> {
  const { services, workspace, value } = press;
  await services.permissions.require('forget', press);
  const { results, rows } = await services.core.forget(workspace, value);
  // Not who: that is what was to be forgotten.
  await tellDeed(services, press, 'had a person forgotten.');
  const reader = await press.reader();
  await press.show(
    answer(
      `Forgotten: ${reader.plural(results, 'known result')} and ${reader.plural(rows, 'row')} of your lists were emptied, and nobody will look this person up again. Files that were downloaded already are yours to clean.`,
    ),
  );
}
