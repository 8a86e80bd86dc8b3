import type { App } from '@slack/bolt';
import type { Services } from '../../services.ts';
import { appHomeOpened } from './app-home-opened.ts';
import { mentioned } from './app-mention.ts';
import { fileShared } from './file-shared.ts';
import { written } from './message.ts';
import { appUninstalled, teamAccessRevoked, tokensRevoked } from './uninstalled.ts';

export function register(app: App, services: Services): void {
  app.event('app_home_opened', appHomeOpened(services));
  app.event('app_mention', mentioned(services));
  app.event('app_uninstalled', appUninstalled(services));
  app.event('file_shared', fileShared(services));
  app.event('message', written(services));
  app.event('team_access_revoked', teamAccessRevoked(services));
  app.event('tokens_revoked', tokensRevoked(services));
}
