import type { Scope, Token } from '../../api/tokens.ts';
import { ACTION } from '../action-ids.ts';
import { actions, button, context, type Message, section, shown } from '../blocks.ts';

const DEEDS: Record<Scope, string> = {
  enrich: 'enrich leads',
  read: 'see lists, slots and credits',
  hooks: 'be told when lists are done',
  forget: 'forget people',
  connect: 'connect keys',
  disconnect: 'disconnect keys',
  administer: 'make tokens and set limits',
  operator: 'do what operators do',
};

const AND = new Intl.ListFormat('en', { type: 'conjunction' });

/**
 * A token that was just made: seen by whoever asked, this once, and kept nowhere but as a hash. `url`: a one-time link
 * that shows it; then it stands in no message.
 */
export function tokenMessage(
  { id, name, scopes, secret }: Token & { readonly secret: string },
  url?: string,
): Message {
  return {
    // Notifications and lock screens show this.
    text: 'Your API token is here. It is shown this once.',
    blocks: [
      section(
        url === undefined
          ? `*API token* “${shown(name, 60)}”\nCopy it now, it is shown this once:\n\`${secret}\``
          : `*API token* “${shown(name, 60)}”\n*Show the token* opens a page that shows it once. The link works for thirty minutes.`,
      ),
      context(
        `With it a program can ${AND.format(scopes.map((scope) => DEEDS[scope]))} in this workspace. In n8n, paste it into the ConnectionSphere credential.`,
      ),
      ...actions(
        ...(url === undefined
          ? []
          : [button({ text: 'Show the token', action: ACTION.page, url, style: 'primary' })]),
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
