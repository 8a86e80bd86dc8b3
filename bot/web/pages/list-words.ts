import type { JobState, JobStatus, LeadField, MappedField, PauseReason } from '@connectionsphere/core';
import { OUTCOME_WORDS } from '../../words.ts';
import { type Html, html } from '../html.ts';

const STATES: Readonly<Record<JobState, readonly [kind: string, words: string]>> = {
  ready: ['', 'Not started'],
  running: ['wait', 'Running'],
  paused: ['wait', 'Paused'],
  done: ['good', 'Done'],
  cancelled: ['', 'Cancelled'],
};

/** The state of a list within a sentence. */
export function stateWords({ state }: Pick<JobStatus, 'state'>): string {
  return STATES[state][1].toLowerCase();
}

export function stateBadge({ state }: Pick<JobStatus, 'state'>): Html {
  const [kind, words] = STATES[state];
  return html`<span class="badge ${kind}"><span class="dot"></span>${words}</span>`;
}

/** Why a list waits, and what makes it go on. */
export const PAUSES: Readonly<Record<PauseReason, string>> = {
  asked: 'It was paused. Press Resume to continue.',
  'no-slot':
    'No connected key can look people up. Connect one, or mend the one that Apollo refuses; then it resumes automatically.',
  'no-credits':
    'The connected keys have no Apollo credits left. Add credits in Apollo, or connect another key; then it resumes automatically.',
  'credit-limit': 'It reached its credit limit. Raise the limit below, and it goes on where it stopped.',
  'slot-limit':
    'Every slot that could do the work is at its limit for the month. An admin can raise one under Credits.',
  'monthly-limit':
    'The workspace reached its credit limit for the month. An admin can raise it under Credits.',
  'apollo-trouble': 'Apollo gives no usable answers just now. It resumes automatically when it does.',
  'request-refused':
    'Apollo refuses what was asked of it, for every lead alike. Ask the operator of this server to look at the log, then press Resume.',
  shutdown: 'The server is being restarted. It resumes automatically.',
  interrupted: 'The server stopped before the list was done. It resumes automatically.',
};

export const FIELD_NAMES: Readonly<Record<LeadField, string>> = {
  apollo_id: 'Apollo id',
  linkedin_url: 'LinkedIn profile',
  email: 'E-mail',
  hashed_email: 'E-mail, hashed',
  first_name: 'First name',
  last_name: 'Last name',
  name: 'Whole name',
  company: 'Company',
  domain: 'Company domain or website',
  company_linkedin_url: "Company's LinkedIn page",
};

export const FOUND: Readonly<Record<MappedField['found'], string>> = {
  header: 'by its name',
  values: 'by what its cells look like',
  override: 'as you said',
};

export const OUTCOMES = {
  matched: ['good', OUTCOME_WORDS.matched],
  review: ['wait', OUTCOME_WORDS.review],
  unmatched: ['', OUTCOME_WORDS.unmatched],
  skipped: ['', OUTCOME_WORDS.skipped],
  failed: ['bad', OUTCOME_WORDS.failed],
  pending: ['', OUTCOME_WORDS.pending],
} as const;

export const MATCHES = {
  exact: 'Exact',
  likely: 'Likely',
  moved: 'Moved',
  conflict: 'Conflict',
} as const;
