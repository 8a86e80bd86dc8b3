import type { WebClient } from '@slack/web-api';
import { ACTION } from '../action-ids.ts';
import { openModal } from '../modal.ts';
import type { Asker } from '../people/people.ts';
import type { Services } from '../services.ts';
import { type EnrichFormModel, enrichView } from '../views/enrich.ts';

interface Opening extends Asker {
  readonly services: Services;
  readonly client: WebClient;
  readonly trigger: string;
  readonly form?: EnrichFormModel;
}

/** Opens the form that takes a list, for those who may enrich. */
export async function openEnrich(opening: Opening): Promise<void> {
  const { services, workspace, form = {} } = opening;
  const { core, permissions, settings } = services;
  const build = async () => {
    await permissions.require('enrich', opening);
    const { lists: wish } = await settings.of(workspace);
    const { slots } = await core.slots.list(workspace);
    const noKey = !slots.some(({ state }) => state === 'connected');
    return enrichView({ noKey, ...(wish && { wish }), ...form });
  };
  const again = form.file
    ? { action: ACTION.enrichFile, value: JSON.stringify(form.file) }
    : { action: ACTION.enrich };
  await openModal(opening, { deed: 'enrich', title: 'Enrich a list', build, again });
}
