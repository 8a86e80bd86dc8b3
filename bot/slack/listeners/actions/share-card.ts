import { openModal } from '../../modal.ts';
import { shareCardView } from '../../views/share-card.ts';
import { cardOf } from '../look-up.ts';
import type { Press } from './press.ts';

/** *Share* on a card: where to, with a look at what others will see. */
export async function shareCard(press: Press): Promise<void> {
  const { services, trigger, value } = press;
  const { clock, log } = services;
  const build = async () => shareCardView(value, (await cardOf(press, value)).blocks);
  await openModal({ ...press, clock, log, deed: 'share card' }, trigger, 'Share a card', build());
}
