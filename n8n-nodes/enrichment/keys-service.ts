import { createHash, randomBytes } from 'node:crypto';
import {
  type ColumnMapping,
  type Core,
  conditionWords,
  createCore,
  currentHealth,
  LEAD_FIELDS,
  type SlotView,
  singleProcess,
} from '@connectionsphere/core';
import type { Logger } from 'n8n-workflow';
import type { KeySlot } from './key-slots.ts';
import { createMemoryStore } from './memory-store.ts';
import { createN8nHttp, createN8nLog, n8nClock, type SendRequest } from './n8n-ports.ts';
import type { EnrichmentService, EstimateReport, EstimateRequest, SlotReport } from './service.ts';

/** What an execution lends to the core that runs in this process. */
export interface Surroundings {
  readonly send: SendRequest;
  readonly logger: Logger;
}

/** Keys that no execution used for so long leave the memory, ms. */
const IDLE_MS = 24 * 60 * 60_000;
/** How long answers stay in memory, days: long enough for a retry, short enough to be forgotten. */
const RETENTION_DAYS = 1;
/** Keys that failed are tried again at most so often, ms. */
const RECOVER_EVERY_MS = 60_000;
/** Late results are not waited for any longer than this, ms. */
const LONGEST_WAIT_MS = 15 * 60_000;
/** Results of so many leads are read back together, well below what the memory keeps. */
const BATCH_SIZE = 1_000;

/** The core over one Apollo address, shared by all executions of this process: they share its allowances. */
class Engine {
  readonly core: Promise<Core>;
  /** Of the execution that came last: the others may have ended. */
  #surroundings: Surroundings;
  readonly #used = new Map<string, number>();
  readonly #connecting = new Map<string, Promise<string[]>>();
  #recoveredAt = 0;
  #waiting = 0;
  #maintenance: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;

  constructor(apolloBaseUrl: string, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    const key = randomBytes(32);
    this.core = createCore(
      singleProcess({
        clock: n8nClock,
        http: createN8nHttp(() => this.#surroundings.send),
        log: createN8nLog(() => this.#surroundings.logger),
        store: createMemoryStore(n8nClock),
      }),
      {
        apolloBaseUrl,
        minuteMs: 60_000,
        slots: { self: 4, dfy: 0 },
        retentionDays: RETENTION_DAYS,
        keyRing: { current: { id: 'memory', key }, key: (id) => (id === 'memory' ? key : undefined) },
      },
    );
  }

  /** Gives the workspace of these keys, and what is wrong with those that could not be connected. */
  async open(
    keys: readonly KeySlot[],
    surroundings: Surroundings,
  ): Promise<{ workspace: string; troubles: string[] }> {
    this.#surroundings = surroundings;
    const workspace = workspaceOf(keys);
    const core = await this.core;
    this.#used.set(workspace, n8nClock.now());
    await this.#dropIdle(core);
    const connecting = this.#connecting.get(workspace) ?? this.#connect(core, workspace, keys);
    this.#connecting.set(workspace, connecting);
    const troubles = await connecting;
    // A key that could not be connected may be accepted the next time.
    if (troubles.length > 0) this.#connecting.delete(workspace);
    else await this.#recover(core);
    return { workspace, troubles };
  }

  /** Collects late results for all executions, as long as one of them waits. */
  async tend(signal: AbortSignal): Promise<void> {
    const core = await this.core;
    this.#waiting++;
    if (this.#waiting === 1) {
      const stop = new AbortController();
      this.#maintenance = { stop, done: core.tend(stop.signal) };
    }
    await n8nClock.sleep(LONGEST_WAIT_MS, signal);
    this.#waiting--;
    if (this.#waiting > 0) return;
    this.#maintenance?.stop.abort();
    await this.#maintenance?.done;
  }

  async #connect(core: Core, workspace: string, keys: readonly KeySlot[]): Promise<string[]> {
    const { slots } = await core.slots.list(workspace);
    const free = new Set(slots.filter(({ state }) => state === 'free').map(({ number }) => number));
    const troubles = await Promise.all(
      keys
        .filter(({ slot }) => free.has(slot))
        .map(async ({ slot, key, label }) => {
          try {
            await core.slots.connect({ workspace, key, slot, label });
            return [];
          } catch (error) {
            return [`Key ${slot} (${label}): ${error instanceof Error ? error.message : String(error)}`];
          }
        }),
    );
    return troubles.flat();
  }

  async #recover(core: Core): Promise<void> {
    if (n8nClock.monotonic() - this.#recoveredAt < RECOVER_EVERY_MS) return;
    this.#recoveredAt = n8nClock.monotonic();
    await core.slots.recover();
  }

  async #dropIdle(core: Core): Promise<void> {
    for (const [workspace, usedAt] of this.#used) {
      if (n8nClock.now() - usedAt < IDLE_MS) continue;
      this.#used.delete(workspace);
      this.#connecting.delete(workspace);
      const { slots } = await core.slots.list(workspace);
      for (const { number, state } of slots) {
        if (state === 'connected') await core.slots.disconnect({ workspace, slot: number });
      }
    }
  }
}

const engines = new Map<string, Engine>();

/**
 * Looks leads up with the keys of a credential, in n8n's own process. `troubles`: what is wrong with keys
 * that Apollo did not take; the others work.
 */
export async function openKeysService(
  apolloBaseUrl: string,
  keys: readonly KeySlot[],
  surroundings: Surroundings,
): Promise<{ service: EnrichmentService; troubles: readonly string[] }> {
  const engine = engines.get(apolloBaseUrl) ?? new Engine(apolloBaseUrl, surroundings);
  engines.set(apolloBaseUrl, engine);
  const core = await engine.core;
  const { workspace, troubles } = await engine.open(keys, surroundings);
  const service: EnrichmentService = {
    batchSize: BATCH_SIZE,
    enrich: (batch) => core.enrich({ ...batch, workspace }),
    estimate: (request) => estimate(core, workspace, request),
    slots: async () => (await core.slots.list(workspace)).slots.flatMap(slotReport),
    credits: async () => {
      const { monthlyLimit = null, ...month } = await core.credits.month(workspace);
      return { month: new Date(n8nClock.now()).toISOString().slice(0, 7), ...month, monthlyLimit };
    },
    tend: (signal) => engine.tend(signal),
  };
  return { service, troubles };
}

async function estimate(
  core: Core,
  workspace: string,
  { kind, leads, options, fresh }: EstimateRequest,
): Promise<EstimateReport> {
  const fields = LEAD_FIELDS.filter((field) => leads.some((lead) => lead[field] !== undefined));
  const mapping: ColumnMapping = {
    headers: fields,
    fields: Object.fromEntries(
      fields.map((field, index) => [field, { columns: [index], found: 'override' as const }]),
    ),
    unused: [],
  };
  const rows = async function* () {
    for (const lead of leads) yield fields.map((field) => lead[field] ?? '');
  };
  const job = await core.jobs.prepare({
    workspace,
    name: `estimate of ${kind}`,
    headers: fields,
    source: null,
    mapping,
    rows: rows(),
    options,
    fresh,
  });
  await core.jobs.discard(job.id);
  return { ...job.estimate, seconds: job.estimate.seconds ?? null };
}

/** The same keys have the same results and slots, whatever credential they stand in. */
function workspaceOf(keys: readonly KeySlot[]): string {
  const text = keys.map(({ slot, key }) => `${slot}:${key}`).join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function slotReport(slot: SlotView): SlotReport[] {
  if (slot.state === 'free') return [];
  const { label, last4, team, teamKnown, credits, limits } = slot.connection;
  const now = n8nClock.now();
  return [
    {
      slot: slot.number,
      label,
      state: currentHealth(slot.connection, now).state,
      advice: conditionWords(slot.connection, now),
      last4,
      team: teamKnown ? team : null,
      sharesLimitsWith: slot.sharesLimitsWith,
      creditsLeft: credits?.left ?? null,
      creditsLimit: credits?.limit ?? null,
      limits: limits ?? null,
    },
  ];
}
