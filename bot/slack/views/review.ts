import type { ColumnMapping, Job, LeadField, SchedulePeriod } from '@connectionsphere/core';
import type { KnownBlock, ModalView } from '@slack/types';
import type { Reader } from '../../reader.ts';
import { estimatedTime } from '../../words.ts';
import { ACTION, VIEW } from '../action-ids.ts';
import { actions, button, context, cut, divider, LIMITS, plain, section, shown } from '../blocks.ts';
import type { Wish } from '../lists/list-wish.ts';
import { readingInputs } from './reading.ts';
import { type Recipients, recipientInputs } from './recipients.ts';
import { EVERY_HINT, everyInput } from './schedule.ts';

/** Fields that the form always offers, and those that it shows only where a column was taken for one. */
const USUAL = ['email', 'linkedin_url', 'first_name', 'last_name', 'name', 'company', 'domain'] as const;
const RARE = ['company_linkedin_url', 'apollo_id', 'hashed_email'] as const;

const NAMES: Record<LeadField, string> = {
  email: 'E-mail',
  linkedin_url: 'LinkedIn profile',
  first_name: 'First name',
  last_name: 'Last name',
  name: 'Whole name',
  company: 'Company',
  domain: 'Company domain',
  company_linkedin_url: "Company's LinkedIn page",
  apollo_id: 'Apollo id',
  hashed_email: 'Hashed e-mail',
};

/** The value of "no column". */
export const NO_COLUMN = '-';
const SAMPLES = 3;
/** As many as a line has room for. */
const SAMPLES_OF_LINE = 2;

export const reviewBlock = (field: LeadField) => `column.${field}`;
export const REVIEW_ACTION = 'column';

/** What the form has to know when it comes back. */
export type ReviewMemo =
  | {
      readonly job: string;
      readonly open?: boolean;
      /** Where others may see the list, and the message that it came with. */
      readonly from?: Origin;
      /** Of whom it was said already that they will see the result. */
      readonly seen?: Recipients | undefined;
    }
  /** No column was recognised, so there is no job yet. */
  | { readonly file: string; readonly wish: Wish };

/** The conversation that a list was taken from, and its message there. */
export interface Origin {
  readonly channel: string;
  readonly thread?: string | undefined;
}

export interface ReviewModel {
  readonly name: string;
  readonly rows: number;
  readonly mapping: ColumnMapping;
  readonly sample: readonly (readonly string[])[];
  readonly job?: Pick<Job, 'kind' | 'estimate' | 'creditLimit' | 'source'> | undefined;
  readonly memo: ReviewMemo;
  readonly reader: Reader;
  /** What was just noticed or changed, said first. */
  readonly note?: string | undefined;
  /** What the person may still spend this month, credits, where that is limited. */
  readonly personLeft?: number;
  /** Who gets the result beside whoever starts the list. */
  readonly to?: Recipients | undefined;
  /** How often the list runs again by itself. */
  readonly every?: SchedulePeriod | undefined;
}

/** The recognised columns with samples, to correct, and what it would cost. Start is the first thing that spends. */
export function reviewView(model: ReviewModel): ModalView {
  const { job, reader, memo, note } = model;
  return {
    type: 'modal',
    callback_id: VIEW.review,
    title: plain('Check and start', LIMITS.title),
    submit: plain(job ? 'Start' : 'Continue', LIMITS.title),
    close: plain('Cancel', LIMITS.title),
    notify_on_close: true,
    private_metadata: JSON.stringify(memo),
    blocks: [
      section(`*${shown(model.name, 80)}* · ${reader.plural(model.rows, 'row')}`),
      ...(note ? [section(`:information_source: ${note}`)] : []),
      ...(job ? [estimateBlock(job, model)] : []),
      ...('job' in memo && !memo.open ? columnLines(model) : columnInputs(model)),
      ...('job' in memo
        ? [divider, ...recipientInputs(model.to, memo.from?.channel), everyInput(model.every, EVERY_HINT)]
        : []),
    ],
  };
}

/** A line for each column that was recognised; nothing where a list has one column, as pasted addresses have. */
function columnLines({ mapping, sample }: ReviewModel): KnownBlock[] {
  if (mapping.headers.length <= 1) return [];
  const lines = [...USUAL, ...RARE].flatMap((field) => {
    const [column] = mapping.fields[field]?.columns ?? [];
    if (column === undefined) return [];
    const samples = shown(samplesOf(sample, column, SAMPLES_OF_LINE), 120);
    return [`${NAMES[field]}: *${shown(columnName(mapping, column), 60)}*${samples && `  ${samples}`}`];
  });
  return [
    divider,
    section(`*Your columns*\n${lines.join('\n')}`),
    ...unusedLine(mapping),
    // Beside the lines it would leave them half of the width.
    ...actions(button({ text: 'Change columns', action: ACTION.columns })),
  ];
}

/** A select for each field. */
function columnInputs(model: ReviewModel): KnownBlock[] {
  const { mapping, job } = model;
  const known = [...USUAL, ...RARE].filter((field) => mapping.fields[field]);
  const missing = USUAL.filter((field) => !mapping.fields[field]);
  return [
    divider,
    ...(known.length > 0 ? [section('*Your columns*\nCorrect what was taken wrongly.')] : []),
    ...known.map((field) => fieldInput(field, model)),
    section(
      `*${known.length > 0 ? 'Not found in your list' : 'Your columns'}*\nSay which column it is, if there is one.`,
    ),
    ...missing.map((field) => fieldInput(field, model)),
    divider,
    section('*How the list was read*\nCorrect it here; you need not give the list again.'),
    ...readingInputs(job),
    ...(job ? actions(button({ text: 'Estimate again', action: ACTION.reestimate })) : []),
    ...unusedLine(mapping),
  ];
}

function estimateBlock(
  { estimate, kind, creditLimit: own }: NonNullable<ReviewModel['job']>,
  { reader, personLeft }: ReviewModel,
): KnownBlock {
  const isPersons = personLeft !== undefined && personLeft < Math.min(own ?? Infinity, estimate.mostCredits);
  const creditLimit = isPersons ? personLeft : own;
  const who =
    kind === 'companies'
      ? reader.plural(estimate.lookups, 'company', 'companies')
      : reader.plural(estimate.lookups, 'person', 'people');
  const saved = [
    ...(estimate.known > 0 ? [`${reader.count(estimate.known)} known already`] : []),
    ...(estimate.duplicates > 0 ? [reader.plural(estimate.duplicates, 'duplicate')] : []),
    ...(estimate.skipped > 0
      ? [`${reader.count(estimate.skipped)} skipped (nothing to look up by, or forgotten)`]
      : []),
  ];
  const most = reader.plural(estimate.mostCredits, 'credit');
  const cost =
    creditLimit !== undefined && creditLimit < estimate.mostCredits
      ? `At most ${most}, and it pauses at ${isPersons ? `the ${reader.count(creditLimit)} that you may still spend this month` : `your limit of ${reader.count(creditLimit)}`}`
      : `At most ${most}`;
  const expected =
    estimate.expectedCredits === undefined
      ? ''
      : `, about ${reader.count(estimate.expectedCredits)} expected`;
  return section(
    [
      `*${cost}*${expected} · ${estimatedTime(estimate)}`,
      ...(estimate.creditsLeft === undefined
        ? []
        : [`${reader.plural(estimate.creditsLeft, 'credit')} left in Apollo`]),
      `${who} to look up`,
      ...(saved.length > 0 ? [`Free: ${saved.join(', ')}`] : []),
      ...(estimate.warnings ?? []),
    ].join('\n'),
  );
}

function fieldInput(field: LeadField, { mapping, sample }: ReviewModel): KnownBlock {
  const columns = mapping.fields[field]?.columns ?? [];
  const chosen = columns[0];
  const none = { text: plain('Not in this list', LIMITS.optionText), value: NO_COLUMN };
  const shownColumns = mapping.headers.map((_, index) => index).slice(0, LIMITS.options - 2);
  if (chosen !== undefined && !shownColumns.includes(chosen)) shownColumns.push(chosen);
  const options = shownColumns.map((index) => ({
    text: plain(columnName(mapping, index), LIMITS.optionText),
    value: String(index),
  }));
  const initial = options.find(({ value }) => value === String(chosen)) ?? none;
  const also = columns.slice(1).map((index) => columnName(mapping, index));
  const hint = [samplesOf(sample, chosen), also.length > 0 ? `else ${also.join(', ')}` : '']
    .filter(Boolean)
    .join('; ');
  return {
    type: 'input',
    block_id: reviewBlock(field),
    label: plain(NAMES[field]),
    ...(hint && { hint: plain(hint, LIMITS.hint) }),
    element: {
      type: 'static_select',
      action_id: REVIEW_ACTION,
      options: [none, ...options],
      initial_option: initial,
    },
  };
}

function columnName({ headers }: ColumnMapping, index: number): string {
  return headers[index]?.replace(/\s+/g, ' ').trim() || `Column ${index + 1}`;
}

function samplesOf(
  sample: readonly (readonly string[])[],
  column: number | undefined,
  most = SAMPLES,
): string {
  if (column === undefined) return '';
  const cells = sample.map((row) => row[column]?.replace(/[\p{Cc}\s]+/gu, ' ').trim() ?? '').filter(Boolean);
  return cells
    .slice(0, most)
    .map((text) => cut(text, 40))
    .join(', ');
}

function unusedLine({ unused, headers }: ColumnMapping): KnownBlock[] {
  if (unused.length === 0) return [];
  const names = unused
    .slice(0, 10)
    .map((index) => shown(headers[index]?.trim() || `Column ${index + 1}`, 30));
  const more = unused.length > names.length ? ` and ${unused.length - names.length} more` : '';
  return [context(`Kept as they are: ${names.join(', ')}${more}`)];
}
