import { createHash } from 'node:crypto';
import type { DirectResult, RawLead } from '@connectionsphere/core';
import { n8nClock } from './n8n-ports.ts';

/** Long enough for a retry of the node, ms. */
const KEPT_MS = 60 * 60_000;

const executions = new Map<string, { readonly until: number; readonly results: Map<string, DirectResult> }>();

/**
 * What was answered in one execution of a node. Who asks for known leads again wants to pay once for that,
 * and not once for each retry of the node.
 */
export function answeredIn(execution: string): {
  find(lead: RawLead): DirectResult | undefined;
  keep(lead: RawLead, result: DirectResult): void;
} {
  const now = n8nClock.now();
  for (const [name, { until }] of executions) if (until <= now) executions.delete(name);
  const { results } = executions.get(execution) ?? { results: new Map<string, DirectResult>() };
  executions.set(execution, { until: now + KEPT_MS, results });
  const keyOf = (lead: RawLead) =>
    createHash('sha256')
      .update(JSON.stringify(Object.entries(lead).sort()))
      .digest('base64');
  return {
    find(lead) {
      const result = results.get(keyOf(lead));
      return result && { ...result, how: 'known' };
    },
    keep: (lead, result) => {
      // What is still to be completed is asked for again, which costs nothing.
      const whole = !result.pending && ['matched', 'review', 'unmatched'].includes(result.outcome);
      if (whole) results.set(keyOf(lead), result);
    },
  };
}
