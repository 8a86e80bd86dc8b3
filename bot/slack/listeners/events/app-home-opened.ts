import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Services } from '../../services.ts';
import { publishHome } from '../home.ts';

export function appHomeOpened(services: Services) {
  return async ({
    event,
    client,
    context,
  }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'app_home_opened'>): Promise<void> => {
    if (event.tab !== 'home') return;
    const workspace = context.teamId ?? context.enterpriseId ?? '';
    await publishHome(services, { client, workspace, user: event.user });
  };
}
