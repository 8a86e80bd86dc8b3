import { vi } from 'vitest';
import {
  type Ended,
  type Engine,
  type Item,
  type NodeUnderTest,
  openEngine,
} from '../../n8n-nodes/testing/engine.mts';
import type { ApiServer } from '../api/api-server.ts';
import { type Sandbox, type SandboxSettings, startSandbox } from '../sandbox/index.ts';

let opened: Promise<Engine> | undefined;

/** n8n's engine with the built package, once per file. */
export function engine(): Promise<Engine> {
  opened ??= openEngine();
  return opened;
}

export const KEYS = {
  sales: 'contoso-sales-key-0000-7Q2A',
  growth: 'contoso-growth-key-000-9F4K',
  fabrikam: 'fabrikam-enrich-key-000-3M8T',
} as const;

/** Apollo with two teams, one of which has two keys; it knows everybody. */
export function apollo(settings: SandboxSettings = {}): Promise<Sandbox> {
  return startSandbox({
    teams: [
      { id: 'team-contoso', keys: [KEYS.sales, KEYS.growth] },
      { id: 'team-fabrikam', keys: [KEYS.fabrikam] },
    ],
    matchRate: 1,
    lateMs: 1500,
    ...settings,
  });
}

/** How often the quick clock goes on, ms, and by how much each time. */
const TICK_MS = 5;
const QUICK_MS = 250;

/**
 * Until it is disposed of, time passes fifty times as fast for a node with keys and the sandbox: Apollo needs ten seconds
 * for phones. Only their timers are quick; requests are given up by Node's own.
 */
export function quickClock(): Disposable {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  const ticking = setInterval(() => vi.advanceTimersByTime(QUICK_MS), TICK_MS);
  return {
    [Symbol.dispose]: () => {
      clearInterval(ticking);
      vi.useRealTimers();
    },
  };
}

/** A minute of Apollo's for a server, in which phones are polled for after half a second, ms. */
export const SHORT_MINUTE_MS = 3_000;

type Parameters = NodeUnderTest['parameters'];
type Settings = Partial<Omit<NodeUnderTest, 'parameters' | 'credentials'>>;

/** Person → Enrich with columns recognised, unless `parameters` say otherwise. */
const DEFAULTS: Parameters = {
  resource: 'person',
  operation: 'enrich',
  leadsFrom: 'columns',
  columns: { mappingMode: 'autoMapInputData', value: null },
};

/** A node that looks up with Apollo keys of its own. */
export function withKeys(
  { url }: Pick<Sandbox, 'url'>,
  parameters: Parameters = {},
  settings: Settings = {},
  keys: readonly string[] = [KEYS.sales],
): NodeUnderTest {
  const fields = Object.fromEntries(
    keys.flatMap((key, index) => [
      [`key${index + 1}`, key],
      [`label${index + 1}`, `Label ${index + 1}`],
    ]),
  );
  return {
    parameters: { authentication: 'connectionSphereApolloKeysApi', ...DEFAULTS, ...parameters },
    credentials: { connectionSphereApolloKeysApi: { ...fields, apolloBaseUrl: url } },
    ...settings,
  };
}

/** A node that looks up through a server. */
export function withServer(
  { url, token }: Pick<ApiServer, 'url' | 'token'>,
  parameters: Parameters = {},
  settings: Settings = {},
): NodeUnderTest {
  return {
    parameters: { authentication: 'connectionSphereApi', ...DEFAULTS, ...parameters },
    credentials: { connectionSphereApi: { baseUrl: url, token } },
    ...settings,
  };
}

/** Items about different people, whom Apollo knows. */
export function people(count: number, from = 0): Item[] {
  return Array.from({ length: count }, (_, index) => ({
    json: { row: from + index, email: `person${from + index}.example@contoso${(from + index) % 7}.com` },
  }));
}

/** Items of one output as what is in them. */
export function jsonOf({ outputs }: Ended, output = 0): Item['json'][] {
  return (outputs[output] ?? []).map(({ json }) => json);
}

/** The result in an item, where the default puts it. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it, at run time.
export function apolloOf(json: Item['json'] | undefined): any {
  return json?.apollo;
}
