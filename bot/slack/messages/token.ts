import type { Token } from '../../api/tokens.ts';
import { ACTION } from '../action-ids.ts';
import { actions, button, context, type Message, section, shown } from '../blocks.ts';

/** A token that was just made: seen by whoever asked, this once, and kept nowhere but as a hash. */
export function tokenMessage({ id, name, scopes, secret }: Token & { readonly secret: string }): Message {
  return {
    // Notifications and lock screens show this.
    text: 'Your API token is here. It is shown this once.',
    blocks: [
      section(`*API token* for ${shown(name, 60)}, shown this once. Copy it now:\n\`${secret}\``),
      context(
        `It may ${scopes.join(', ')} in this workspace. In n8n, paste it into the ConnectionSphere credential.`,
      ),
      ...actions(
        button({
          text: 'Revoke it',
          action: ACTION.revokeToken,
          value: id,
          style: 'danger',
          confirm: {
            title: 'Revoke this token?',
            text: 'Programs that use it are refused from then on.',
            yes: 'Revoke',
          },
        }),
      ),
    ],
  };
}
