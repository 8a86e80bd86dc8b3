import { Audit, type AuditFacts, type Deed, EVERYWHERE, type Ports } from '@connectionsphere/core';
import type { Config } from '@connectionsphere/core/node';
import { commandLineActor } from '../acting.ts';

/** Records, in a store that no core stands on, what the user who typed the command did to all of it. */
export async function recordDeed(
  ports: Pick<Ports, 'store' | 'clock' | 'log'>,
  config: Config,
  deed: Deed,
  facts: AuditFacts,
): Promise<void> {
  await Audit.of({ ...ports, actor: commandLineActor }, config).record(EVERYWHERE, deed, facts);
}
