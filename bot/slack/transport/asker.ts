import type { Context } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Asker } from '../people/people.ts';

/** Who asks, by what Bolt and the request say. `home`: the request's `user.team_id`. */
export function askerOf({
  client,
  context,
  user,
  home,
}: {
  readonly client: WebClient;
  readonly context: Pick<Context, 'teamId' | 'enterpriseId' | 'isEnterpriseInstall'>;
  readonly user: string;
  readonly home?: string | undefined;
}): Asker & { readonly client: WebClient } {
  return {
    client,
    workspace: context.teamId ?? context.enterpriseId ?? '',
    user,
    ...(home !== undefined && { home }),
    ...(context.isEnterpriseInstall && { organisation: context.enterpriseId }),
  };
}
