import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Strategy } from '../task.ts';
import { CallFailed, matchTen } from './apollo.ts';
import { distinct, type Row, readRows, tens, writeRows } from './list.ts';

const AT_ONCE_PER_KEY = 8;
const TRIES = 10;
/** In seconds of Apollo's minute. */
const LONGEST_WAIT = 32;

/**
 * 3: tens, all keys in rotation, p-limit, exponential backoff with jitter on 429 and trouble: what an
 * engineer writes in an afternoon. Exact duplicates are asked for once.
 */
export const rotation: Strategy = {
  open: async ({ list, out, apolloUrl, teams, minuteMs }) => ({
    read: async () => {
      const rows = await readRows(list);
      const { ask, share } = distinct(rows);
      const keys = teams.flatMap((team) => team.keys);
      const limit = pLimit(AT_ONCE_PER_KEY * keys.length);
      let turn = 0;
      const look = async (batch: readonly Row[], signal: AbortSignal) => {
        for (let tries = 0; tries < TRIES; tries += 1) {
          if (signal.aborted) return;
          const key = keys[turn++ % keys.length] ?? '';
          try {
            const matches = await matchTen(
              apolloUrl,
              key,
              batch.map(({ detail }) => detail),
            );
            for (const [index, row] of batch.entries()) row.match = matches[index] ?? null;
            return;
          } catch (error) {
            if (!(error instanceof CallFailed && error.isTransient)) break;
            const seconds = Math.min(LONGEST_WAIT, 2 ** tries) * (0.5 + Math.random() / 2);
            await sleep((seconds * minuteMs) / 60, undefined, { signal }).catch(() => undefined);
          }
        }
        for (const row of batch) row.failed = true;
      };
      return {
        work: async (signal) => {
          await Promise.all(tens(ask).map((batch) => limit(() => look(batch, signal))));
        },
        write: () => {
          share();
          return writeRows(out, rows);
        },
      };
    },
  }),
};
