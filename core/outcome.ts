/** What can become of a lead. `review`: Apollo answered with somebody who contradicts what was asked. */
export const OUTCOMES = ['matched', 'review', 'unmatched', 'skipped', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * How sure an answer is. `exact`: the same LinkedIn address, e-mail or id. `likely`: name and employer agree.
 * `moved`: the same person, now at another employer. `conflict`: something that was asked says otherwise.
 */
export interface Match {
  readonly kind: 'exact' | 'likely' | 'moved' | 'conflict';
  /** For people, in words: what agrees, and what does not. */
  readonly reason: string;
}
