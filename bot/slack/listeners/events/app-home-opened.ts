import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { publishHome } from '../home.ts';

export function appHomeOpened(services: Services) {
  return async ({
    event,
    client,
    context,
  }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'app_home_opened'>): Promise<void> => {
    if (event.tab !== 'home') return;
    await publishHome(services, askerOf({ client, context, user: event.user }));
  };
}
