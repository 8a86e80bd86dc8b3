import { BATCH_SIZE, type Core, mostCredits } from '../../core/index.ts';
import type { Counts } from '../sandbox/index.ts';
import type { Scenario, Workspace } from './scenario.ts';
import type { FollowedList } from './users.ts';
import type { World } from './world.ts';

/** Credits are decimal fractions; sums of them are exact to this. */
const ROUNDING = 1e-6;
/** What the pretended Apollo charges for one, credits. */
const PRICES = { data: 1, phone: 8, email: 1, company: 1 } as const;
/** Reasons that end by themselves. */
const PASSING: ReadonlySet<string | undefined> = new Set(['interrupted', 'shutdown', 'apollo-trouble']);

/** Something is so that must never be. */
class Broken extends Error {
  override readonly name = 'Broken';
}

function expect(holds: boolean, otherwise: () => string): void {
  if (!holds) throw new Broken(otherwise());
}

/** What holds at any moment. Limits do as long as nobody lifts them. */
export function checkAlways(
  { workspaces, incidents }: Scenario,
  { apollo, isTimeUncertain }: World,
  lists: readonly FollowedList[],
  areLimitsLifted: boolean,
): void {
  const counts = apollo.counts();
  expect(
    isTimeUncertain || counts.rateLimited === 0,
    () => `Apollo refused ${counts.rateLimited} calls for its limits.`,
  );
  if (areLimitsLifted) return;
  for (const workspace of workspaces) {
    const { name, monthlyLimit, slotLimit, keys } = workspace;
    const own = lists.filter(({ wanted }) => wanted.workspace === name);
    const charged = chargedTo(workspace, counts);
    const within = (limit: number | undefined, spent: number, whose: string) =>
      expect(
        spent <= (limit ?? Number.POSITIVE_INFINITY) + ROUNDING,
        () => `Apollo charged ${spent} credits, but ${whose} is ${limit}.`,
      );
    within(monthlyLimit, charged, `the month's limit of ${name}`);
    // Where keys come and go, the first slot has one or another.
    const staysInPlace = !incidents.some(({ what }) => what === 'disconnect');
    const ofFirst = counts.keys.filter((_, index) => index === keyIndexOf(workspaces, keys[0]));
    within(
      staysInPlace ? slotLimit : undefined,
      sum(ofFirst.map(({ credits }) => credits)),
      `the limit of the first slot of ${name}`,
    );
    const [only, ...others] = own;
    if (only && others.length === 0) within(only.creditLimit, charged, "the only list's limit");
    for (const { status, creditLimit } of own) {
      if (status)
        within(
          creditLimit,
          status.credits + status.inDoubtCredits,
          `the limit of list ${status.name} by our books`,
        );
    }
  }
}

/** Throws where a list is paused that could go on: `list` is, and nothing has changed for minutes. */
export function checkReason(scenario: Scenario, { apollo }: World, list: FollowedList): void {
  const { status, wanted } = list;
  if (!status) return;
  const { reason, credits, inDoubtCredits, name } = status;
  const workspace = scenario.workspaces.find((each) => each.name === wanted.workspace);
  const next = mostCredits('person', status.options.reveal);
  const counts = apollo.counts();
  const own = counts.teams.filter(({ id }) => id.startsWith(`team-${wanted.workspace}-`));
  const isSo = {
    asked: list.isPaused,
    'credit-limit': (list.creditLimit ?? Number.POSITIVE_INFINITY) - credits - inDoubtCredits < next,
    'monthly-limit': workspace?.monthlyLimit !== undefined,
    'slot-limit': workspace?.slotLimit !== undefined,
    // A batch is charged as a whole or refused.
    'no-credits': own.every(({ creditsLeft }) => creditsLeft < next * BATCH_SIZE),
  }[reason as string];
  expect(
    isSo === true && !PASSING.has(reason),
    () => `${name} is paused (${reason}), which is not so or has ended.`,
  );
}

/** What holds when every list has come to its end. */
export async function checkAtEnd(
  { workspaces }: Scenario,
  { apollo, store, cores: [core], isTimeUncertain }: World,
  lists: readonly FollowedList[],
): Promise<void> {
  if (!core) throw new Broken('No process runs.');
  const counts = apollo.counts();
  let doubt = 0;
  for (const workspace of workspaces) {
    const { name } = workspace;
    const charged = chargedTo(workspace, counts);
    const own = lists.filter(({ wanted }) => wanted.workspace === name);
    const months = { credits: 0, inDoubtCredits: 0 };
    for await (const key of store.counters('months').keys(`${name}/`)) {
      const { credits = 0, inDoubtCredits = 0 } = await store.counters('months').get(key);
      months.credits += credits;
      months.inDoubtCredits += inDoubtCredits;
    }
    doubt += months.inDoubtCredits;
    const books = `Apollo charged ${charged} credits in ${name}, and our month says ${months.credits} and ${months.inDoubtCredits} in doubt`;
    expect(months.credits <= charged + ROUNDING, () => `${books}: too many.`);
    expect(charged <= months.credits + months.inDoubtCredits + ROUNDING, () => `${books}: too few.`);
    const ofLists = sum(own.map(({ status }) => (status?.credits ?? 0) + (status?.inDoubtCredits ?? 0)));
    const ofMonth = months.credits + months.inDoubtCredits;
    expect(
      Math.abs(ofLists - ofMonth) < ROUNDING,
      () => `${name}: the lists say ${ofLists} credits, the month ${ofMonth}.`,
    );
  }
  // Whoever was found without phones is asked for anew, with them; and what is dated by a clock that was set, or was paid
  // by a process that others took for dead, may be paid again.
  const mostData = new Set(lists.map(({ wanted }) => wanted.phones)).size;
  const twice = counts.chargedMoreThanOnce.map(
    (each) => Math.max(0, each.times - (each.for === 'data' ? mostData : 1)) * PRICES[each.for],
  );
  expect(
    isTimeUncertain || sum(twice) <= doubt + ROUNDING,
    () =>
      `${sum(twice)} credits were charged again, and ${doubt} are in doubt: ${JSON.stringify(counts.chargedMoreThanOnce)}`,
  );
  for await (const [, held] of heldIn(store)) {
    expect(
      Math.abs(held) < ROUNDING,
      () => `${held} credits are kept aside for what comes late, and nothing comes any more.`,
    );
  }
  for await (const [call] of store.collection('journal').entries())
    throw new Broken(`The journal has a call under way: ${call}`);
  for (const list of lists) await checkRows(core, list);
}

async function checkRows(core: Core, { id = '', rows, status }: FollowedList): Promise<void> {
  const cells: (readonly string[])[] = [];
  const outcomes: (string | undefined)[] = [];
  for await (const row of core.jobs.results(id)) {
    expect(row.row === cells.length, () => `Row ${row.row} of ${id} comes as number ${cells.length}.`);
    cells.push(row.cells);
    outcomes.push(row.outcome);
    const slug = row.cells[4]?.split('/').at(-1) ?? '';
    const found = row.person?.linkedinUrl ?? '';
    expect(row.outcome !== 'matched' || found.includes(slug), () => `${slug} was answered with ${found}.`);
  }
  expect(
    JSON.stringify(cells) === JSON.stringify(rows),
    () => `The rows of ${id} are not those that were given.`,
  );
  if (!status) throw new Broken(`${id} has no status.`);
  const decided = outcomes.filter((outcome) => outcome !== undefined);
  if (status.state === 'done')
    expect(
      decided.length === rows.length,
      () => `${id} is done, and ${rows.length - decided.length} rows have no outcome.`,
    );
  expect(
    status.finished === decided.length,
    () => `${id} says that ${status.finished} rows are finished; it is ${decided.length}.`,
  );
  for (const outcome of ['matched', 'review', 'unmatched', 'skipped', 'failed'] as const) {
    const count = decided.filter((each) => each === outcome).length;
    expect(
      status.counts[outcome] === count,
      () => `${id} counts ${status.counts[outcome]} ${outcome}; it is ${count}.`,
    );
  }
}

async function* heldIn(store: World['store']): AsyncGenerator<[account: string, credits: number]> {
  for await (const account of store.counters('held').keys()) {
    yield [account, (await store.counters('held').get(account)).credits ?? 0];
  }
}

function chargedTo({ name }: Workspace, { teams }: Counts): number {
  return sum(teams.filter(({ id }) => id.startsWith(`team-${name}-`)).map(({ credits }) => credits));
}

/** The keys of Apollo stand in the order of the workspaces. */
function keyIndexOf(workspaces: readonly Workspace[], key: string | undefined): number {
  return workspaces.flatMap(({ keys }) => keys).indexOf(key ?? '');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
