import type { AnyMiddlewareArgs, Context, Middleware } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { actingAs } from '../../acting.ts';
import type { Asker } from '../people/people.ts';
import { WORKFLOWS } from '../people/person-credits.ts';

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

/** The parts of a request that say who sent it; a step of a workflow is sent by the workflow. */
interface Sent {
  readonly user_id?: string;
  readonly user?: { readonly id?: string; readonly name?: string; readonly username?: string };
  readonly event?: {
    readonly type?: string;
    readonly user?: string | { readonly id?: string };
    readonly user_id?: string;
  };
}

/** What follows from a request is done in the name of whoever sent it. */
export const actingAsSender: Middleware<AnyMiddlewareArgs> = async ({ body, next }) => {
  const { user_id, user, event } = body as Sent;
  const ofEvent = typeof event?.user === 'string' ? event.user : (event?.user?.id ?? event?.user_id);
  const id = user_id ?? user?.id ?? ofEvent;
  if (id === undefined && event?.type !== 'function_executed') return await next();
  await actingAs({ kind: 'person', id: id ?? WORKFLOWS, via: 'slack' }, next);
};
