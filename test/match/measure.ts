import { type Detail, ScriptedApollo } from '../enrichment/scripted-apollo.ts';
import { World } from '../jobs/world.ts';
import { random } from '../sandbox/chance.ts';
import { type Case, casesOf, HEADERS, isRight } from './generator.ts';

/** Of all batches, those in which two entries changed places, and those from which misses were left out. */
const SWAPPED = 0.1;
const LEFT_OUT = 0.2;

export interface Figures {
  readonly leads: number;
  /** Leads whose own person Apollo answered with. */
  readonly right: number;
  /** Rows that are matched with somebody else. */
  readonly strangers: readonly string[];
  /** Right people who are for review, or were not given out at all. */
  readonly reviewed: readonly string[];
  readonly lost: readonly string[];
  /** Strangers who were kept apart. */
  readonly caught: number;
  readonly credits: number;
  readonly charged: number;
}

/** Runs so many leads with misleading answers through the real enrichment, and says what became of them. */
export async function measure(count: number, seed: number): Promise<Figures> {
  const cases = casesOf(count, seed);
  const roll = random(seed + 1);
  const apollo = new ScriptedApollo((details) =>
    misled(
      details.map((detail) => answerTo(cases, detail)),
      roll,
    ),
  );
  await using world = await World.start({ between: apollo.between });
  const done = await world.run({ headers: HEADERS, rows: cases.map(({ row }) => row) });
  return { ...(await figuresOf(cases, world, done.id)), credits: done.credits, charged: apollo.credits };
}

/** Every lead has a number of its own in whatever identifies it. */
function answerTo(cases: readonly Case[], detail: Detail): Case['answer'] {
  const text =
    [detail.linkedin_url, detail.domain, detail.email, detail.organization_name].find(Boolean) ?? '';
  return cases[Number(/\d+/.exec(text)?.[0] ?? -1)]?.answer ?? null;
}

function misled(entries: readonly Case['answer'][], roll: () => number): unknown[] {
  const list: Case['answer'][] = [...entries];
  const found = [...list.keys()].filter((index) => list[index] !== null);
  if (roll() < SWAPPED && found.length > 1) {
    const [a = 0, b = 0] = [found[0], found.at(-1)];
    [list[a], list[b]] = [list[b] ?? null, list[a] ?? null];
  }
  return roll() < LEFT_OUT ? list.filter((entry) => entry !== null) : list;
}

async function figuresOf(
  cases: readonly Case[],
  world: World,
  id: string,
): Promise<Omit<Figures, 'credits' | 'charged'>> {
  const strangers: string[] = [];
  const reviewed: string[] = [];
  const lost: string[] = [];
  let right = 0;
  let caught = 0;
  for (const [index, { added }] of (await world.output(id)).entries()) {
    const given = cases[index];
    if (!given) continue;
    const { apollo_outcome: outcome, apollo_id: person, apollo_match_reason: reason } = added;
    const story = `${given.kind}: ${given.row.filter(Boolean).join(', ')} → ${outcome}: ${reason}`;
    const isMatched = outcome === 'matched';
    if (isRight(given)) right += 1;
    if (isMatched && person !== given.truth) strangers.push(story);
    else if (isRight(given) && outcome === 'review') reviewed.push(story);
    else if (isRight(given) && !isMatched) lost.push(story);
    else if (!isRight(given)) caught += 1;
  }
  return { leads: cases.length, right, strangers, reviewed, lost, caught };
}

/** In words, a line each. */
export function figuresText({
  leads,
  right,
  strangers,
  reviewed,
  lost,
  caught,
  credits,
  charged,
}: Figures): string {
  const perMille = (part: number, of: number) => `${((part / of) * 1000).toFixed(2)} in 1,000`;
  return [
    `Leads                                  ${leads}`,
    `Strangers accepted as matched          ${strangers.length} (${perMille(strangers.length, leads)})`,
    `Strangers and misses kept apart        ${caught}`,
    `Right people answered with             ${right}`,
    `Right people sent to review            ${reviewed.length} (${perMille(reviewed.length, right)})`,
    `Right people not given out             ${lost.length} (${perMille(lost.length, right)})`,
    `Credits by our books, and by Apollo's  ${credits}, ${charged}`,
  ].join('\n');
}
