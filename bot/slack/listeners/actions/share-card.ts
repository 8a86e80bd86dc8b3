import { openModal } from '../../modal.ts';
import { SHARE_TITLE, shareCardView } from '../../views/share-card.ts';
import { cardOf } from '../look-up.ts';
import type { Interaction } from './interaction.ts';

/** *Share* on a card: where to, with a look at what others will see. */
export async function shareCard(interaction: Interaction): Promise<void> {
  const { value } = interaction;
  await openModal(interaction, {
    deed: 'share card',
    title: SHARE_TITLE,
    build: async () => shareCardView(value, (await cardOf(interaction, value)).blocks),
  });
}
