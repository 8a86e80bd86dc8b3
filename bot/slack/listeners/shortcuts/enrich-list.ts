import type { AllMiddlewareArgs, GlobalShortcut, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import type { Services } from '../../services.ts';
import { openEnrich } from '../open-enrich.ts';

/** The global shortcut. */
export function enrichList(services: Services) {
  return async ({
    ack,
    shortcut,
    client,
    context,
  }: AllMiddlewareArgs & SlackShortcutMiddlewareArgs<GlobalShortcut>): Promise<void> => {
    await ack();
    const workspace = context.teamId ?? context.enterpriseId ?? '';
    await openEnrich({ services, client, workspace, user: shortcut.user.id, trigger: shortcut.trigger_id });
  };
}
