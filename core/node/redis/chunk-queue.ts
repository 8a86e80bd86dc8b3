import { FlowProducer, Queue, WaitingError, Worker, type Job as WorkItem } from 'bullmq';
import type { ChunkQueue, ChunkWorker, JobRun, Log } from '../../ports.ts';
import { KEY_PREFIX, type RedisConnection } from './connection.ts';

/** Names of the queues and how BullMQ's keys begin. */
const CHUNKS = 'chunks';
const FINISHES = 'finishes';
const PREFIX = `${KEY_PREFIX}bullmq`;

/** Chunks that one process works on at once: enough leads for every lane, and some left for the others. */
const CHUNKS_AT_ONCE = 8;
/** Jobs that wait for their late phones, in one process. */
const FINISHES_AT_ONCE = 50;
/** A chunk is never given up because processes died: each answer it had is known already. */
const STALLED_AT_MOST = 1_000_000;
/** BullMQ's lowest priority. */
const LOWEST_PRIORITY = 2_097_152;

interface ChunkData extends JobRun {
  readonly number: number;
}

/**
 * Chunks as BullMQ jobs in a flow whose parent finishes the run. A chunk's number is its priority, so that
 * the first chunks of a small list are not behind all those of a large one.
 * @param lockMs a chunk whose process says nothing for so long is given to another one.
 */
export function createChunkQueue(
  redis: RedisConnection,
  log: Log,
  lockMs: number,
): { queue: ChunkQueue; close(): Promise<void> } {
  const base = { connection: redis.duplicate(), prefix: PREFIX };
  const flows = new FlowProducer(base);
  const chunks = new Queue<ChunkData>(CHUNKS, base);
  const finishes = new Queue<JobRun>(FINISHES, base);
  // The loss of Redis is logged where it is noticed first, once.
  const quietly = (error: Error) => log.debug('BullMQ waits for Redis', { error: error.message });
  flows.on('error', quietly);
  chunks.on('error', quietly);
  finishes.on('error', quietly);
  const gone = { removeOnComplete: true, removeOnFail: true };
  const settings = {
    ...base,
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    maxStalledCount: STALLED_AT_MOST,
  };
  const queue: ChunkQueue = {
    async add(run, numbers) {
      await flows.add({
        name: 'finish',
        queueName: FINISHES,
        data: run,
        opts: { ...gone, jobId: runId(run) },
        children: numbers.map((number) => ({
          name: 'chunk',
          queueName: CHUNKS,
          data: { ...run, number } satisfies ChunkData,
          opts: {
            ...gone,
            priority: Math.min(number + 1, LOWEST_PRIORITY),
            removeDependencyOnFailure: true,
          },
        })),
      });
    },
    async has(run) {
      return (await finishes.getJob(runId(run))) !== undefined;
    },
    async isServed() {
      try {
        return (await chunks.getWorkersCount()) > 0;
      } catch {
        // Hosted Redis may forbid CLIENT LIST; then somebody is supposed to be there.
        return true;
      }
    },
    serve(worker) {
      const workers = [
        new Worker<ChunkData>(CHUNKS, (item, token) => chunk(worker, item, token), {
          ...settings,
          concurrency: CHUNKS_AT_ONCE,
        }),
        new Worker<JobRun>(FINISHES, (item, token) => finish(worker, item, token), {
          ...settings,
          concurrency: FINISHES_AT_ONCE,
        }),
      ];
      for (const each of workers) {
        each.on('error', quietly);
        each.on('failed', (item, error) =>
          log.warn('A chunk was lost by the queue; its job goes on when it is looked after', {
            job: item?.data.job,
            error: error.message,
          }),
        );
      }
      return async () => {
        await Promise.all(workers.map((each) => each.close()));
        return [];
      };
    },
  };
  return {
    queue,
    close: async () => {
      await Promise.all([flows.close(), chunks.close(), finishes.close()]);
    },
  };
}

async function chunk(worker: ChunkWorker, item: WorkItem<ChunkData>, token: string | undefined) {
  const { number, ...run } = item.data;
  if ((await worker.chunk(run, number, () => undefined)) === 'again') await putBack(item, token);
}

async function finish(worker: ChunkWorker, item: WorkItem<JobRun>, token: string | undefined) {
  if ((await worker.finish(item.data)) === 'again') await putBack(item, token);
}

async function putBack(item: WorkItem, token: string | undefined): Promise<never> {
  await item.moveToWait(token);
  throw new WaitingError();
}

function runId({ job, run }: JobRun): string {
  return `${job}-${run}`;
}
