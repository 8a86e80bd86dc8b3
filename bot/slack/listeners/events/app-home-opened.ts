import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import { welcomeMessage } from '../../messages/written.ts';
import type { Asker } from '../../people/people.ts';
import { NotAllowed } from '../../people/permissions.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { post } from '../../transport/post.ts';
import { publishHome } from '../home.ts';

export function appHomeOpened(services: Services) {
  return async ({
    event,
    client,
    context,
  }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'app_home_opened'>): Promise<void> => {
    const asker = askerOf({ client, context, user: event.user });
    if (event.tab === 'home') return await publishHome(services, asker);
    const { workspace, user } = asker;
    await services.welcomes.once(workspace, user, async () => {
      // Those who may not use the bot hear so when they ask for something.
      if (!(await isWelcome(services, asker))) return;
      await post(client, workspace, { channel: event.channel }, welcomeMessage());
    });
  };
}

async function isWelcome({ permissions }: Services, asker: Asker): Promise<boolean> {
  try {
    await permissions.requireMember(asker);
    return true;
  } catch (error) {
    if (error instanceof NotAllowed) return false;
    throw error;
  }
}
