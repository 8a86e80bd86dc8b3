import type { Core, Ports } from '@connectionsphere/core';
import { Tokens } from './api/tokens.ts';
import { nearestTo } from './nearest.ts';
import { wantedSlots } from './slot-requests.ts';

/** The workspace where none is named. */
const OWN_WORKSPACE = 'default';
/** The collection of Slack's installations: its keys are workspaces. */
export const SLACK_INSTALLATIONS = 'slack-installations';

/** An operator named a workspace that is not there. The message is for the operator. */
export class NoSuchWorkspace extends Error {
  override readonly name = 'NoSuchWorkspace';
  constructor(workspace: string, others: readonly string[]) {
    const meant = nearestTo(workspace, others);
    super(
      `There is no workspace "${workspace}", so nothing was done.${meant === undefined ? '' : ` Did you mean "${meant}"?`} A workspace is there as soon as it has a key, a token or a request for a slot, or installs the Slack app.`,
    );
  }
}

interface Opened {
  readonly core: Pick<Core, 'slots' | 'audit'>;
  readonly ports: Pick<Ports, 'store' | 'clock'>;
}

/** Names of the workspaces that are there, in the order of the alphabet. */
export async function workspaceNames({ core, ports }: Opened): Promise<string[]> {
  const names = new Set([
    ...(await core.slots.all()).map(({ workspace }) => workspace),
    ...(await new Tokens(ports, core.audit).workspaces()),
  ]);
  for await (const [, { workspace }] of wantedSlots(ports.store).entries()) names.add(workspace);
  for await (const [workspace] of ports.store.collection(SLACK_INSTALLATIONS).entries()) names.add(workspace);
  return [...names].sort();
}

/** For what operators do in any workspace: a mistyped name must not make a new one. Throws {@link NoSuchWorkspace}. */
export async function requireWorkspace(workspace: string, opened: Opened): Promise<void> {
  if (workspace === OWN_WORKSPACE) return;
  const names = await workspaceNames(opened);
  if (!names.includes(workspace)) throw new NoSuchWorkspace(workspace, names);
}
