import type { Clock, Log } from '@connectionsphere/core';
import { ExpressReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { type Application, Router } from 'express';
import {
  type InstallationRepository,
  SCOPES,
  type StateRepository,
} from '../installation/many-workspaces.ts';
import { freshOnly, type SeenRequests } from './freshness.ts';
import { slackLogger } from './log.ts';

/** Where Slack sends commands, events and everything that is pressed; `manifest.yml` says so too. */
export const EVENTS_PATH = '/slack/events';

/** A view with all that people entered has 250 kB at most. */
const MOST_BODY = '1mb';

/** For several workspaces: who the app is to Slack, and where what Slack says of each is kept. */
export interface OAuthOptions {
  readonly client: { readonly id: string; readonly secret: string };
  readonly installations: InstallationRepository;
  readonly states: StateRepository;
  /** PUBLIC_URL. Without it Slack takes the redirect address that the app's settings name. */
  readonly publicUrl: string | undefined;
  readonly apiUrl: string;
  readonly clientOptions: WebClientOptions;
}

const INSTALL_PATH = '/slack/install';
const REDIRECT_PATH = '/slack/oauth_redirect';

/** Slack over HTTP, on an Express app that listens already or will; with `oauth`, its installation pages too. */
export function httpReceiver(options: {
  readonly signingSecret: string;
  readonly express: Application;
  readonly clock: Clock;
  readonly seen: SeenRequests;
  readonly log: Log;
  readonly oauth?: OAuthOptions | undefined;
}): ExpressReceiver {
  const router = Router();
  router.use(EVENTS_PATH, freshOnly(options.clock, options.seen, options.log));
  return new ExpressReceiver({
    signingSecret: options.signingSecret,
    app: options.express,
    router,
    endpoints: EVENTS_PATH,
    bodyLimit: MOST_BODY,
    logger: slackLogger(options.log),
    ...(options.oauth && installing(options.oauth)),
  });
}

function installing({ client, installations, states, publicUrl, apiUrl, clientOptions }: OAuthOptions) {
  return {
    clientId: client.id,
    clientSecret: client.secret,
    scopes: [...SCOPES],
    installationStore: installations,
    ...(publicUrl !== undefined && { redirectUri: `${publicUrl}${REDIRECT_PATH}` }),
    installerOptions: {
      stateStore: states,
      installPath: INSTALL_PATH,
      ...(publicUrl !== undefined && { redirectUriPath: REDIRECT_PATH }),
      authorizationUrl: new URL('/oauth/v2/authorize', apiUrl).href,
      clientOptions,
      directInstall: true,
    },
  };
}

/** Slack over a connection that we open: needs no public address. */
export function socketReceiver(options: {
  readonly appToken: string;
  readonly clientOptions: WebClientOptions;
  readonly log: Log;
}): Receiver {
  return new SocketModeReceiver({
    appToken: options.appToken,
    logger: slackLogger(options.log),
    installerOptions: { clientOptions: options.clientOptions },
  });
}
