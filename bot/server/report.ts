import type { Config } from '@connectionsphere/core/node';
import type { ServerRole } from '../core.ts';
import type { SlackPeople } from '../web/sessions.ts';

export type SlackState =
  | { readonly state: 'on'; readonly people: SlackPeople }
  | { readonly state: 'off' }
  /** This process is a worker. */
  | { readonly state: 'elsewhere' }
  | { readonly state: 'failed'; readonly why: string };

/** What is running and what is not, and what would make it run. */
export function report(config: Config, role: ServerRole, port: number, slack: SlackState): string[] {
  const { publicUrl, redisUrl, api } = config;
  if (role === 'worker') {
    return [
      `Worker     on: takes jobs from Redis; health and metrics on http://localhost:${port}`,
      'State      on Redis, shared with every process that has the same REDIS_URL',
    ];
  }
  return [
    `Page       on: ${publicUrl ?? `http://localhost:${port}`} (./connectionsphere open signs you in)`,
    `HTTP API   on: http://localhost:${port} (read about it at http://localhost:${port}/docs)`,
    `Slack      ${slackLine(config, slack)}`,
    publicUrl === undefined
      ? 'Webhooks   off: PUBLIC_URL is not set, so late phones are polled for'
      : `Webhooks   on: Apollo posts late phones to ${publicUrl}`,
    redisUrl === undefined
      ? `State      in ${config.dataDir}, held by this process alone`
      : 'State      on Redis, shared with every process that has the same REDIS_URL',
    ...(redisUrl === undefined && config.encryptionKeys === undefined
      ? ['Keys       encrypted with a key beside them in DATA_DIR: ENCRYPTION_KEYS_FILE keeps it apart']
      : []),
    ...(api.allowPrivateCallbacks
      ? ['Callbacks  to private addresses too: ALLOW_PRIVATE_CALLBACKS is set']
      : []),
  ];
}

function slackLine(
  { slack: { appToken, botToken, signingSecret, client } }: Config,
  slack: SlackState,
): string {
  if (slack.state === 'failed') return `failed: ${slack.why}`;
  if (slack.state === 'on') {
    return `on: ${[signingSecret && 'over HTTP', appToken && 'in Socket Mode'].filter(Boolean).join(' and ')}`;
  }
  const missing = [
    ...(botToken || client ? [] : ['SLACK_BOT_TOKEN']),
    ...(signingSecret || appToken ? [] : ['SLACK_SIGNING_SECRET or SLACK_APP_TOKEN']),
  ];
  return `off: ${missing.length > 0 ? `${missing.join(' and ')} not set` : 'not configured'}`;
}
