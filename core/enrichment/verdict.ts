import type { Match, Outcome } from '../outcome.ts';
import { compareCompany, comparePerson } from './compare.ts';
import type { Asked, KnownResult } from './known.ts';
import { keysOfPerson } from './subject.ts';

/** What an answer is to a lead. */
export interface Verdict {
  readonly outcome: Extract<Outcome, 'matched' | 'review' | 'unmatched'>;
  readonly match?: Match;
}

/** Whether the result answers this lead's question: each lead of a shared result is compared for itself. */
export function verdictOn({ identity, lead }: Asked, result: KnownResult): Verdict {
  const { person, company, accepted, outcome } = result;
  if (outcome === 'unmatched') return { outcome };
  const match = person ? comparePerson(lead, person) : company && compareCompany(lead, company);
  if (!match) return { outcome: 'unmatched' };
  if (match.kind !== 'conflict') return { outcome: 'matched', match };
  if (accepted?.keys.includes(identity[0])) {
    return {
      outcome: 'matched',
      match: { kind: 'likely', reason: `accepted by ${accepted.by}; ${match.reason}` },
    };
  }
  return { outcome: 'review', match };
}

/** Keys that belong to one person alone. */
const PERSONAL = /^(?:id|li|em):/;

/**
 * Whether a result that stands under one of the lead's keys may answer for it: not where it contradicts the lead,
 * unless the key is the person's own, so that Apollo would answer with the same person again.
 */
export function isAbout(asked: Asked, result: KnownResult): boolean {
  if (!result.person || verdictOn(asked, result).outcome === 'matched') return true;
  const own = keysOfPerson(result.person);
  return asked.identity.some((key) => PERSONAL.test(key) && own.includes(key));
}
