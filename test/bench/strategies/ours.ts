import path from 'node:path';
import { openCore } from '../../../bot/core.ts';
import { sourceOf, writeJob } from '../../../bot/list-file.ts';
import { DEFAULT_OPTIONS, mapColumns } from '../../../core/index.ts';
import { createLog, openLeadFile, readConfig } from '../../../core/node/index.ts';
import type { Strategy } from '../task.ts';

const WORKSPACE = 'bench';

/** 5: ours, as the command line runs it, with its store on disk. It is given the keys and told nothing else. */
export const ours: Strategy = {
  open: async (task) => {
    const config = {
      ...readConfig({
        DATA_DIR: path.join(task.folder, 'data'),
        APOLLO_BASE_URL: task.apolloUrl,
        APOLLO_MINUTE_MS: String(task.minuteMs),
      }),
      // A workspace has four slots; the settings with more teams measure the core beyond that.
      slots: { self: task.teams.flatMap(({ keys }) => keys).length, dfy: 0 },
    };
    const { core, close } = await openCore(config, createLog({ level: 'error' }), { command: 'bench' });
    for (const key of task.teams.flatMap(({ keys }) => keys)) {
      await core.slots.connect({ workspace: WORKSPACE, key });
    }
    return {
      read: async () => {
        const file = await openLeadFile(task.list);
        const job = await core.jobs.prepare({
          workspace: WORKSPACE,
          name: file.name,
          headers: file.headers,
          source: sourceOf(file),
          mapping: mapColumns(file.headers, await file.sample(200)),
          rows: file.rows(),
          options: DEFAULT_OPTIONS,
          fresh: false,
        });
        await file.close();
        return {
          work: async (signal) => {
            await core.jobs.start(job.id);
            signal.addEventListener('abort', () => void core.jobs.pause(job.id));
            await core.jobs.settled(job.id);
          },
          write: async () => {
            await writeJob(core, job, task.out);
            const status = await core.jobs.status(job.id);
            if (!status) throw new Error('The job is gone');
            const { matched, unmatched, skipped, failed } = status.counts;
            // Paused at the time limit: answers of unfinished chunks are known, though no row has them yet.
            const ahead = status.state === 'paused' ? status.counts.lookups : 0;
            return { answered: Math.max(matched + unmatched + skipped, ahead), failed };
          },
          close,
        };
      },
    };
  },
};
