import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Services } from '../../services.ts';

/** The app was removed from the workspace. */
export function appUninstalled({ departure, once }: Services) {
  return async ({ body }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'app_uninstalled'>): Promise<void> => {
    await once.do(`event/${body.event_id}`, () => departure.of(body.team_id));
  };
}

/** A bot's token is revoked when the app is removed; a person's own token is that person's affair. */
export function tokensRevoked({ departure, once }: Services) {
  return async ({
    body,
    event,
  }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'tokens_revoked'>): Promise<void> => {
    if (!event.tokens.bot?.length) return;
    await once.do(`event/${body.event_id}`, () => departure.of(body.team_id));
  };
}
