import { NothingConnected } from '@connectionsphere/core';
import { shown } from '../../blocks.ts';
import { keyTail } from '../../words/slot-words.ts';
import { tellDeed } from '../deeds.ts';
import type { Interaction } from './interaction.ts';
import { showSlots } from './slots.ts';

/** *Disconnect*, after its confirmation. */
export async function disconnect(interaction: Interaction): Promise<void> {
  const { services, workspace } = interaction;
  await services.permissions.require('disconnect', interaction);
  const { slot, id } = JSON.parse(interaction.value) as { slot: number; id: string };
  const { slots } = await services.core.slots.list(workspace);
  const held = slots.find(({ number }) => number === slot);
  if (held?.state !== 'connected') throw new NothingConnected(slot, held?.kind ?? 'self');
  if (held.connection.id !== id) {
    return await showSlots(
      interaction,
      `:information_source: Slot ${slot} holds another key by now. Nothing was disconnected.`,
    );
  }
  const { label, last4 } = await services.core.slots.disconnect({ workspace, slot });
  await tellDeed(
    services,
    interaction,
    `disconnected *${shown(label, 60)}* ${keyTail(last4)} from slot ${slot}.`,
  );
  await showSlots(
    interaction,
    `Slot ${slot} is free: *${shown(label, 60)}* ${keyTail(last4)} was taken out. Its stored key is deleted after ten minutes.`,
  );
}
