import type { WebClient } from '@slack/web-api';
import { ACTION } from '../action-ids.ts';
import { openModal } from '../modal.ts';
import type { Asker } from '../people/people.ts';
import type { Services } from '../services.ts';
import { connectView } from '../views/connect.ts';

interface Opening extends Asker {
  readonly services: Services;
  readonly client: WebClient;
  readonly trigger: string;
  /** The slot to choose first. */
  readonly slot?: number | undefined;
}

/** Opens the form that asks for a key, for those who may connect. */
export async function openConnect(opening: Opening): Promise<void> {
  const { services, client, workspace, user, trigger, slot } = opening;
  const { clock, core, log, permissions } = services;
  const build = async () => {
    await permissions.require('connect', opening);
    const page = await services.pages?.link(opening, { kind: 'connect', slot });
    return connectView({ view: await core.slots.list(workspace), slot, page: page?.url });
  };
  const again = { action: ACTION.connect, ...(slot !== undefined && { value: String(slot) }) };
  const context = { client, workspace, clock, log, deed: 'connect', user, again };
  await openModal(context, trigger, 'Connect a key', build());
}
