import Bottleneck from 'bottleneck';
import type { Limits } from '../../sandbox/settings.ts';
import type { Strategy } from '../task.ts';
import { CallFailed, matchTen } from './apollo.ts';
import { distinct, type Row, readRows, tens, writeRows } from './list.ts';

/** More under way than any strategy here needs. */
const AT_ONCE_PER_TEAM = 32;
const TRIES = 8;

/**
 * 4: tens, all keys, Bottleneck told the true limits: a limiter per team (it knows which keys share one),
 * the minute as its reservoir, the hour and the day as limiters chained behind it. A batch is taken when its
 * permit is there, so that none waits for a team that is spent; what fails goes back to the others, and the
 * permit waits as the library's documentation shows ("failed" → ms). Exact duplicates are asked for once.
 */
export const bottleneck: Strategy = {
  open: async ({ list, out, apolloUrl, teams, minuteMs }) => ({
    read: async () => {
      const rows = await readRows(list);
      const { ask, share } = distinct(rows);
      const waiting = tens(ask);
      return {
        work: async (signal) => {
          const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
          signal.addEventListener('abort', () => finish());
          let open = waiting.length;
          if (open === 0) return;
          const tries = new Map<Row[], number>();
          const settled = () => {
            open -= 1;
            if (open === 0) finish();
          };
          const limiters = teams.map(({ limits, keys }) => {
            const limiter = limiterOf(limits, minuteMs);
            let turn = 0;
            const one = async () => {
              const batch = waiting.shift();
              if (!batch || signal.aborted) return;
              try {
                const matches = await matchTen(
                  apolloUrl,
                  keys[turn++ % keys.length] ?? '',
                  batch.map(({ detail }) => detail),
                );
                for (const [index, row] of batch.entries()) row.match = matches[index] ?? null;
                settled();
              } catch (error) {
                const tried = (tries.get(batch) ?? 0) + 1;
                tries.set(batch, tried);
                // A 429 is the team's and not the batch's fault: it is tried again for as long as it takes.
                const refused = error instanceof CallFailed && error.status === 429;
                if (refused || (tried < TRIES && error instanceof CallFailed && error.isTransient)) {
                  waiting.unshift(batch);
                } else {
                  for (const row of batch) row.failed = true;
                  settled();
                }
                throw error;
              }
            };
            limiter.on('failed', (error, { retryCount }) => {
              if (signal.aborted || open === 0 || !(error instanceof CallFailed)) return undefined;
              return error.retryAfterMs ?? Math.min(5000, 250 * 2 ** retryCount);
            });
            const worker = async () => {
              while (open > 0 && !signal.aborted) {
                // A permit whose batch another one took meanwhile is lost, a moment before the end only.
                await limiter.schedule(one).catch(() => undefined);
                if (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
              }
            };
            for (let number = 0; number < AT_ONCE_PER_TEAM; number += 1) void worker();
            return limiter;
          });
          await finished;
          for (const limiter of limiters) {
            await limiter.stop({ dropWaitingJobs: true }).catch(() => undefined);
          }
        },
        write: () => {
          share();
          return writeRows(out, rows);
        },
      };
    },
  }),
};

function limiterOf({ minute, hour, day }: Limits, minuteMs: number): Bottleneck {
  const window = (limit: number | null, ms: number) =>
    new Bottleneck({
      maxConcurrent: AT_ONCE_PER_TEAM,
      ...(limit !== null && {
        reservoir: limit,
        reservoirRefreshAmount: limit,
        reservoirRefreshInterval: ms,
      }),
    });
  const limiter = window(minute, minuteMs);
  let last = limiter;
  for (const [limit, minutes] of [
    [hour, 60],
    [day, 1440],
  ] as const) {
    if (limit === null) continue;
    const next = window(limit, minutes * minuteMs);
    last.chain(next);
    last = next;
  }
  return limiter;
}
