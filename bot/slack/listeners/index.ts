import type { App } from '@slack/bolt';
import type { Services } from '../services.ts';
import { register as registerActions } from './actions/index.ts';
import { register as registerCommands } from './commands/index.ts';
import { register as registerEvents } from './events/index.ts';
import { register as registerFunctions } from './functions/index.ts';
import { register as registerShortcuts } from './shortcuts/index.ts';
import { register as registerViews } from './views/index.ts';

export function registerListeners(app: App, services: Services): void {
  registerActions(app, services);
  registerCommands(app, services);
  registerEvents(app, services);
  registerFunctions(app, services);
  registerShortcuts(app, services);
  registerViews(app, services);
}
