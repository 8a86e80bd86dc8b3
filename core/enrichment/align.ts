import type { Company, Person } from '../apollo/types.ts';
import type { Identity } from '../leads/index.ts';

/** A lead's own answer: found, a miss, or `unclear`, when nobody can say whose the answer is. */
export type Aligned<T> = { readonly found: T | null } | { readonly unclear: true };

/**
 * Says which of Apollo's answers belongs to which lead. `matches[]` should line up with the batch; it is
 * believed where nothing speaks against it, that is, where no answer fits another lead of the batch better
 * than its own. Where something does, or where the list has the wrong length, only answers that share an
 * identifying key with exactly one lead are given out; the rest is `unclear`, never guessed.
 */
export function align<T extends Person | Company>(
  identities: readonly Identity[],
  answers: readonly (T | null)[],
  keysOf: (answer: T) => readonly string[],
): Aligned<T>[] {
  const keys = answers.map((answer) => (answer ? keysOf(answer) : []));
  if (answers.length === identities.length && linesUp(identities, keys)) {
    return answers.map((found) => ({ found }));
  }
  return identities.map((identity) => {
    const fitting = answers.filter((_, index) => fits(identity, keys[index] ?? []));
    const [only] = fitting;
    const rivals = identities.filter((other) => only && fits(other, keysOf(only)));
    return only && fitting.length === 1 && rivals.length === 1 ? { found: only } : { unclear: true };
  });
}

function linesUp(identities: readonly Identity[], keys: readonly (readonly string[])[]): boolean {
  return keys.every((answer, index) => {
    const own = identities[index];
    if (answer.length === 0 || (own && fits(own, answer))) return true;
    return !identities.some((other) => fits(other, answer));
  });
}

function fits(identity: Identity, answer: readonly string[]): boolean {
  return identity.some((key) => answer.includes(key));
}
