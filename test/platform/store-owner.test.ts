import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../core/node/store.ts';
import { StoreInUse } from '../../core/node/store-errors.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface StoreProcess {
  readonly process: ChildProcess;
  readonly lines: AsyncIterator<string>;
  kill(): Promise<void>;
}

function startStoreProcess(directory: string, task: 'hold' | 'write'): StoreProcess {
  const child = spawn(
    process.execPath,
    ['--no-warnings', join(import.meta.dirname, 'store-process.ts'), directory, task],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  return { process: child, lines: createInterface(child.stdout)[Symbol.asyncIterator](), kill };
}

test('a second process is told who holds the store, and gets it when that one is killed', async () => {
  const directory = await temporaryDirectory();
  const holder = startStoreProcess(directory, 'hold');
  expect((await holder.lines.next()).value).toBe('open');
  const refusal = await openStore(directory).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StoreInUse);
  const { message, owner } = refusal as StoreInUse;
  expect(owner).toMatchObject({ pid: holder.process.pid, command: 'connectionsphere serve', port: 3000 });
  expect(message).toBe(
    `The store in ${directory} is in use by process ${holder.process.pid} (connectionsphere serve, since ${owner?.since}, listening on port 3000). Wait until it has finished, stop it, or set DATA_DIR to another directory.`,
  );
  await holder.kill();
  const store = await openStore(directory);
  await store.close();
});

test('the same process does not get it twice either, and trying does not let go of it', async () => {
  const directory = await temporaryDirectory();
  const store = await openStore(directory, { command: 'connectionsphere enrich' });
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(openStore(directory)).rejects.toThrow(
      /in use by process \d+ \(connectionsphere enrich, since /,
    );
  }
  const other = startStoreProcess(directory, 'hold');
  expect((await other.lines.next()).value).toMatch(/^StoreInUse: .* in use by process/);
  await store.close();
});

test('of several that start at once on nothing, one gets it', async () => {
  const directory = join(await temporaryDirectory(), 'data');
  const starts = Array.from({ length: 4 }, () => startStoreProcess(directory, 'hold'));
  const answers = await Promise.all(starts.map(async ({ lines }) => String((await lines.next()).value)));
  expect(answers.filter((answer) => answer === 'open')).toHaveLength(1);
  expect(answers.filter((answer) => answer.startsWith('StoreInUse'))).toHaveLength(3);
});

test('killed at any moment, everything reported as saved is there, and pairs are whole', async () => {
  const directory = await temporaryDirectory();
  const saved = { single: new Set<string>(), pair: new Set<string>() };
  for (let round = 0; round < 4; round++) {
    const writer = startStoreProcess(directory, 'write');
    expect((await writer.lines.next()).value).toBe('open');
    const collecting = (async () => {
      for (let line = await writer.lines.next(); !line.done; line = await writer.lines.next()) {
        const [kind, number] = line.value.split(' ') as ['single' | 'pair', string];
        saved[kind].add(number);
      }
    })();
    await sleep(50 + Math.random() * 200);
    await writer.kill();
    await collecting;

    const store = await openStore(directory);
    for (const [names, numbers] of [
      [['single'], saved.single],
      [['left', 'right'], saved.pair],
    ] as const) {
      for (const name of names) {
        const there = await store.collection<number>(name).getMany([...numbers]);
        expect(there).toEqual([...numbers].map(Number));
      }
    }
    const keys: Record<string, string[]> = { left: [], right: [] };
    for (const name of ['left', 'right']) {
      for await (const [key] of store.collection(name).entries()) keys[name]?.push(key);
    }
    expect(keys.left).toEqual(keys.right);
    await store.close();
  }
  expect(saved.single.size).toBeGreaterThan(10);
  expect(saved.pair.size).toBeGreaterThan(10);
});

test('a command that is soon through is waited for, and a server is not', async () => {
  const directory = await temporaryDirectory();
  const passing = await openStore(directory, { command: 'connectionsphere slots' });
  const next = openStore(directory, { command: 'connectionsphere serve', waitMs: 30_000 });
  await sleep(50);
  await passing.close();
  const server = await next;
  await expect(openStore(directory, { waitMs: 30_000 })).rejects.toThrow('in use by process');
  await server.close();
});
