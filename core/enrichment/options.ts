import type { Reveal } from '../apollo/types.ts';
import { mailboxKind } from '../leads/email.ts';
import type { Lead } from '../leads/index.ts';

const DAY_MS = 86_400_000;

/** What to find for each lead, and what counts as known already. */
export interface EnrichOptions {
  readonly reveal: Reveal;
  /** Company data from the organization endpoints as well: at most one credit per company. */
  readonly company: boolean;
  /** Results older than this are asked for again, ms. */
  readonly matchedForMs: number;
  readonly unmatchedForMs: number;
}

/** E-mail and data; known matches for 90 days, known misses for 14. */
export const DEFAULT_OPTIONS: EnrichOptions = {
  reveal: { personalEmails: false, phones: false, waterfall: false },
  company: false,
  matchedForMs: 90 * DAY_MS,
  unmatchedForMs: 14 * DAY_MS,
};

/**
 * The most credits that one look-up may cost. Apollo: 1 for demographics or e-mail, 8 more for a mobile
 * number. What a waterfall costs depends on the vendors that the team has set up: Apollo's price list names 20 "and
 * more" for an e-mail and 45 "and more" for a phone, so a limit cannot be promised; that much is set aside.
 */
const PERSON_CREDITS = 1;
const PHONE_CREDITS = 8;
const WATERFALL_EMAIL_CREDITS = 20;
const WATERFALL_PHONE_CREDITS = 45;
const COMPANY_CREDITS = 1;

/** Nothing but what the first answer gives. */
export const NOTHING_LATE = {
  personalEmails: false,
  phones: false,
  waterfall: false,
} as const satisfies Reveal;

/**
 * Whether a lead rests on a name with a company alone. Somebody of that name may answer, so what comes late, and is
 * dear, is asked for in a second call, by Apollo's id, when it is sure who answered.
 */
export function restsOnName({ apolloId, linkedinUrl, email, hashedEmail }: Lead): boolean {
  const isMailbox = email !== undefined && mailboxKind(email) === 'person';
  return apolloId === undefined && linkedinUrl === undefined && hashedEmail === undefined && !isMailbox;
}

/** The most that a lead may cost: as {@link mostCredits}, with the call before it where it takes two. */
export function mostCreditsOf(kind: 'person' | 'company', lead: Lead, reveal: Reveal): number {
  return mostCredits(kind, reveal) + (takesTwoCalls(kind, lead, reveal) ? PERSON_CREDITS : 0);
}

/** Whether what comes late is asked for in a call of its own; see {@link restsOnName}. */
export function takesTwoCalls(kind: 'person' | 'company', lead: Lead, reveal: Reveal): boolean {
  return kind === 'person' && comesLate(reveal) && restsOnName(lead);
}

export function mostCredits(kind: 'person' | 'company', { phones, waterfall, emailKnown }: Reveal): number {
  if (kind === 'company') return COMPANY_CREDITS;
  const phone = waterfall ? WATERFALL_PHONE_CREDITS : PHONE_CREDITS;
  return PERSON_CREDITS + (phones ? phone : 0) + (waterfall && !emailKnown ? WATERFALL_EMAIL_CREDITS : 0);
}

/**
 * What of an answer's cost for one person was charged for its late part in advance: some accounts pay for a number
 * when the request is accepted, others when it comes.
 */
export function prepaidLate(credits: number): number {
  return credits > PERSON_CREDITS + PHONE_CREDITS / 2 ? credits - PERSON_CREDITS : 0;
}

/** Whether an answer to `asked` answers `wanted` too. */
export function covers(asked: Reveal, wanted: Reveal): boolean {
  return (
    (asked.personalEmails || !wanted.personalEmails) &&
    (asked.phones || !wanted.phones) &&
    (asked.waterfall || !wanted.waterfall)
  );
}

/** Whether company data is looked for beside each person's. */
export function addsCompany(kind: 'person' | 'company', { company }: EnrichOptions): boolean {
  return company && kind === 'person';
}

/** Whether a part of the answer comes after it: phones and a waterfall's finds, in minutes. */
export function comesLate({ phones, waterfall }: Reveal): boolean {
  return phones || waterfall;
}
