import { answer } from '../../messages/answer.ts';
import { tellDeed } from '../deeds.ts';
import type { Press } from './press.ts';

/** *Revoke it* below a token that was just made. */
export async function revokeToken(press: Press): Promise<void> {
  const { services, workspace, value } = press;
  await services.permissions.require('tokens', press);
  const revoked = await services.tokens.revoke(workspace, value);
  if (revoked) await tellDeed(services, press, 'revoked an API token.');
  await press.show(
    answer(
      revoked ? 'The token is revoked: nothing can use it any more.' : 'This token was revoked already.',
    ),
  );
}
