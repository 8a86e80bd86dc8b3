import {
  createNodeRedisClient,
  DelayedError,
  type FlowJob,
  FlowProducer,
  Queue,
  WaitingError,
  Worker,
  type Job as WorkItem,
} from 'bullmq';
import type { ChunkQueue, ChunkWorker, JobRun, Log } from '../../ports.ts';
import { untilAnswered } from './client.ts';
import type { RedisConnection } from './connection.ts';
import { KEY_PREFIX } from './prefix.ts';

/** Names of the queues and how BullMQ's keys begin. */
const CHUNKS = 'chunks';
const FINISHES = 'finishes';
const PREFIX = `${KEY_PREFIX}bullmq`;

/**
 * Chunks that one process has at once, most of them waiting for Apollo: a list has one or two, then it is fed
 * (`ChunkWorker.mayBegin`), so that many teams whose limits are reached leave room for those that can be called.
 */
const CHUNKS_AT_ONCE = 256;
/** Jobs that wait for their late phones, in one process. */
const FINISHES_AT_ONCE = 256;
/** Chunks of a run that are in the queue: enough for many processes, few enough to be put off again and again. */
const CHUNKS_QUEUED = 16;
/** How long a chunk is put off that would only wait, ms: half as long as its run has not needed one. */
const PUT_OFF_MS = { least: 10, most: 1_000 } as const;
/** A chunk is never given up because processes died: each answer it had is known already. */
const STALLED_AT_MOST = 1_000_000;
/** BullMQ's lowest priority. */
const LOWEST_PRIORITY = 2_097_152;

interface RunData extends JobRun {
  /** The numbers of its chunks. */
  readonly chunks: readonly number[];
}

interface ChunkData extends JobRun {
  readonly number: number;
  /** Which of the run's chunks it is. */
  readonly index: number;
}

/**
 * Chunks as BullMQ jobs in a flow whose parent finishes the run. A chunk's number is its priority, so that
 * the first chunks of a small list are not behind all those of a large one. Each chunk that is done brings the next one
 * into the queue, and one that would only wait for its team is put off: it keeps no place from others meanwhile.
 * @param lockMs a chunk whose process says nothing for so long is given to another one.
 */
export function createChunkQueue(
  redis: RedisConnection,
  log: Log,
  lockMs: number,
): { queue: ChunkQueue; close(): Promise<void> } {
  const client = redis.duplicate();
  const connection = createNodeRedisClient(client);
  const base = { connection, prefix: PREFIX };
  const flows = new FlowProducer(base);
  const chunks = new Queue<ChunkData>(CHUNKS, base);
  const finishes = new Queue<RunData>(FINISHES, base);
  // The loss of Redis is logged where it is noticed first, once.
  const quietly = (error: Error) => log.debug('BullMQ waits for Redis', { error: error.message });
  connection.on('error', quietly);
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
  const chunkOf = ({ job, run, chunks: numbers }: RunData, index: number) => {
    const number = numbers[index] ?? 0;
    return {
      name: 'chunk',
      data: { job, run, number, index } satisfies ChunkData,
      opts: {
        ...gone,
        jobId: `${runId({ job, run })}-${index}`,
        priority: Math.min(number + 1, LOWEST_PRIORITY),
        removeDependencyOnFailure: true,
      },
    };
  };
  /** Before the chunk counts as done, so that its run is never without one until the last. */
  const bringNext = async ({ index, ...run }: ChunkData) => {
    const id = runId(run);
    const data = (await finishes.getJob(id))?.data;
    const next = index + CHUNKS_QUEUED;
    if (!data || next >= data.chunks.length) return;
    const { name, data: chunk, opts } = chunkOf(data, next);
    await chunks.add(name, chunk, { ...opts, parent: { id, queue: finishes.qualifiedName } });
  };
  const queue: ChunkQueue = {
    async add(run, numbers) {
      const data: RunData = { ...run, chunks: numbers };
      const first = numbers.slice(0, CHUNKS_QUEUED);
      const flow: FlowJob = {
        name: 'finish',
        queueName: FINISHES,
        data,
        opts: { ...gone, jobId: runId(run) },
        children: first.map((_, index) => ({ queueName: CHUNKS, ...chunkOf(data, index) })),
      };
      await untilAnswered(client, () => flows.add(flow));
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
      const admission = new Admission(worker);
      const workers = [
        new Worker<ChunkData>(CHUNKS, (item, token) => chunk(item, token, admission, bringNext), {
          ...settings,
          concurrency: CHUNKS_AT_ONCE,
        }),
        new Worker<RunData>(FINISHES, (item, token) => finish(worker, item, token), {
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

/** Which chunks a process begins: of each run one after the other, and none that would only wait. */
class Admission {
  readonly #worker: ChunkWorker;
  /** By run, the chunk that is being read. */
  readonly #reading = new Map<string, number>();
  /** Since when a run needs no chunk here, ms of `performance.now`. */
  readonly #fedSince = new Map<string, number>();

  constructor(worker: ChunkWorker) {
    this.#worker = worker;
  }

  /** How long a chunk of the run is to be put off, ms; `undefined`: not at all. */
  putOff(run: JobRun): number | undefined {
    if (!this.#reading.has(run.run) && this.#worker.mayBegin(run) !== 'later') {
      this.#fedSince.delete(run.run);
      return undefined;
    }
    const now = performance.now();
    const since = this.#fedSince.get(run.run) ?? now;
    this.#fedSince.set(run.run, since);
    return Math.min(PUT_OFF_MS.most, Math.max(PUT_OFF_MS.least, (now - since) / 2));
  }

  async work({ number, ...run }: ChunkData): Promise<'done' | 'again' | 'over'> {
    const read = () => {
      if (this.#reading.get(run.run) === number) this.#reading.delete(run.run);
    };
    this.#reading.set(run.run, number);
    try {
      return await this.#worker.chunk(run, number, read);
    } finally {
      read();
    }
  }
}

async function chunk(
  item: WorkItem<ChunkData>,
  token: string | undefined,
  admission: Admission,
  bringNext: (chunk: ChunkData) => Promise<void>,
) {
  const putOffMs = admission.putOff(item.data);
  if (putOffMs !== undefined) {
    await item.moveToDelayed(Date.now() + Math.ceil(putOffMs), token);
    throw new DelayedError();
  }
  const worked = await admission.work(item.data);
  if (worked === 'again') await putBack(item, token);
  if (worked === 'done') await bringNext(item.data);
}

async function finish(worker: ChunkWorker, item: WorkItem<RunData>, token: string | undefined) {
  if ((await worker.finish(item.data)) === 'again') await putBack(item, token);
}

async function putBack(item: WorkItem, token: string | undefined): Promise<never> {
  await item.moveToWait(token);
  throw new WaitingError();
}

function runId({ job, run }: JobRun): string {
  return `${job}-${run}`;
}
