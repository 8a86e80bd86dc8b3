import type { OnUnknownFields } from './apollo/index.ts';
import type { Ports } from './ports.ts';

/** So many names are told apart; of an answer that is quite another, the rest is `other`. */
const MOST_NAMES = 100;

/** Counts what is unknown in Apollo's answers, and says so in the log when it is met first. Never fatal. */
export function countUnknownFields({ log, meter }: Pick<Ports, 'log' | 'meter'>): OnUnknownFields {
  const seen = new Set<string>();
  return (fields) => {
    for (const { part, field } of fields) {
      const name = `${part}.${field}`;
      if (!seen.has(name) && seen.size < MOST_NAMES) {
        seen.add(name);
        log.info("Apollo's answers have a field that this version does not know", { part, field });
      }
      meter?.unknownField(part, seen.has(name) ? field : 'other');
    }
  };
}
