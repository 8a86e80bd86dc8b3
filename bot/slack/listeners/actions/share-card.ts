import { openModal } from '../../modal.ts';
import { shareCardView } from '../../views/share-card.ts';
import { cardOf } from '../look-up.ts';
import type { Interaction } from './interaction.ts';

/** *Share* on a card: where to, with a look at what others will see. */
export async function shareCard(interaction: Interaction): Promise<void> {
  const { services, trigger, value } = interaction;
  const { clock, log } = services;
  const build = async () => shareCardView(value, (await cardOf(interaction, value)).blocks);
  await openModal({ ...interaction, clock, log, deed: 'share card' }, trigger, 'Share a card', build());
}
