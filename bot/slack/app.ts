import { App, type Authorize, type Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { registerListeners } from './listeners/index.ts';
import type { Services } from './services.ts';
import { heardOnce } from './transport/repeats.ts';

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
  app.use(heardOnce(services.once));
  registerListeners(app, services);
  app.error(async (error) => {
    // Not the error itself: Bolt puts what came in beside it, a submitted key included.
    const { name, message, stack } = error;
    services.log.error('A listener failed', { error: { name, message, stack } });
  });
  return app;
}
