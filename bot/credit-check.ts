import { type CreditComparison, compareCredits, type JobStatus } from '@connectionsphere/core';
import type { Reader } from './reader.ts';
import { count, plural } from './words.ts';

type Numbers = Pick<Reader, 'count' | 'plural'>;

/** What Apollo reports that a list used, beside what our books say. */
export interface CreditCheck {
  /** Of each Apollo team: "slot 1: 10,000 credits left before, 9,988 after". */
  readonly teams: readonly string[];
  /** Whether both agree, and where they do not, what may be the reason. */
  readonly verdict: string;
  readonly differs: boolean;
}

/** The comparison in words; `undefined` while the list runs, or where no key tells what is left. */
export function creditCheck(job: JobStatus, numbers: Numbers = { count, plural }): CreditCheck | undefined {
  const compared = job.state === 'done' ? compareCredits(job) : undefined;
  if (!compared) return undefined;
  return {
    teams: compared.teams.map(({ slots, before, after }) => {
      const mobile = (left: number | undefined) =>
        left === undefined ? '' : ` (mobile: ${numbers.count(left)})`;
      const then = after ? `, ${numbers.count(after.left)}${mobile(after.mobileLeft)} after` : '';
      return `${slotsText(slots)}: ${numbers.plural(before.left, 'credit')}${mobile(before.mobileLeft)} left before${then}`;
    }),
    verdict: verdictOn(job, compared, numbers),
    differs: compared.difference !== undefined && compared.difference !== 0,
  };
}

/** The comparison as the API and `--json` give it; `null`: nothing to compare. */
export function creditCheckDocument(job: JobStatus): object | null {
  const compared = compareCredits(job);
  if (!compared) return null;
  const { teams, unread, otherLists, ours, reported, difference } = compared;
  return {
    teams: teams.map(({ team, slots, before, after }) => ({
      team,
      slots,
      before: balanceDocument(before),
      after: after ? balanceDocument(after) : null,
    })),
    slotsNotRead: unread,
    otherLists: otherLists ?? null,
    ours,
    reported: reported ?? null,
    difference: difference ?? null,
    text: job.state === 'done' ? verdictOn(job, compared, { count, plural }) : null,
  };
}

type Balance = CreditComparison['teams'][number]['before'];

function balanceDocument({ left, used, mobileLeft, readAt }: Balance): object {
  return {
    left,
    used: used ?? null,
    mobileLeft: mobileLeft ?? null,
    readAt: new Date(readAt).toISOString(),
  };
}

function verdictOn(job: JobStatus, compared: CreditComparison, numbers: Numbers): string {
  const { difference, ours, reported, unread } = compared;
  if (reported === undefined || difference === undefined) {
    const whose = unread.length > 0 ? ` of ${slotsText(unread)}` : '';
    return `What Apollo counted cannot be compared with our books: the credits${whose} could not be read before and after the list.`;
  }
  if (difference === 0) return `Apollo reports ${numbers.plural(reported, 'credit')} used, as our books do.`;
  const size = numbers.count(Math.abs(difference));
  const figures = `Apollo reports ${numbers.plural(reported, 'credit')} used, our books ${numbers.count(ours)}: ${size} ${difference > 0 ? 'more' : 'fewer'}.`;
  return `${figures} Possible reasons: ${reasonsFor(job, compared, difference, numbers).join('; ')}.`;
}

function reasonsFor(
  { inDoubtCalls, inDoubtCredits, latePending }: JobStatus,
  { otherLists = 0 }: CreditComparison,
  difference: number,
  numbers: Numbers,
): string[] {
  if (difference < 0) {
    return [
      "Apollo's figures follow later",
      'credits were bought or given back meanwhile, or a new billing cycle began',
    ];
  }
  return [
    ...(inDoubtCalls > 0 || inDoubtCredits > 0
      ? [
          `${numbers.plural(Math.max(1, inDoubtCalls), 'call')} in doubt, at most ${numbers.plural(inDoubtCredits, 'credit')}`,
        ]
      : []),
    ...(latePending > 0 ? ['phones that are still to come, charged when they were asked for'] : []),
    ...(otherLists > 0
      ? [
          `${numbers.plural(otherLists, 'other list')} ${otherLists === 1 ? 'was' : 'were'} worked on at the same time`,
        ]
      : []),
    "colleagues and other tools use the same Apollo team's credits",
  ];
}

function slotsText(slots: readonly number[]): string {
  const last = slots.at(-1);
  return slots.length === 1 ? `slot ${last}` : `slots ${slots.slice(0, -1).join(', ')} and ${last}`;
}
