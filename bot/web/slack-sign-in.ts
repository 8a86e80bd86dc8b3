import { createHash, randomBytes } from 'node:crypto';
import type { Collection, Log, Ports } from '@connectionsphere/core';
import * as oidc from 'openid-client';
import { Problem } from '../api/problem.ts';

/**
 * What Slack says of the team and the person beside the usual claims, in the ID token and in its user info.
 * https://docs.slack.dev/authentication/sign-in-with-slack/
 */
const TEAM = 'https://slack.com/team_id';
const PERSON = 'https://slack.com/user_id';
/**
 * The organisation, where the team is of one. It is documented for the user info alone, though ID tokens may have it too.
 * https://docs.slack.dev/tools/node-slack-sdk/reference/web-api/type-aliases/OpenIDConnectUserInfoResponse
 */
const ORGANISATION = 'https://slack.com/enterprise_id';
/** How long a person may take to agree in Slack before the sign-in has to be begun again, ms. */
const STATE_KEPT_MS = 10 * 60_000;

interface SlackSignInOptions {
  readonly ports: Pick<Ports, 'store' | 'coordination'>;
  readonly log: Log;
  readonly client: { readonly id: string; readonly secret: string };
  /** SLACK_API_URL; who signs for Slack's answers is the server of that. */
  readonly apiUrl: string;
  /** Where Slack sends people back to; the app's settings in Slack name it too. */
  readonly redirectUrl: string;
}

interface Begun {
  readonly nonce: string;
  /** Where to go on to. */
  readonly to: string;
}

interface SignedIn {
  readonly team: string;
  readonly user: string;
  /** Of an Enterprise organisation, which the team belongs to. */
  readonly organisation?: string;
  /** Where the person wanted to go. */
  readonly to: string;
}

/** Sign in with Slack: OpenID Connect, with a state that belongs to one browser and works once. */
export class SlackSignIn {
  readonly #options: SlackSignInOptions;
  readonly #begun: Collection<Begun>;
  #provider: Promise<oidc.Configuration> | undefined;

  constructor(options: SlackSignInOptions) {
    this.#options = options;
    this.#begun = options.ports.store.collection('slack-sign-ins');
  }

  /** Where to send the browser, and the state, which it has to bring back in a cookie as well. */
  async begin(to: string): Promise<{ url: string; state: string }> {
    const provider = await this.#discovered();
    const state = randomBytes(32).toString('base64url');
    const nonce = randomBytes(32).toString('base64url');
    await this.#begun.set(idOf(state), { nonce, to }, { ttlMs: STATE_KEPT_MS });
    const url = oidc.buildAuthorizationUrl(provider, {
      scope: 'openid profile',
      redirect_uri: this.#options.redirectUrl,
      state,
      nonce,
    });
    return { url: url.href, state };
  }

  /**
   * Who came back from Slack, and where the person wanted to go. `query`: as it came, with its `?`. `state`: of the
   * cookie. Throws a {@link Problem} for a person who was refused, and where Slack's answer cannot be trusted.
   */
  async end(query: string, state: string | undefined): Promise<SignedIn> {
    const begun = state === undefined ? undefined : await this.#taken(state);
    if (state === undefined || !begun) {
      throw new Problem(
        403,
        'sign-in-failed',
        'This sign-in was begun in another browser, or too long ago. Begin again.',
      );
    }
    const provider = await this.#discovered();
    try {
      const tokens = await oidc.authorizationCodeGrant(provider, new URL(query, this.#options.redirectUrl), {
        expectedState: state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      const [team, user] = [claims?.[TEAM], claims?.[PERSON]];
      if (!claims || typeof team !== 'string' || typeof user !== 'string') {
        throw new Error('The ID token names no team or no person.');
      }
      const { [ORGANISATION]: organisation } =
        ORGANISATION in claims ? claims : await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub);
      return { team, user, ...(typeof organisation === 'string' && { organisation }), to: begun.to };
    } catch (error) {
      const refused = error instanceof oidc.AuthorizationResponseError;
      this.#options.log.warn('A sign-in with Slack failed', { error });
      throw new Problem(
        403,
        'sign-in-failed',
        refused
          ? 'Slack did not sign you in, because you or an admin said no.'
          : "Slack's answer could not be trusted, so you are not signed in. Begin again.",
      );
    }
  }

  /** Each state works once, also when two requests bring it at the same moment. */
  async #taken(state: string): Promise<Begun | undefined> {
    const id = idOf(state);
    return await this.#options.ports.coordination.exclusive(`slack-sign-in:${id}`, async () => {
      const begun = await this.#begun.get(id);
      if (begun) await this.#begun.delete(id);
      return begun;
    });
  }

  /** Slack's own description of itself, read at the first need. Throws a {@link Problem}. */
  async #discovered(): Promise<oidc.Configuration> {
    const { client, apiUrl } = this.#options;
    const issuer = new URL(new URL(apiUrl).origin);
    // Settings allow http to this machine itself, as for tests.
    const execute = issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    this.#provider ??= oidc.discovery(issuer, client.id, undefined, oidc.ClientSecretPost(client.secret), {
      execute,
      timeout: 10,
    });
    try {
      return await this.#provider;
    } catch (error) {
      this.#provider = undefined;
      this.#options.log.warn("Slack's OpenID configuration could not be read", { error });
      throw new Problem(
        503,
        'slack-not-reachable',
        'Slack cannot be reached just now. Try again in a minute.',
        {
          retryAfter: 30,
        },
      );
    }
  }
}

function idOf(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}
