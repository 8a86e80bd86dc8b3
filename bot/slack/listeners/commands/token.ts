import { DEFAULT_SCOPES } from '../../../api/tokens.ts';
import { tokenMessage } from '../../messages/token.ts';
import { tellDeed } from '../deeds.ts';
import type { Subcommand } from './invocation.ts';

/** A few words. One long word may be a key in the wrong place, and would be shown wherever tokens are. */
const NAME = /^(?=.{1,60}$)[\p{L}\p{N}._()-]{1,15}(?: [\p{L}\p{N}._()-]{1,15})*$/u;

/** A new API token for n8n and other programs, for admins. The rest of the command is its name. */
export const token: Subcommand = async (invocation) => {
  const { services, workspace, rest } = invocation;
  await services.permissions.require('tokens', invocation);
  const name = NAME.test(rest) ? rest : 'Made in Slack';
  const token = await services.tokens.create({ workspace, name, scopes: DEFAULT_SCOPES });
  await tellDeed(services, invocation, `made an API token, “${name}”.`);
  const page = await services.pages?.link(invocation, {
    kind: 'show',
    title: `API token “${name}”`,
    secret: token.secret,
  });
  return tokenMessage(token, page?.url);
};
