import type { Fault, FaultKind, TeamSettings } from '../sandbox/index.ts';
import type { Draw } from './draw.ts';
import type { Losses } from './network.ts';

/** A list that somebody wants looked up. */
export interface WantedList {
  readonly workspace: string;
  /** When, ms since the beginning. */
  readonly at: number;
  /** People by number; the same number is the same person. `undefined`: a row that names nobody. */
  readonly people: readonly (number | undefined)[];
  readonly phones: boolean;
  readonly creditLimit?: number | undefined;
}

/** What happens at a time, ms since the beginning. */
export type Incident = { readonly at: number } & (
  | { readonly what: 'crash' | 'restart'; readonly process: number; readonly downMs: number }
  | { readonly what: 'stand still'; readonly process: number; readonly ms: number }
  /** Of the machine that the process runs on. */
  | { readonly what: 'clock'; readonly process: number; readonly ms: number }
  /** What processes share takes no writes, or cannot be reached. */
  | { readonly what: 'full' | 'away'; readonly ms: number }
  | { readonly what: 'fault'; readonly fault: Fault }
  /** Apollo refuses a key for so long, or somebody disconnects it for so long. */
  | { readonly what: 'revoke' | 'disconnect'; readonly key: string; readonly ms: number }
  | { readonly what: 'pause' | 'resume' | 'cancel'; readonly list: number }
  | { readonly what: 'raise'; readonly list: number; readonly by: number }
);

export interface Workspace {
  readonly name: string;
  readonly keys: readonly string[];
  readonly monthlyLimit?: number | undefined;
  /** Of the first slot. */
  readonly slotLimit?: number | undefined;
}

/** Everything that a seed decides beforehand. */
export interface Scenario {
  /** One has the embedded store; several share theirs. */
  readonly processes: number;
  readonly chunkRows: number;
  readonly teams: readonly TeamSettings[];
  readonly workspaces: readonly Workspace[];
  readonly lists: readonly WantedList[];
  readonly incidents: readonly Incident[];
  readonly matchRate: number;
  /** ms, median, of Apollo's own work. */
  readonly latencyMs: number;
  readonly losses: Losses;
  /** After so many ms nothing goes wrong any more. */
  readonly stormMs: number;
}

/** Where something before Apollo has no answer of Apollo's, Apollo may have charged. */
const MAY_CHARGE: ReadonlySet<FaultKind> = new Set(['502', '504', '520', '524']);

/** What Apollo and what is before it do wrong, and that ends by itself. */
const FAULTS: readonly [FaultKind, ...FaultKind[]] = [
  '429',
  '500',
  '502',
  '503',
  '520',
  '522',
  '504',
  'cloudflare 1010',
  'cloudflare 1015',
  'cloudflare 403',
  'cloudflare 429',
  'cut',
  'cutBefore',
  'hang',
  'nonsense',
  'truncated',
  'slow',
];
const STEPS_MS: readonly [number, ...number[]] = [
  -86_400_000, -3_600_000, -90_000, -2_000, 2_000, 90_000, 3_600_000,
];

export function drawScenario(draw: Draw): Scenario {
  const processes = draw.of([1, 1, 2, 3]);
  const stormMs = draw.of([5_000, 20_000, 60_000, 180_000]);
  const names = draw.happens(0.3) ? ['contoso', 'fabrikam'] : ['contoso'];
  const teams: TeamSettings[] = [];
  const workspaces = names.map((name): Workspace => {
    const own = draw.times(draw.whole(1, 2), (index) => drawTeam(draw, `${name}-${index}`));
    teams.push(...own);
    return {
      name,
      keys: own.flatMap(({ keys }) => keys.map(String)),
      monthlyLimit: draw.perhaps(0.25, () => draw.whole(0, 60)),
      slotLimit: draw.perhaps(0.15, () => draw.whole(0, 40)),
    };
  });
  const lists = draw.times(draw.of([1, 1, 2, 3]), () => drawList(draw, names, stormMs));
  const troubles = draw.of([0, 1, 2, 4, 8]);
  const incidents = draw.times(troubles, () => drawIncident(draw, lists, stormMs, processes));
  const lossy = draw.happens(0.3);
  const scenario = {
    processes,
    chunkRows: draw.of([1, 3, 7, 20]),
    teams,
    workspaces,
    lists,
    incidents,
    matchRate: draw.of([1, 0.8, 0.3]),
    latencyMs: draw.of([5, 120, 1_500]),
    losses: {
      connection: lossy ? draw.between(0, 0.2) : 0,
      request: lossy ? draw.between(0, 0.1) : 0,
      answer: lossy ? draw.between(0, 0.1) : 0,
    },
    stormMs,
  };
  // Drawn last, so that what is drawn before stays as it was for seeds that found something.
  const keys = workspaces.flatMap((workspace) => workspace.keys);
  const lost = draw.happens(0.2) ? draw.times(draw.whole(1, 2), () => drawLoss(draw, keys, stormMs)) : [];
  return { ...scenario, incidents: [...incidents, ...lost] };
}

function drawTeam(draw: Draw, id: string): TeamSettings {
  const minute = draw.of([1, 2, 5, 30, 1_000]);
  return {
    id: `team-${id}`,
    plan: draw.happens(0.5)
      ? 'paid'
      : { '*': { minute: 200 }, 'people/bulk_match': { minute }, 'people/match': { minute } },
    credits: { limit: draw.happens(0.15) ? draw.whole(0, 40) : 10_000 },
    keys: draw.times(draw.of([1, 1, 2]), (index) => `key-${id}-${index}-7Q2A`),
  };
}

function drawList(draw: Draw, names: readonly string[], stormMs: number): WantedList {
  const workspace = names[draw.whole(0, names.length - 1)] ?? '';
  // Different people in each workspace: both would pay for them.
  const first = names.indexOf(workspace) * 1_000;
  const among = draw.of([5, 40, 100]);
  return {
    workspace,
    at: draw.between(0, Math.min(10_000, stormMs / 2)),
    people: draw.times(draw.whole(1, draw.of([3, 15, 45])), () =>
      draw.happens(0.04) ? undefined : first + draw.whole(0, among),
    ),
    phones: draw.happens(0.25),
    creditLimit: draw.perhaps(0.25, () => draw.whole(0, 60)),
  };
}

function drawIncident(
  draw: Draw,
  lists: readonly WantedList[],
  stormMs: number,
  processes: number,
): Incident {
  const list = draw.whole(0, lists.length - 1);
  // Most of it while a list is worked on.
  const from = lists[list]?.at ?? 0;
  const near = from + draw.between(0, draw.of([300, 2_000, 20_000]));
  const at = Math.min(stormMs - 1, draw.happens(0.2) ? draw.between(0, stormMs) : near);
  const process = draw.whole(0, processes - 1);
  const lasting = () => draw.of([50, 1_000, 5_000, 30_000, 120_000]);
  switch (draw.whole(0, 9)) {
    case 0:
    case 1:
      return { at, what: 'crash', process, downMs: lasting() };
    case 2:
      return { at, what: 'restart', process, downMs: lasting() };
    case 3:
      return { at, what: processes > 1 && draw.happens(0.5) ? 'away' : 'full', ms: lasting() };
    case 4:
      return { at, what: 'stand still', process, ms: lasting() };
    case 5:
      return { at, what: 'clock', process, ms: draw.of(STEPS_MS) };
    case 6:
      return draw.happens(0.5)
        ? { at, what: draw.of(['pause', 'resume', 'resume', 'cancel']), list }
        : { at, what: 'raise', list, by: draw.whole(1, 30) };
    default:
      return { at, what: 'fault', fault: drawFault(draw) };
  }
}

/** A key is gone for a while. */
function drawLoss(draw: Draw, keys: readonly string[], stormMs: number): Incident {
  const at = draw.between(0, Math.min(stormMs, 15_000));
  const key = keys[draw.whole(0, keys.length - 1)] ?? '';
  return { at, what: draw.of(['revoke', 'disconnect']), key, ms: draw.of([1_000, 30_000, 120_000]) };
}

function drawFault(draw: Draw): Fault {
  const kind = draw.of(FAULTS);
  return {
    kind,
    times: draw.of([1, 2, 5, 30]),
    probability: draw.of([1, 1, 0.5]),
    ...(kind === 'slow' && { ms: draw.of([2_000, 30_000, 90_000]) }),
    ...(MAY_CHARGE.has(kind) && draw.happens(0.3) && { charged: true }),
  };
}
