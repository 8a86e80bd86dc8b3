import type { ListFile } from '../../messages/file-offer.ts';
import { openEnrich } from '../open-enrich.ts';
import type { Press } from './press.ts';

/** *Enrich a list*: the form, from wherever. */
export async function enrich(press: Press): Promise<void> {
  await openEnrich(press);
}

/** *Enrich this list* below a file that somebody sent. */
export async function enrichFile(press: Press): Promise<void> {
  const file = JSON.parse(press.value) as ListFile;
  await openEnrich({ ...press, form: { file } });
}
