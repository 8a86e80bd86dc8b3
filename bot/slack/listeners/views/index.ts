import type { App } from '@slack/bolt';
import { VIEW } from '../../action-ids.ts';
import type { Services } from '../../services.ts';
import { connect } from './connect.ts';
import { enrich } from './enrich.ts';
import { jobLimit } from './job-limit.ts';
import { monthlyLimit } from './monthly-limit.ts';
import { review } from './review.ts';
import { reviewClosed } from './review-closed.ts';
import { schedule } from './schedule.ts';
import { settings } from './settings.ts';
import { shareCard } from './share-card.ts';

export function register(app: App, services: Services): void {
  app.view(VIEW.connect, connect(services));
  app.view(VIEW.enrich, enrich(services));
  app.view(VIEW.review, review(services));
  app.view({ callback_id: VIEW.review, type: 'view_closed' }, reviewClosed(services));
  app.view(VIEW.jobLimit, jobLimit(services));
  app.view(VIEW.schedule, schedule(services));
  app.view(VIEW.monthlyLimit, monthlyLimit(services));
  app.view(VIEW.settings, settings(services));
  app.view(VIEW.shareCard, shareCard(services));
}
