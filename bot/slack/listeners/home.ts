import type { WebClient } from '@slack/web-api';
import type { Services } from '../services.ts';

/** Draws somebody's Home tab anew. */
export async function publishHome(
  { facts, people }: Services,
  {
    client,
    workspace,
    user,
    note,
  }: {
    readonly client: WebClient;
    readonly workspace: string;
    readonly user: string;
    readonly note?: string;
  },
): Promise<void> {
  const reader = await people.reader(client, workspace, user);
  await client.views.publish({ user_id: user, view: await facts.home(workspace, reader, note) });
}
