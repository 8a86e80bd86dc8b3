import { NothingConnected } from '@connectionsphere/core';
import { shown } from '../../blocks.ts';
import { keyTail } from '../../words/slot-words.ts';
import { tellDeed } from '../deeds.ts';
import type { Press } from './press.ts';
import { showSlots } from './slots.ts';

/** *Disconnect*, after its confirmation. */
export async function disconnect(press: Press): Promise<void> {
  const { services, workspace } = press;
  await services.permissions.require('disconnect', press);
  const { slot, id } = JSON.parse(press.value) as { slot: number; id: string };
  const { slots } = await services.core.slots.list(workspace);
  const held = slots.find(({ number }) => number === slot);
  if (held?.state !== 'connected') throw new NothingConnected(slot, held?.kind ?? 'self');
  if (held.connection.id !== id) {
    return await showSlots(
      press,
      `:information_source: Slot ${slot} holds another key by now. Nothing was disconnected.`,
    );
  }
  const { label, last4 } = await services.core.slots.disconnect({ workspace, slot });
  await tellDeed(services, press, `disconnected *${shown(label, 60)}* ${keyTail(last4)} from slot ${slot}.`);
  await showSlots(
    press,
    `Slot ${slot} is free: *${shown(label, 60)}* ${keyTail(last4)} was taken out. Its stored key is deleted after ten minutes.`,
  );
}
