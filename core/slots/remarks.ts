import type { Unread } from './check.ts';
import { conditionWords } from './health.ts';
import type { Connection } from './types.ts';

const CONSEQUENCES: Record<Unread, string> = {
  team: 'it is treated as a team of its own, so whether it shares limits with another key is not known',
  credits: 'credits are not shown',
  limits: 'limits are learnt from the first answers',
};

/** What to tell the person who connected a key. `now`: ms since the epoch. */
export function remarksOn(
  connection: Connection,
  sharesLimitsWith: readonly number[],
  notRead: readonly Unread[],
  now: number,
): string[] {
  const remarks: string[] = [];
  if (notRead.length > 0) {
    remarks.push(
      `Could not read this key's ${list(notRead)}: ${list(notRead.map((part) => CONSEQUENCES[part]))}. A master key shows them.`,
    );
  }
  if (sharesLimitsWith.length > 0) {
    const slots = `slot${sharesLimitsWith.length > 1 ? 's' : ''} ${list(sharesLimitsWith)}`;
    remarks.push(`Same Apollo team as ${slots}: shares limits, so this key adds no speed.`);
  }
  if (connection.health.state !== 'healthy') remarks.push(conditionWords(connection, now));
  return remarks;
}

function list(items: readonly (string | number)[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
