import { commandLineActor } from '../acting.ts';
import { SCOPES } from '../api/tokens.ts';
import type { LinkRequest } from '../web/links.ts';

/** Whoever may use this machine's store may do everything with it. */
export const OWN_SIGN_IN: LinkRequest = {
  workspace: 'default',
  by: commandLineActor().id,
  purpose: { kind: 'sign-in', scopes: SCOPES, via: 'machine' },
};
