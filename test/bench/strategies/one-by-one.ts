import { setTimeout as sleep } from 'node:timers/promises';
import type { Strategy } from '../task.ts';
import { matchOne } from './apollo.ts';
import { readRows, writeRows } from './list.ts';

/** As n8n's "Retry On Fail": three tries, a second between. */
const TRIES = 3;

/** 1: one lead per call, one key, one after the other: what most nodes do. */
export const oneByOne: Strategy = {
  open: async ({ list, out, apolloUrl, teams, minuteMs }) => ({
    read: async () => {
      const rows = await readRows(list);
      const key = teams[0]?.keys[0] ?? '';
      return {
        work: async (signal) => {
          for (const row of rows) {
            for (let tries = 1; row.match === undefined && !row.failed; tries += 1) {
              if (signal.aborted) return;
              try {
                row.match = await matchOne(apolloUrl, key, row.detail);
              } catch {
                if (tries === TRIES) row.failed = true;
                else await sleep(minuteMs / 60);
              }
            }
          }
        },
        write: () => writeRows(out, rows),
      };
    },
  }),
};
