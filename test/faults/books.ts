import { expect } from 'vitest';
import type { Sandbox } from '../sandbox/index.ts';

/** What a job says that it cost. */
interface JobBooks {
  readonly credits: number;
  readonly calls: number;
  readonly inDoubtCalls: number;
}

/** Leads in one call at most. */
const BATCH = 10;

/**
 * Compares a job's books with the sandbox's, which wrote down every charge of every person:
 * 1. the job counts everybody that Apollo charged for exactly once, at what the answer said:
 *    its credits = distinct people charged;
 * 2. the sandbox's credits = distinct people charged + repeats, and only leads of calls in doubt are asked
 *    for again: repeats ≤ 10 × calls in doubt;
 * 3. every call in doubt may or may not have reached the sandbox, every other one did:
 *    calls − in doubt ≤ the sandbox's calls ≤ calls.
 * Holds where people cost one credit each and Apollo's answers line up. Gives the figures.
 */
export function compareBooks(job: JobBooks, sandbox: Sandbox): { people: number; repeats: number } {
  const counts = sandbox.counts();
  const repeats = counts.chargedMoreThanOnce.reduce((sum, { times }) => sum + times - 1, 0);
  const calls = (counts.byEndpoint['people/bulk_match'] ?? 0) + (counts.byEndpoint['people/match'] ?? 0);
  expect(job.credits).toBe(counts.peopleCharged);
  expect(counts.credits).toBe(counts.peopleCharged + repeats);
  expect(repeats).toBeLessThanOrEqual(job.inDoubtCalls * BATCH);
  expect(calls).toBeLessThanOrEqual(job.calls);
  expect(calls).toBeGreaterThanOrEqual(job.calls - job.inDoubtCalls);
  return { people: counts.peopleCharged, repeats };
}
