import type { Log, Shared, Topic } from '../../ports.ts';
import type { RedisClient } from './client.ts';
import { KEY_PREFIX } from './prefix.ts';

/** What processes tell each other, by Redis's publish and subscribe. */
export async function createTopics(
  redis: RedisClient,
  subscriber: RedisClient,
  self: string,
  log: Log,
): Promise<Pick<Shared, 'tell' | 'hear'>> {
  const listeners = new Map<string, Set<(message: string) => void>>();
  const channel = `${KEY_PREFIX}topics`;
  await subscriber.connect();
  await subscriber.subscribe(channel, (text) => {
    const [from, topic = '', ...message] = text.split(' ');
    if (from === self) return;
    for (const listener of listeners.get(topic) ?? []) {
      try {
        listener(message.join(' '));
      } catch (error) {
        log.error('What follows a message of another process failed', { topic, error });
      }
    }
  });
  return {
    tell: (topic, message = '') => {
      redis
        .publish(channel, `${self} ${topic} ${message}`)
        .catch((error) => log.warn('Other processes could not be told', { topic, error }));
    },
    hear: (topic: Topic, listener) => {
      const ofTopic = listeners.get(topic) ?? new Set();
      listeners.set(topic, ofTopic.add(listener));
    },
  };
}
