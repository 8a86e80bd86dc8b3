import { mobileSpentUntil } from './health.ts';
import type { Connection } from './types.ts';

/**
 * Credits that Apollo says are left for these connections together: of each team what the team has, or less where its
 * users have caps of their own. `undefined` where no key tells.
 */
export function creditsLeft(connections: readonly Connection[]): number | undefined {
  return overTeams(connections, ({ credits }) => credits && [credits.left, credits.team ?? credits.left]);
}

/** The same of credits for mobile numbers; `undefined` where they are of one pool with all others, or no key tells. */
export function mobileCreditsLeft(connections: readonly Connection[], now: number): number | undefined {
  return overTeams(connections, (connection) => {
    const spent = mobileSpentUntil(connection, now) !== undefined;
    const left = spent ? 0 : connection.credits?.mobile?.left;
    return left === undefined ? undefined : [left, left];
  });
}

/** Whether the cap of the key's user ends before the team's credits do. */
export function isCapped({ credits }: Pick<Connection, 'credits'>): boolean {
  return credits?.user !== undefined;
}

/** `leftOf`: what a connection has left, and its whole team. */
function overTeams(
  connections: readonly Connection[],
  leftOf: (connection: Connection) => readonly [own: number, team: number] | undefined,
): number | undefined {
  const teams = new Map<string, { own: number; team: number }>();
  for (const connection of connections) {
    const left = leftOf(connection);
    if (!left) continue;
    const before = teams.get(connection.team) ?? { own: 0, team: 0 };
    teams.set(connection.team, { own: before.own + left[0], team: Math.max(before.team, left[1]) });
  }
  if (teams.size === 0) return undefined;
  return [...teams.values()].reduce((sum, { own, team }) => sum + Math.min(own, team), 0);
}
