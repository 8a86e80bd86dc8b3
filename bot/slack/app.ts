import type { Clock } from '@connectionsphere/core';
import { type AnyMiddlewareArgs, App, type Authorize, type Middleware, type Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { registerListeners } from './listeners/index.ts';
import type { Services } from './services.ts';
import { actingAsSender } from './transport/asker.ts';
import { handledOnce } from './transport/repeats.ts';
import { withWorkspace } from './transport/workspace.ts';

interface AppParts {
  readonly receiver: Receiver;
  /** Who may talk to the bot; none for a receiver that knows it from its installations. */
  readonly authorize?: Authorize<boolean> | undefined;
  readonly clientOptions: WebClientOptions;
  readonly services: Services;
}

/** Puts Bolt together. Nothing is decided here. */
export function createApp({ receiver, authorize, clientOptions, services }: AppParts): App {
  const app = new App({
    receiver,
    ...(authorize && { authorize }),
    clientOptions,
    ...(clientOptions.logger && { logger: clientOptions.logger }),
    convoStore: false,
    // A step's own token may be revoked while a list still runs: ours does for all of it.
    attachFunctionToken: false,
  });
  hearAtOnce(app, services.clock);
  app.use(knownWorkspace(services));
  app.use(handledOnce(services.once));
  app.use(actingAsSender);
  registerListeners(app, services);
  app.error(async (error) => {
    // Not the error itself: Bolt puts what came in beside it, a submitted key included.
    const { name, message, stack } = error;
    services.log.error('A listener failed', { error: { name, message, stack } });
  });
  return app;
}

/** What is to be remembered of a workspace that something came from. */
function knownWorkspace({ uninstallation, organisations }: Services): Middleware<AnyMiddlewareArgs> {
  return async ({ context: { teamId, enterpriseId, isEnterpriseInstall }, body, client, next }) => {
    const { event } = body as { event?: { type?: unknown } };
    if (teamId !== undefined && !LEAVING.has(event?.type)) {
      await organisations.note(teamId, isEnterpriseInstall ? enterpriseId : undefined);
      await uninstallation.heardOf(teamId, client);
    }
    await next();
  };
}

const LEAVING: ReadonlySet<unknown> = new Set(['app_uninstalled', 'team_access_revoked', 'tokens_revoked']);

/** What is answered with nothing but that it was heard: Slack shows nothing of the answer. */
const HEARD_AT_ONCE: ReadonlySet<unknown> = new Set([
  'block_actions',
  'shortcut',
  'message_action',
  'view_closed',
]);

/**
 * Commands and presses are acknowledged before anything else. Bolt first asks who the app is (`auth.test`, a
 * token that ran out), and when Slack takes its three seconds for that, what somebody did would be lost. Forms
 * are answered by their listeners, which need to know since when Slack waits: `context.arrived`, ms since the epoch.
 */
function hearAtOnce(app: App, clock: Clock): void {
  const process = app.processEvent.bind(app);
  app.processEvent = async (event) => {
    const timed = {
      ...event,
      body: withWorkspace(event.body),
      customProperties: { ...event.customProperties, arrived: clock.now() },
    };
    const { type, command } = event.body;
    if (command === undefined && !HEARD_AT_ONCE.has(type)) return await process(timed);
    await event.ack();
    await process({ ...timed, ack: async () => {} });
  };
}
