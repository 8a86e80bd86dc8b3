import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { ACTION } from '../action-ids.ts';
import { openModal } from '../modal.ts';
import type { Asker } from '../people/people.ts';
import type { Services } from '../services.ts';
import { type ConnectFormModel, connectView } from '../views/connect.ts';

interface Opening extends Asker {
  readonly services: Services;
  readonly client: WebClient;
  readonly trigger: string;
  /** The slot to choose first. */
  readonly slot?: number | undefined;
}

/** The form that asks for a key: first by a link to the page, where people can open it, then in Slack. */
export async function connectForm(
  { core, pages }: Pick<Services, 'core' | 'pages'>,
  asker: Asker,
  form: Omit<ConnectFormModel, 'view' | 'page'>,
): Promise<ModalView> {
  const page = await pages?.link(asker, { kind: 'connect', slot: form.slot });
  return connectView({ ...form, view: await core.slots.list(asker.workspace), page: page?.url });
}

/** Opens the form that asks for a key, for those who may connect. */
export async function openConnect(opening: Opening): Promise<void> {
  const { services, slot } = opening;
  const build = async () => {
    await services.permissions.require('connect', opening);
    return await connectForm(services, opening, { slot });
  };
  const again = { action: ACTION.connect, ...(slot !== undefined && { value: String(slot) }) };
  await openModal(opening, { deed: 'connect', title: 'Connect a key', build, again });
}
