import path from 'node:path';
import { openCore } from '../../../bot/core.ts';
import { sourceOf, writeJob } from '../../../bot/list-file.ts';
import { DEFAULT_OPTIONS, type Job, mapColumns } from '../../../core/index.ts';
import { createLog, openLeadFile, readConfig } from '../../../core/node/index.ts';
import type { Strategy } from '../task.ts';

/** Slots of a workspace. */
const KEYS_PER_WORKSPACE = 4;

/**
 * 5: ours, as the command line runs it, with its store on disk. It is given the keys and told nothing else. A
 * workspace has four slots: more keys are more workspaces of one server, the rows dealt out among them.
 */
export const ours: Strategy = {
  open: async ({ list, out, folder, apolloUrl, minuteMs, teams }) => {
    const config = readConfig({
      DATA_DIR: path.join(folder, 'data'),
      APOLLO_BASE_URL: apolloUrl,
      APOLLO_MINUTE_MS: String(minuteMs),
      SLOTS_SELF: String(KEYS_PER_WORKSPACE),
      SLOTS_DFY: '0',
    });
    const { core, close } = await openCore(config, createLog({ level: 'error' }), { command: 'bench' });
    const keys = teams.flatMap((team) => team.keys);
    const workspaceOf = (index: number) => `bench-${Math.floor(index / KEYS_PER_WORKSPACE)}`;
    for (const [index, key] of keys.entries())
      await core.slots.connect({ workspace: workspaceOf(index), key });
    const workspaces = [...new Set(keys.map((_, index) => workspaceOf(index)))];
    return {
      read: async () => {
        const file = await openLeadFile(list);
        const mapping = mapColumns(file.headers, await file.sample(200));
        const jobs: Job[] = [];
        for (const [part, workspace] of workspaces.entries()) {
          const request = {
            workspace,
            name: file.name,
            headers: file.headers,
            source: sourceOf(file),
            mapping,
            rows: everyNth(file.rows(), workspaces.length, part),
            options: DEFAULT_OPTIONS,
            fresh: false,
          };
          jobs.push(await core.jobs.prepare(request));
        }
        await file.close();
        return {
          work: async (signal) => {
            signal.addEventListener('abort', () => {
              for (const { id } of jobs) void core.jobs.pause(id);
            });
            await Promise.all(jobs.map(({ id }) => core.jobs.start(id)));
            await Promise.all(jobs.map(({ id }) => core.jobs.settled(id)));
          },
          write: async () => {
            const done = { answered: 0, failed: 0 };
            for (const job of jobs) {
              await writeJob(core, job, `${out}${job.id}`);
              const status = await core.jobs.status(job.id);
              if (!status) throw new Error('The job is gone');
              const { matched, unmatched, skipped, failed, lookups } = status.counts;
              // Paused at the time limit: answers of unfinished chunks are known, though no row has them yet.
              const ahead = status.state === 'paused' ? lookups : 0;
              done.answered += Math.max(matched + unmatched + skipped, ahead);
              done.failed += failed;
            }
            return done;
          },
          close,
        };
      },
    };
  },
};

async function* everyNth<T>(items: AsyncIterable<T>, nth: number, first: number): AsyncGenerator<T> {
  let index = 0;
  for await (const item of items) {
    if (index % nth === first) yield item;
    index += 1;
  }
}
