import type { App } from '@slack/bolt';
import type { Services } from '../../services.ts';
import { apolloCommand } from './apollo.ts';

export function register(app: App, services: Services): void {
  app.command('/apollo', apolloCommand(services));
}
