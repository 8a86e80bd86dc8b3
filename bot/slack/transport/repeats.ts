import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import type { Once } from './once.ts';

/** The parts of commands, presses and shortcuts that make one of them that one. */
interface Request {
  readonly type?: string;
  readonly trigger_id?: string;
  readonly user_id?: string;
  readonly user?: { readonly id?: string };
  readonly text?: string;
  readonly actions?: readonly { readonly action_id?: string; readonly action_ts?: string }[];
}

/**
 * Socket Mode sends a command, an interaction or a shortcut again when it did not get the acknowledgement: with the same
 * `trigger_id`. What was handled before goes no further. Events are recognised by their ids, and forms, whose answer is
 * needed again, where they are submitted.
 */
export function handledOnce(once: Pick<Once, 'claim'>): Middleware<AnyMiddlewareArgs> {
  return async ({ body, next }) => {
    const { type, trigger_id, user_id, user, text, actions } = body as Request;
    if (trigger_id && type !== 'view_submission') {
      const pressed = actions?.map(({ action_id, action_ts }) => [action_id, action_ts]);
      const name = JSON.stringify([user_id ?? user?.id, trigger_id, text, pressed]);
      if (!(await once.claim(`request/${name}`))) return;
    }
    await next();
  };
}
