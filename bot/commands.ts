import path from 'node:path';
import {
  type AuditQuery,
  type ConnectRequest,
  EVERYWHERE,
  type ScheduleWish,
  type SlotAddress,
} from '@connectionsphere/core';
import { backup } from '@connectionsphere/core/node';
import { Tokens } from './api/tokens.ts';
import { auditPage } from './audit.ts';
import type { OpenCore } from './core.ts';
import { jobOf } from './job.ts';
import { type Writing, writeJob } from './list-file.ts';
import { decideReviews, openReviews } from './reviews.ts';
import type { LinkRequest, OneTimeLinks } from './web/links.ts';
import { requireWorkspace } from './workspaces.ts';

/** How people read who made a link on the command line. */
export const OPERATOR_OF_SERVER = 'an operator of this server';

/** What makes links to the page. */
interface Page {
  readonly links: OneTimeLinks;
  /** Where people reach the page, without a slash at its end. */
  readonly address: () => string;
}

/**
 * What a command has done by whoever holds the store: by itself, or by a server that is running. Arguments and
 * results are plain data, so that they can cross from one process to the other.
 */
export function commandsOf({ core, ports }: Pick<OpenCore, 'core' | 'ports'>, { links, address }: Page) {
  const { slots, credits, jobs } = core;
  const tokens = new Tokens(ports, core.audit);
  const job = (workspace: string, id: string) => jobOf(core, workspace, id, LISTING);
  return {
    listSlots: slots.list.bind(slots),
    refreshSlots: slots.refresh.bind(slots),
    setShare: slots.setShare.bind(slots),
    connect: slots.connect.bind(slots),
    replace: slots.replace.bind(slots),
    disconnect: slots.disconnect.bind(slots),
    /** `isNew`: the workspace need not be there. Throws `NoSuchWorkspace`. */
    fill: async (request: ConnectRequest, isNew: boolean) => {
      if (!isNew) await requireWorkspace(request.workspace, { core, ports });
      return await slots.fill(request);
    },
    clear: async (address: SlotAddress) => {
      await requireWorkspace(address.workspace, { core, ports });
      return await slots.clear(address);
    },
    credits: credits.month.bind(credits),
    setMonthlyLimit: credits.setMonthlyLimit.bind(credits),
    setSlotLimit: credits.setSlotLimit.bind(credits),
    listJobs: jobs.list.bind(jobs),
    job,
    cancelJob: async (workspace: string, id: string) => {
      await job(workspace, id);
      await jobs.cancel(id);
      return await job(workspace, id);
    },
    setSchedule: async (workspace: string, id: string, wish: ScheduleWish) => {
      await job(workspace, id);
      return await jobs.schedules.set(id, wish);
    },
    removeSchedule: async (workspace: string, id: string) => {
      await job(workspace, id);
      return await jobs.schedules.remove(id);
    },
    /** `path`: of a file on this machine, from its root. Gives how many leads were written. */
    writeResults: async (workspace: string, id: string, path: string, writing: Writing) =>
      await writeJob(core, await job(workspace, id), path, writing),
    openReviews: (workspace: string, id: string) => openReviews(core, workspace, id, LISTING),
    decideReviews: decideReviews.bind(undefined, core),
    forget: core.forget,
    personData: core.personData,
    backup: async (path: string) => {
      const made = await backup(ports.store, path);
      await core.audit.record(EVERYWHERE, 'store.backup', made);
      return made;
    },
    audit: (query: AuditQuery, limit: number) => auditPage(core.audit, query, limit),
    makeLink: async (request: LinkRequest) => {
      const { path: at, until } = await links.make(request);
      return { url: `${address()}${at}`, until };
    },
    makeResultLink: async (workspace: string, id: string) => {
      const { path: at, until } = await links.makeForResult(await job(workspace, id), OPERATOR_OF_SERVER);
      return { url: `${address()}${at}`, until };
    },
    createToken: tokens.create.bind(tokens),
    rollToken: tokens.roll.bind(tokens),
    listTokens: tokens.list.bind(tokens),
    revokeToken: tokens.revoke.bind(tokens),
  };
}

export type Commands = ReturnType<typeof commandsOf>;

/** Who asks, as the command line knows it: only who may do everything with the store reaches these commands. */
export const ACTOR_HEADER = 'connectionsphere-user';

/** What lists the jobs there are. */
export const LISTING = '"./connectionsphere jobs"';

/** Where a server that holds the embedded store is reached: a socket in DATA_DIR that only its owner may open. */
export function commandSocketPath(dataDir: string): string {
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\connectionsphere-${Buffer.from(dataDir).toString('hex').slice(-64)}`
    : path.join(dataDir, 'server.sock');
}
