import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const CLIENT = { id: '1111.2222', secret: 'client-secret-of-the-app' } as const;

/** What the provider says at the next sign-in; a test changes it to say something wrong. */
interface Says {
  team: string;
  user: string;
  /** The Enterprise organisation that the team belongs to. */
  organisation?: string;
  /** Its ID tokens name the organisation, too; Slack documents it for the user info alone. */
  inIdToken?: boolean;
  /** Instead of what was asked: a replayed or foreign token. */
  nonce?: string;
  audience?: string;
  /** The person says no. */
  refuses?: boolean;
}

function organisationOf({ organisation }: Says): object {
  return organisation === undefined ? {} : { 'https://slack.com/enterprise_id': organisation };
}

/** A stand-in for Slack: its OpenID Connect over real HTTP, and the two calls by which a bot learns who is who. */
export async function startSlackProvider(organisation?: string) {
  const says: Says = { team: 'T0CONTOSO', user: 'U0ADA' };
  const people: Record<string, object> = {
    U0ADA: { id: 'U0ADA', team_id: 'T0CONTOSO', real_name: 'Ada Lovelace' },
    U0ROOT: { id: 'U0ROOT', team_id: 'T0CONTOSO', real_name: 'Root', is_admin: true },
    U0GUEST: { id: 'U0GUEST', team_id: 'T0CONTOSO', real_name: 'Guest', is_restricted: true },
  };
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const codes = new Map<string, { nonce: string; redirect: string }>();
  const app = express().use(express.urlencoded({ extended: false }), express.json());
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  // As https://slack.com/.well-known/openid-configuration has it.
  app.get('/.well-known/openid-configuration', (_, response) => {
    response.json({
      issuer: origin,
      authorization_endpoint: `${origin}/openid/connect/authorize`,
      token_endpoint: `${origin}/api/openid.connect.token`,
      userinfo_endpoint: `${origin}/api/openid.connect.userInfo`,
      jwks_uri: `${origin}/openid/connect/keys`,
      scopes_supported: ['openid', 'profile', 'email'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    });
  });
  app.get('/openid/connect/keys', async (_, response) => {
    response.json({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] });
  });
  app.get('/openid/connect/authorize', ({ query }, response) => {
    const back = new URL(String(query.redirect_uri));
    back.searchParams.set('state', String(query.state));
    if (says.refuses) back.searchParams.set('error', 'access_denied');
    else {
      const code = `code-${codes.size}`;
      codes.set(code, { nonce: String(query.nonce), redirect: String(query.redirect_uri) });
      back.searchParams.set('code', code);
    }
    response.redirect(302, back.href);
  });
  app.post('/api/openid.connect.token', async ({ body }, response) => {
    const asked = codes.get(body.code);
    codes.delete(body.code);
    const isRight =
      asked?.redirect === body.redirect_uri &&
      body.client_id === CLIENT.id &&
      body.client_secret === CLIENT.secret;
    if (!asked || !isRight) return void response.status(400).json({ ok: false, error: 'invalid_grant' });
    const idToken = await new SignJWT({
      nonce: says.nonce ?? asked.nonce,
      'https://slack.com/team_id': says.team,
      'https://slack.com/user_id': says.user,
      ...(says.inIdToken && organisationOf(says)),
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(origin)
      .setAudience(says.audience ?? CLIENT.id)
      .setSubject(says.user)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    response.json({ ok: true, access_token: 'xoxp-of-a-person', token_type: 'Bearer', id_token: idToken });
  });
  app.get('/api/openid.connect.userInfo', ({ headers }, response) => {
    if (headers.authorization !== 'Bearer xoxp-of-a-person')
      return void response.status(401).json({ ok: false, error: 'invalid_auth' });
    response.json({ ok: true, sub: says.user, ...organisationOf(says) });
  });
  app.post('/api/auth.test', (_, response) => {
    response.json({
      ok: true,
      team_id: 'T0CONTOSO',
      team: 'Contoso',
      user_id: 'U0BOT',
      bot_id: 'B0BOT',
      ...(organisation && { enterprise_id: organisation, is_enterprise_install: true }),
    });
  });
  app.post('/api/users.info', ({ body }, response) => {
    const user = people[body.user];
    response.json(user ? { ok: true, user } : { ok: false, error: 'user_not_found' });
  });

  return {
    says,
    people,
    /** SLACK_API_URL. */
    apiUrl: `${origin}/api/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
