import {
  type Core,
  createCore,
  createVault,
  type Http,
  type KeyRing,
  type Log,
  type Meter,
  type Ports,
  type Vault,
} from '@connectionsphere/core';
import {
  announceKeys,
  type Config,
  checkEncryptionKeys,
  loadKeyRing,
  openPorts,
  type Role,
} from '@connectionsphere/core/node';
import { actingAs, actorNow } from './acting.ts';
import { HELD_TEXTS } from './held-texts.ts';

/** The core on this machine's ports. */
export interface OpenCore {
  readonly core: Core;
  readonly ports: Ports;
  /** Seals what else is secret. */
  readonly vault: Vault;
  readonly keyRing: KeyRing;
  /** Pauses what runs, then closes the ports. */
  close(): Promise<void>;
}

/** What a server does among others on one Redis; without Redis it does everything. */
export type ServerRole = Exclude<Role, 'command'>;

/** Whoever watches how the core works. */
export interface Watch {
  readonly meter: Meter;
  /** The same HTTP, measured. */
  measured(http: Http): Http;
}

/**
 * Opens store and core. `owner`: how another process is told who holds the store, and, with Redis, what this
 * one does. Throws what the settings and the store throw; then nothing stays open.
 */
export async function openCore(
  config: Config,
  log: Log,
  owner: { readonly command: string; readonly port?: number; readonly role?: Role },
  watch?: Watch,
): Promise<OpenCore> {
  await using opening = new AsyncDisposableStack();
  const opened = opening.use(await openPorts(config, { ...owner, log }));
  const ports: Ports = {
    ...opened.ports,
    ...(watch && { http: watch.measured(opened.ports.http), meter: watch.meter }),
    actor: actorNow,
    actAs: actingAs,
  };
  const keyRing = await loadKeyRing(config);
  await checkEncryptionKeys(ports, keyRing);
  // The embedded store has no other process that could lack one.
  if (config.redisUrl !== undefined) opening.defer(await announceKeys(ports, keyRing));
  const core = await createCore(ports, {
    apolloBaseUrl: config.apollo.baseUrl,
    minuteMs: config.apollo.minuteMs,
    slots: config.slots,
    retentionDays: config.retentionDays,
    auditDays: config.auditDays,
    keyRing,
    heldTexts: HELD_TEXTS,
    publicUrl: config.publicUrl,
  });
  opening.defer(() => core.close());
  const resources = opening.move();
  return { core, ports, vault: createVault(keyRing), keyRing, close: () => resources.disposeAsync() };
}
