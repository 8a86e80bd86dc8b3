import type { Coordination } from './ports.ts';

/**
 * Exclusion inside one process, first come, first served. Not re-entrant: work that asks for its own name
 * again waits for itself.
 */
export function createCoordination(): Coordination {
  /** Per name, the end of the last work in line. A name that nobody uses is not here. */
  const lines = new Map<string, Promise<void>>();
  return {
    async exclusive(name, work) {
      const before = lines.get(name);
      const { promise: done, resolve: finish } = Promise.withResolvers<void>();
      lines.set(name, done);
      try {
        await before;
        return await work();
      } finally {
        if (lines.get(name) === done) lines.delete(name);
        finish();
      }
    },
  };
}
