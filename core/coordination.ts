import pLimit, { type LimitFunction } from 'p-limit';
import type { Coordination } from './ports.ts';

/**
 * Exclusion inside one process, first come, first served. Not re-entrant: work that asks for its own name
 * again waits for itself.
 */
export function createCoordination(): Coordination {
  /** By name. A name that nobody uses is not here. */
  const limits = new Map<string, LimitFunction>();
  return {
    async exclusive(name, work) {
      const limit = limits.get(name) ?? pLimit(1);
      limits.set(name, limit);
      try {
        return await limit(work);
      } finally {
        if (limit.activeCount + limit.pendingCount === 0) limits.delete(name);
      }
    },
  };
}
