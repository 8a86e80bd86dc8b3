import type { DirectResult } from '@connectionsphere/core';
import type { RunAnswer } from './run.ts';
import type { SlotReport } from './service.ts';

/** How a run ended, for the person who looks at it. */
export interface Summary {
  readonly message: string;
  /** Something needs care. */
  readonly warning: boolean;
}

const STOPPED = {
  'no-slot': 'no key can be used now',
  'slot-limit': 'the slots are at their limits for the month',
  budget: 'the credit limit was reached',
  'request-refused': 'Apollo does not take what is asked for',
  'apollo-trouble': 'Apollo could not be reached for a minute',
  aborted: 'the execution was cancelled',
} as const;

/** A shorter wait is nothing that anybody would ask about, ms. */
const SHORTEST_WAIT_MS = 1000;

/** The figures of a run in a few sentences. `spent`: credits of the run by slot, where that is known. */
export function summarise(
  answer: RunAnswer,
  slots: readonly SlotReport[],
  spent: Readonly<Record<string, number>>,
  tookMs: number,
): Summary {
  const { results } = answer;
  const count = (of: (result: DirectResult) => boolean) => results.filter(of).length;
  const outcome = (name: DirectResult['outcome']) => count((result) => result.outcome === name);
  const toReview = outcome('review');
  const parts = [
    `${outcome('matched')} of ${results.length} found`,
    ...some(toReview, 'to review'),
    ...some(outcome('unmatched'), 'not found'),
    ...some(outcome('skipped'), 'with nothing to identify them by, or forgotten'),
    ...some(outcome('failed'), 'failed'),
    ...some(outcome('undecided'), 'not looked up'),
    ...some(
      count(({ how }) => how === 'duplicate'),
      'for free as duplicates',
    ),
    ...some(
      count(({ how }) => how === 'known'),
      'known already',
    ),
    `${number(answer.credits)} ${answer.credits === 1 ? 'credit' : 'credits'} in ${number(tookMs / 1000)} s`,
  ];
  const used = Object.entries(spent).filter(([, credits]) => credits > 0);
  const care = slots.filter(({ state }) => state !== 'healthy');
  const { inDoubtCalls, inDoubtCredits } = answer;
  const sentences = [
    `${parts.join(', ')}.`,
    ...(used.length > 0 ? [`Slots used: ${used.map(([slot]) => slot).join(', ')}.`] : []),
    ...(answer.stopped ? [`It stopped early: ${STOPPED[answer.stopped]}.`] : []),
    ...(inDoubtCalls > 0 || inDoubtCredits > 0
      ? [
          `Calls that got no answer: ${Math.max(1, inDoubtCalls)}. They may have been charged, at most ${number(inDoubtCredits)} credits.`,
        ]
      : []),
    ...(answer.waitedMs >= SHORTEST_WAIT_MS
      ? [`It waited ${number(answer.waitedMs / 1000)} s for its turn under Apollo's limits.`]
      : []),
    ...(answer.rateLimited > 0
      ? [`Calls that Apollo refused as too many: ${answer.rateLimited}. They waited.`]
      : []),
    ...(results.some(({ pending }) => pending)
      ? ['Some phone numbers are still to come: run it again later, which costs nothing.']
      : []),
    ...(toReview > 0
      ? ['Whoever is to review may be somebody else than was asked for: see Match Reason before using them.']
      : []),
    ...care.map(({ slot, label, advice }) => `Slot ${slot} (${label}): ${advice}`),
  ];
  const warning = care.length > 0 || answer.errors.length > 0 || answer.stopped !== undefined;
  return { message: sentences.join(' '), warning };
}

function some(count: number, words: string): string[] {
  return count > 0 ? [`${count} ${words}`] : [];
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}
