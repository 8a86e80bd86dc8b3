import type { Clock, Log } from '@connectionsphere/core';
import type { WebClient } from '@slack/web-api';

/**
 * A token lasts twelve hours. With so little of it left the next one is asked for; Slack's library would do so two
 * hours before the end, but for requests only, and without keeping two of them from using up one refresh token.
 */
const RENEWED_BEFORE_S = 3 * 60 * 60;

/** What an installation has of a token that rotates. */
interface Rotating {
  readonly refreshToken?: string | undefined;
  /** Seconds since the epoch. */
  readonly expiresAt?: number | undefined;
}

interface RotationOptions {
  readonly client: { readonly id: string; readonly secret: string };
  readonly slack: WebClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks Slack for the next of tokens that rotate. https://docs.slack.dev/authentication/using-token-rotation */
export class Rotation {
  readonly log: Log;
  readonly #options: RotationOptions;

  constructor(options: RotationOptions) {
    this.#options = options;
    this.log = options.log;
  }

  /** Whether it is time for the next token; never for one that does not rotate. */
  isDue<T extends Rotating>(bot: T | undefined): bot is T & { readonly refreshToken: string } {
    return (
      bot?.refreshToken !== undefined &&
      (bot.expiresAt ?? 0) - this.#options.clock.now() / 1000 < RENEWED_BEFORE_S
    );
  }

  /** The next token, with what renews it. Uses the refresh token up. Throws where Slack gives none. */
  async next({
    refreshToken,
  }: {
    readonly refreshToken: string;
  }): Promise<Required<Rotating> & { token: string }> {
    const { client, slack, clock } = this.#options;
    const answer = await slack.oauth.v2.access({
      client_id: client.id,
      client_secret: client.secret,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    });
    const { access_token: token, refresh_token: next, expires_in: lastsS } = answer;
    if (token === undefined || next === undefined || lastsS === undefined)
      throw new Error('Slack gave no token in the place of the one that runs out.');
    return { token, refreshToken: next, expiresAt: Math.floor(clock.now() / 1000) + lastsS };
  }
}
