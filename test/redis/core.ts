import { type Core, createCore, type Ports } from '../../core/index.ts';
import { type Config, loadKeyRing } from '../../core/node/index.ts';

/** The core as every process makes it from its settings. */
export async function openCore(ports: Ports, config: Config): Promise<Core> {
  return await createCore(ports, {
    apolloBaseUrl: config.apollo.baseUrl,
    minuteMs: config.apollo.minuteMs,
    slots: config.slots,
    retentionDays: config.retentionDays,
    keyRing: await loadKeyRing(config),
  });
}
