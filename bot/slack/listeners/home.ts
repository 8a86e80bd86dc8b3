import type { WebClient } from '@slack/web-api';
import type { Asker } from '../people/people.ts';
import { NotAllowed } from '../people/permissions.ts';
import type { Services } from '../services.ts';
import { refusedHomeView } from '../views/home.ts';

/** As {@link publishHome}, for a tab that the person may not have open: where it cannot be drawn, that is all. */
export async function refreshHome(
  services: Pick<Services, 'model' | 'people' | 'log'>,
  home: Parameters<typeof publishHome>[1],
): Promise<void> {
  await publishHome(services, home).catch((error: unknown) =>
    services.log.debug('A Home tab could not be drawn', { error }),
  );
}

/** Draws somebody's Home tab anew; one that says why there is nothing for those who may not use the bot. */
export async function publishHome(
  { model, people }: Pick<Services, 'model' | 'people'>,
  home: Asker & { readonly client: WebClient; readonly note?: string },
): Promise<void> {
  const { client, workspace, user, note } = home;
  const reader = await people.reader(client, workspace, user);
  const view = await model.home(home, reader, note).catch((error: unknown) => {
    if (error instanceof NotAllowed) return refusedHomeView(error.message);
    throw error;
  });
  await client.views.publish({ user_id: user, view });
}
