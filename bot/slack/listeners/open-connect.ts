import type { WebClient } from '@slack/web-api';
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
  const { services, client, workspace, trigger, slot } = opening;
  const { clock, core, log, permissions } = services;
  const build = async () => {
    await permissions.require('connect', opening);
    return connectView({ view: await core.slots.list(workspace), slot });
  };
  await openModal({ client, clock, log, deed: 'connect' }, trigger, 'Connect a key', build());
}
