/** A lead's own answer: found, a miss, or `unclear`, when nobody can say whose the answer is. */
export type Aligned<T> = { readonly found: T | null } | { readonly unclear: true };

/** How well an answer goes with a lead. */
export const FIT = {
  /** A key that is one person's alone is the same. */
  sure: 4,
  /** Its name is written with the same letters: somebody whose name can be spelled like it may be in the batch too. */
  named: 3,
  likely: 2,
  /** Something contradicts, but it may be the answer to that lead. */
  resembles: 1,
  none: 0,
} as const;
export type Fit = (typeof FIT)[keyof typeof FIT];

interface Pair {
  readonly lead: number;
  readonly answer: number;
  readonly fit: Fit;
}

/**
 * Says which of Apollo's answers belongs to which of `leads` leads. `matches[]` should line up with the batch; it is
 * believed where nothing speaks against it: as long as it is, and no answer that goes better with another lead than
 * with its own. Else each answer goes to the one lead that it goes with best, and to nobody where that is none or
 * several: never two leads share an answer, and nothing is guessed. Where entries are left out, leads without an answer
 * are misses. An entry that cannot be read (`undefined`) leaves its own lead unclear.
 *
 * `mostFitOf`: no less than `fitOf`, and quick. Most batches line up, and no lead is compared with another's answer then.
 */
export function align<T>(
  leads: number,
  answers: readonly (T | null | undefined)[],
  fitOf: (lead: number, answer: T) => Fit,
  mostFitOf: (lead: number, answer: T) => Fit = () => FIT.sure,
): Aligned<T>[] {
  const order = Array.from({ length: leads }, (_, lead) => lead);
  const fits = order.map((): Fit[] => []);
  const fitAt = (lead: number, at: number): Fit => {
    const [row, answer] = [fits[lead], answers[at]];
    if (!row || !answer) return FIT.none;
    row[at] ??= fitOf(lead, answer);
    return row[at];
  };
  const contradicts = answers.some((answer, at) => {
    if (!answer) return false;
    const least = Math.max(FIT.likely, fitAt(at, at) + 1);
    return order.some((lead) => mostFitOf(lead, answer) >= least && fitAt(lead, at) >= least);
  });
  if (answers.length === leads && !contradicts) return answers.map(own);
  const taken = assign(pairsOf(order, answers.length, fitAt, FIT.likely));
  const left = answers.flatMap((answer, at) => (answer !== null && !taken.has(at) ? [at] : []));
  const open = order.filter((lead) => ![...taken.values()].includes(lead));
  const among = ({ lead, answer }: Pair) => open.includes(lead) && left.includes(answer);
  const doubtful = assign(pairsOf(order, answers.length, fitAt, FIT.resembles).filter(among));
  const byLead = new Map([...taken, ...doubtful].map(([answer, lead]) => [lead, answer]));
  // Of a list that has an entry for each lead, an answer that is left over is that of a lead without one.
  const isMissing = left.length === 0 || (answers.length < leads && !answers.includes(undefined));
  return order.map((lead) => {
    const answer = byLead.get(lead);
    if (answer !== undefined) return own(answers[answer]);
    return isMissing ? { found: null } : { unclear: true };
  });
}

function own<T>(answer: T | null | undefined): Aligned<T> {
  return answer === undefined ? { unclear: true } : { found: answer };
}

/** What goes together at least so well, the best first, and of these what stands in one place. */
function pairsOf(
  order: readonly number[],
  answers: number,
  fitAt: (lead: number, answer: number) => Fit,
  least: Fit,
): Pair[] {
  return order
    .flatMap((lead) =>
      Array.from({ length: answers }, (_, answer) => ({ lead, answer, fit: fitAt(lead, answer) })),
    )
    .filter(({ fit }) => fit >= least)
    .toSorted((a, b) => b.fit - a.fit || Number(b.lead === b.answer) - Number(a.lead === a.answer));
}

/** From answers to leads. An answer that goes with two leads as well is neither's, but for the one in its place. */
function assign(pairs: readonly Pair[]): Map<number, number> {
  const taken = new Map<number, number>();
  const given = new Set<number>();
  for (const { lead, answer, fit } of pairs) {
    if (taken.has(answer) || given.has(lead)) continue;
    const isTied = pairs.some(
      (other) =>
        other.answer === answer &&
        other.lead !== lead &&
        other.fit === fit &&
        !given.has(other.lead) &&
        lead !== answer,
    );
    if (isTied) continue;
    taken.set(answer, lead);
    given.add(lead);
  }
  return taken;
}
