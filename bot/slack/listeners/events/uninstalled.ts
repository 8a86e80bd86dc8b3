import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Leaving } from '../../installation/uninstallation.ts';
import type { Services } from '../../services.ts';

type Uninstalled = AllMiddlewareArgs & SlackEventMiddlewareArgs<'app_uninstalled'>;
type Revoked = AllMiddlewareArgs & SlackEventMiddlewareArgs<'tokens_revoked'>;

/** The app was removed from the workspace, or from the whole organisation. */
export function appUninstalled({ uninstallation, once }: Services) {
  return async ({ body }: Uninstalled): Promise<void> => {
    await once.do(`event/${body.event_id}`, () => uninstallation.removed(leavingIn(body)));
  };
}

/** A bot's token is revoked when the app is removed; a person's own token is that person's affair. */
export function tokensRevoked({ uninstallation, once }: Services) {
  return async ({ body, event }: Revoked): Promise<void> => {
    if (!event.tokens.bot?.length) return;
    await once.do(`event/${body.event_id}`, () => uninstallation.revoked(leavingIn(body)));
  };
}

/** The organisation took the app away from some of its workspaces. */
export function teamAccessRevoked({ uninstallation, once }: Services) {
  return async ({
    body,
    event,
  }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'team_access_revoked'>): Promise<void> => {
    await once.do(`event/${body.event_id}`, async () => {
      for (const workspace of event.team_ids) await uninstallation.removed({ workspace });
    });
  };
}

/** Of an installation for an organisation Slack says so beside the organisation's id, and the team says nothing. */
function leavingIn({ team_id, enterprise_id, authorizations }: (Uninstalled | Revoked)['body']): Leaving {
  const [installation] = authorizations ?? [];
  const organisation = installation?.enterprise_id ?? enterprise_id;
  const isWhole = installation?.is_enterprise_install === true || !team_id?.startsWith('T');
  return isWhole && organisation ? { organisation } : { workspace: team_id };
}
