import type { WebClient } from '@slack/web-api';
import { openModal } from '../modal.ts';
import type { Services } from '../services.ts';
import { type EnrichFormFacts, enrichView } from '../views/enrich.ts';

interface Opening {
  readonly services: Services;
  readonly client: WebClient;
  readonly workspace: string;
  readonly user: string;
  readonly trigger: string;
  readonly form?: EnrichFormFacts;
}

/** Opens the form that takes a list, for those who may enrich. */
export async function openEnrich({
  services,
  client,
  workspace,
  user,
  trigger,
  form = {},
}: Opening): Promise<void> {
  const { clock, log, permissions } = services;
  const build = async () => {
    await permissions.require('enrich', { client, workspace, user });
    return enrichView(form);
  };
  await openModal({ client, clock, log, deed: 'enrich' }, trigger, 'Enrich a list', build());
}
