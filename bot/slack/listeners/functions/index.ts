import type { App } from '@slack/bolt';
import { STEP } from '../../action-ids.ts';
import type { Services } from '../../services.ts';
import { enrichListStep } from './enrich-list.ts';
import { enrichPersonStep } from './enrich-person.ts';
import { onStep } from './on-step.ts';

export function register(app: App, services: Services): void {
  app.function(STEP.person, onStep(services, enrichPersonStep));
  app.function(STEP.list, onStep(services, enrichListStep));
}
