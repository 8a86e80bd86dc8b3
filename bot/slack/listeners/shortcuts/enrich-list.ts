import type { AllMiddlewareArgs, GlobalShortcut, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { openEnrich } from '../open-enrich.ts';

/** The global shortcut. */
export function enrichList(services: Services) {
  return async ({
    shortcut,
    client,
    context,
  }: AllMiddlewareArgs & SlackShortcutMiddlewareArgs<GlobalShortcut>): Promise<void> => {
    const asker = askerOf({ client, context, user: shortcut.user.id, home: shortcut.user.team_id });
    await openEnrich({ ...asker, services, trigger: shortcut.trigger_id });
  };
}
