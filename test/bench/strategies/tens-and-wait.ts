import { setTimeout as sleep } from 'node:timers/promises';
import type { Strategy } from '../task.ts';
import { matchTen } from './apollo.ts';
import { readRows, tens, writeRows } from './list.ts';

const TRIES = 3;

/** 2: tens, one key, a loop with a wait of a second (a sixtieth of Apollo's minute): the usual workflow. */
export const tensAndWait: Strategy = {
  open: async ({ list, out, apolloUrl, teams, minuteMs }) => ({
    read: async () => {
      const rows = await readRows(list);
      const key = teams[0]?.keys[0] ?? '';
      return {
        work: async (signal) => {
          for (const batch of tens(rows)) {
            for (let tries = 1; tries <= TRIES; tries += 1) {
              if (signal.aborted) return;
              const matches = await matchTen(
                apolloUrl,
                key,
                batch.map(({ detail }) => detail),
              ).catch(() => undefined);
              for (const [index, row] of batch.entries()) {
                if (matches) row.match = matches[index] ?? null;
                else if (tries === TRIES) row.failed = true;
              }
              await sleep(minuteMs / 60);
              if (matches) break;
            }
          }
        },
        write: () => writeRows(out, rows),
      };
    },
  }),
};
