/** Runs one strategy in a process of its own and measures that process. Spoken to by `run.ts` over IPC. */
import { once } from 'node:events';
import { STRATEGIES, type StrategyName } from './strategies/index.ts';
import type { Measured, Task } from './task.ts';

const [{ strategy, task }] = (await once(process, 'message')) as [{ strategy: StrategyName; task: Task }];
const { read } = await (await STRATEGIES[strategy].load()).open(task);
process.send?.('open');
await once(process, 'message');

const before = process.cpuUsage();
const prepared = await read();
process.send?.('begun');
const began = performance.now();
const controller = new AbortController();
const limit = setTimeout(() => controller.abort(), task.mostMs);
await prepared.work(controller.signal);
const workMs = performance.now() - began;
clearTimeout(limit);
process.send?.('worked');
const done = await prepared.write();
const cpu = process.cpuUsage(before);
const measured: Measured = {
  ...done,
  workMs,
  cpuUs: cpu.user + cpu.system,
  // Linux and macOS through Node: kilobytes.
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
await prepared.close?.();
process.send?.(measured, () => process.exit(0));
