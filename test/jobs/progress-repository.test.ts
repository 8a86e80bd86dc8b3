import { expect, test } from 'vitest';
import { NO_PROGRESS } from '../../core/jobs/progress.ts';
import { ProgressRepository } from '../../core/jobs/progress-repository.ts';
import { VirtualClock } from '../limits/virtual-clock.ts';
import { MemoryStore } from '../slots/world.ts';

const DAY_MS = 86_400_000;
const log = { debug() {}, info() {}, warn() {}, error() {} };

function repositories() {
  const clock = new VirtualClock();
  const store = new MemoryStore();
  const open = () => new ProgressRepository({ clock, log, store }, 30 * DAY_MS);
  return { clock, open };
}

function decided(rows: number) {
  return { counts: { ...NO_PROGRESS.counts, matched: rows, lookups: rows }, finished: rows };
}

test('what is found of a list is shown by every process, however long the list waits, and never counted twice', async () => {
  const { clock, open } = repositories();
  const [worker, web] = [open(), open()];
  worker.foundAhead('list', 0, { found: 101, lookups: 90 });
  await clock.advance(1_000);
  expect(await web.get('list')).toMatchObject({ finished: 101, counts: { lookups: 90 } });
  await clock.advance(DAY_MS);
  expect(await web.get('list')).toMatchObject({ finished: 101, counts: { lookups: 90 } });
  worker.foundAhead('list', 1, { found: 7, lookups: 7 });
  await clock.advance(1_000);
  await worker.add('list', 0, decided(200));
  expect(await web.get('list')).toMatchObject({ finished: 207, counts: { matched: 200, lookups: 207 } });
});

test('what a process found before it died is not lost, nor counted again by the one that takes over', async () => {
  const { clock, open } = repositories();
  open().foundAhead('list', 0, { found: 101, lookups: 90 });
  await clock.advance(1_000);
  const next = open();
  next.foundAhead('list', 0, { found: 20, lookups: 0 });
  await clock.advance(1_000);
  expect(await next.get('list')).toMatchObject({ finished: 101, counts: { lookups: 90 } });
  await next.add('list', 0, decided(200));
  expect(await next.get('list')).toMatchObject({ finished: 200, counts: { lookups: 200 } });
});

test('a list that stops keeps nothing that is stored with it', async () => {
  const { clock, open } = repositories();
  const repository = open();
  repository.foundAhead('list', 0, { found: 5, lookups: 5 });
  await clock.advance(1_000);
  repository.foundAhead('list', 0, { found: 9, lookups: 9 });
  await repository.stop('list');
  await clock.advance(1_000);
  expect(await repository.get('list')).toEqual(NO_PROGRESS);
});

test('what is found while the store is slow is counted once', async () => {
  const clock = new VirtualClock();
  const store = new MemoryStore();
  const slow = Promise.withResolvers<void>();
  const counters: MemoryStore['counters'] = (name) => {
    const kept = store.counters(name);
    const get = async (key: string) => {
      const fields = await kept.get(key);
      await slow.promise;
      return fields;
    };
    return Object.assign(Object.create(kept), { get }) as typeof kept;
  };
  const repository = new ProgressRepository(
    { clock, log, store: Object.assign(new MemoryStore(), { counters }) },
    DAY_MS,
  );
  repository.foundAhead('list', 0, { found: 10, lookups: 10 });
  await clock.advance(1_000);
  repository.foundAhead('list', 0, { found: 20, lookups: 20 });
  await clock.advance(1_000);
  slow.resolve();
  await expect.poll(() => repository.get('list')).toMatchObject({ finished: 20, counts: { lookups: 20 } });
  await clock.advance(1_000);
  expect(await repository.get('list')).toMatchObject({ finished: 20 });
});
