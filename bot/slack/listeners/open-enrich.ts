import type { ModalView } from '@slack/types';
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

/** The form that takes a list, filled in as the workspace has set. @throws {NotAllowed} for who may not enrich. */
export async function enrichForm({ services, form, ...asker }: Omit<Opening, 'trigger'>): Promise<ModalView> {
  const { core, permissions, settings } = services;
  await permissions.require('enrich', asker);
  const { lists: wish } = await settings.of(asker.workspace);
  const { slots } = await core.slots.list(asker.workspace);
  const noKey = !slots.some(({ state }) => state === 'connected');
  return enrichView({ noKey, ...(wish && { wish }), ...form });
}

/** Opens the form that takes a list, for those who may enrich. */
export async function openEnrich(opening: Opening): Promise<void> {
  const { form = {} } = opening;
  const again = form.file
    ? { action: ACTION.enrichFile, value: JSON.stringify(form.file) }
    : { action: ACTION.enrich };
  await openModal(opening, {
    deed: 'enrich',
    title: 'Enrich a list',
    build: () => enrichForm(opening),
    again,
  });
}
