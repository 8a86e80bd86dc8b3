import {
  type ColumnMapping,
  type Job,
  LEAD_FIELDS,
  type LeadField,
  type SchedulePeriod,
} from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import { type ColumnChoices, corrected } from '../lists/lists.ts';
import type { Services } from '../services.ts';
import type { FormValues } from '../views/form-values.ts';
import { readingIn } from '../views/reading.ts';
import type { Recipients } from '../views/recipients.ts';
import { NO_COLUMN, REVIEW_ACTION, type ReviewMemo, type ReviewModel, reviewBlock } from '../views/review.ts';

const SAMPLE_ROWS = 20;

interface ReviewFor {
  readonly user: string;
  readonly reader: Reader;
  /** What was just noticed or changed, said first. */
  readonly note?: string | undefined;
  /** What the form that is drawn anew knows: whether every column can be changed, where the list is from. */
  readonly memo?: Omit<Extract<ReviewMemo, { job: string }>, 'job'> | undefined;
  readonly to?: Recipients | undefined;
  readonly every?: SchedulePeriod | undefined;
}

/** What the review of a prepared list shows. */
export async function reviewModelOf(
  { lists, personCredits }: Services,
  job: Job,
  { user, reader, note, memo, to, every }: ReviewFor,
): Promise<ReviewModel> {
  const month = await personCredits.month(job.workspace, user, job);
  return {
    name: job.name,
    rows: job.rows,
    mapping: job.mapping,
    sample: await lists.sample(job, SAMPLE_ROWS),
    job,
    memo: { ...memo, job: job.id },
    to,
    every,
    ...(month && { personLeft: month.left }),
    reader,
    note,
  };
}

/** Which columns somebody chose in the review. */
export function choicesIn(values: FormValues): ColumnChoices {
  const choices: ColumnChoices = {};
  for (const field of LEAD_FIELDS) {
    const state = values[reviewBlock(field)]?.[REVIEW_ACTION];
    if (!state) continue;
    const chosen = state.selected_option?.value ?? NO_COLUMN;
    choices[field] = chosen === NO_COLUMN ? null : Number(chosen);
  }
  return choices;
}

/**
 * The list as the form of the review says, in the place of a job that was not started; `undefined` where nothing was
 * changed. Read otherwise, it may have other columns: those that were chosen count no more.
 */
export async function changedList(
  { lists }: Services,
  job: Job,
  values: FormValues,
): Promise<Job | undefined> {
  const reading = readingIn(values, job);
  if (Object.keys(reading).length > 0) return await lists.reread(job, reading);
  const choices = choicesIn(values);
  return areOther(choices, job.mapping) ? await lists.remap(job, corrected(job.mapping, choices)) : undefined;
}

/** Whether the choices say anything that the mapping does not. */
function areOther(choices: ColumnChoices, { fields }: ColumnMapping): boolean {
  return Object.entries(choices).some(
    ([field, index]) => (fields[field as LeadField]?.columns[0] ?? null) !== index,
  );
}
