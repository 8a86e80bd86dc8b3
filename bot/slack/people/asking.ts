import { type Clients, NotInstalled } from '../transport/clients.ts';
import type { Asker } from './people.ts';
import { NotAllowed } from './permissions.ts';

/**
 * How the app is installed in a workspace; `undefined`: it is not. `organisation`: which Slack says that the workspace
 * belongs to, where Slack has just said so.
 */
export type InstalledHow = (
  workspace: string,
  organisation?: string,
) => Promise<{ readonly organisation?: string } | undefined>;

/** Gives somebody as one who asks, where no request of Slack's says so. @throws {NotAllowed} where the app is not installed. */
export type AskerFor = (workspace: string, user: string, organisation?: string) => Promise<Asker>;

export function askerFor(clients: Clients, installed: InstalledHow): AskerFor {
  return async (workspace, user, organisation) => {
    const how = await installed(workspace, organisation);
    const client =
      how &&
      (await clients.of(workspace).catch((error: unknown) => {
        if (!(error instanceof NotInstalled)) throw error;
      }));
    if (!client) throw new NotAllowed('The app is not installed in this Slack workspace. Nothing was done.');
    return { client, workspace, user, ...how };
  };
}
