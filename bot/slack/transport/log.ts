import type { Log } from '@connectionsphere/core';
import { type Logger, LogLevel } from '@slack/bolt';

/**
 * Slack's libraries log whole envelopes at DEBUG, a key that somebody has just submitted included, and no
 * pattern recognises every key. So of what they say only the words stay: nothing from the first brace on, no
 * word that is as long as a secret, and of objects no more than an error's name.
 */
function wordsOf(message: unknown): string {
  if (message instanceof Error) {
    const code = 'code' in message ? ` (${String(message.code)})` : '';
    return `${message.name}${code}: ${wordsOf(message.message)}`;
  }
  if (typeof message === 'object' && message !== null) return '{…}';
  return String(message)
    .replace(/[{][\s\S]*$/, '{…}')
    .replace(/[\w+=~-]{12,}/g, (word) => (isOrdinary(word) ? word : '[…]'));
}

/** Words of a language, and Slack's own such as `message_not_found`. Random letters are of both cases. */
function isOrdinary(word: string): boolean {
  return /^[A-Z]?[a-z]+(?:[_-][a-z]+)*$/.test(word) && word.length < 40;
}

/** A logger for Slack's libraries that writes to ours, at every level without what people sent. */
export function slackLogger(log: Log): Logger {
  const text = (messages: unknown[]) => `Slack: ${messages.map(wordsOf).join(' ')}`;
  return {
    debug: (...messages) => log.debug(text(messages)),
    info: (...messages) => log.debug(text(messages)),
    warn: (...messages) => log.warn(text(messages)),
    error: (...messages) => log.error(text(messages)),
    // The level is the log's own affair.
    setLevel: () => {},
    getLevel: () => LogLevel.DEBUG,
    setName: () => {},
  };
}
