import type { Strategy } from '../task.ts';

interface Entry {
  /** As tables and charts call it. */
  readonly title: string;
  readonly load: () => Promise<Strategy>;
  /** Keeps to one key and never comes near the limits: its pace is known after a short while. */
  readonly steady: boolean;
}

/** Loaded by the process that runs it alone, so that each one's memory is its own. */
export const STRATEGIES = {
  one: {
    title: '1 one by one',
    steady: true,
    load: async () => (await import('./one-by-one.ts')).oneByOne,
  },
  wait: {
    title: '2 tens, wait 1 s',
    steady: true,
    load: async () => (await import('./tens-and-wait.ts')).tensAndWait,
  },
  rotation: {
    title: '3 keys in rotation',
    steady: false,
    load: async () => (await import('./rotation.ts')).rotation,
  },
  bottleneck: {
    title: '4 Bottleneck, told',
    steady: false,
    load: async () => (await import('./bottleneck.ts')).bottleneck,
  },
  ours: { title: '5 ours', steady: false, load: async () => (await import('./ours.ts')).ours },
} as const satisfies Record<string, Entry>;

export type StrategyName = keyof typeof STRATEGIES;
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as StrategyName[];
