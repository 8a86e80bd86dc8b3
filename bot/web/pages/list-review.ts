import {
  type ColumnMapping,
  type EnrichOptions,
  type Job,
  LEAD_FIELDS,
  type LeadField,
} from '@connectionsphere/core';
import { listNotes } from '../../list-notes.ts';
import type { Reader } from '../../reader.ts';
import { estimatedTime } from '../../words.ts';
import { type Child, type Html, html } from '../html.ts';
import { icons } from '../icons.ts';
import { facts, notice } from '../layout.ts';
import { table } from '../table.ts';
import { kindField, readingFields, readingOf } from './list-reading.ts';
import { FIELD_NAMES, FOUND } from './list-words.ts';

/** Columns that are offered to be changed; those of wider lists stay as they were recognised. */
const MOST_COLUMNS = 60;
/** Rows whose cells are shown. */
export const SHOWN_ROWS = 3;

export interface ListReview {
  readonly job: Job;
  readonly sample: readonly (readonly string[])[];
  readonly reader: Reader;
  /** Credits that the connected teams have left; none: no key tells. */
  readonly creditsLeft: number | undefined;
  /** Whether any key is connected. */
  readonly connected: boolean;
  readonly mayStart: boolean;
  readonly wrong?: string | undefined;
}

/** Before anything is spent: what was recognised, what it may cost, and the button that starts it. */
export function listReview(review: ListReview): Html {
  const { job, wrong, connected, mayStart } = review;
  const reading = readingOf(job);
  const { unclear } = job;
  const notes = unclear === undefined ? listNotes(undefined, job) : [];
  const action = `/app/lists/${job.id}/start`;
  return html`<div class="title"><div><h1>${job.name}</h1><p class="lead">Nothing is spent before you press Start.</p></div></div>
${wrong !== undefined && notice('wrong', wrong)}
${unclear !== undefined && notice('info', `${unclear} Say below what the columns are, or read the list otherwise; then press Continue. Nothing is lost.`)}
${notes.length > 0 && notice('info', html`<ul>${notes.map(({ text }) => html`<li>${text}</li>`)}</ul>`)}
<form method="post" action="${action}" class="review">
<div class="review-main">
<section class="panel"><h2>Columns</h2>${columnsTable(review)}</section>
<section class="panel"><h2>What to look up</h2>${optionFields(job)}</section>
</div>
<aside class="panel review-cost">${unclear === undefined ? html`<h2>What it costs</h2>${costFacts(review)}` : html`<h2>Whom it names</h2>${kindField()}<p class="note">What it costs is said when that is clear.</p>`}
  <div class="field"><label for="limit">Credit limit <span class="soft">optional</span></label><input id="limit" name="limit" inputmode="decimal" value="${job.creditLimit ?? ''}" aria-describedby="limit-note"><p class="note" id="limit-note">At the limit the list pauses; you can raise it then.</p></div>
  ${!connected && notice('wrong', html`No Apollo key is connected. <a href="/app/integrations/apollo/connect">Connect one</a>, then start.`)}
  <div class="actions">${unclear === undefined ? html`${mayStart && html`<button class="button primary" data-busy="Starting…">Start</button>`}<button class="button" formaction="/app/lists/${job.id}/estimate">Update the estimate</button>` : mayStart && html`<button class="button primary" formaction="/app/lists/${job.id}/estimate" data-busy="Reading the list…">Continue</button>`}</div>
</aside>
</form>
${reading && html`<details class="more panel" ${unclear !== undefined && 'open'}><summary>How the list was read</summary><form method="post" action="/app/lists/${job.id}/read" class="form">${readingFields(reading, unclear === undefined)}<div class="actions"><button class="button" data-busy="Reading the list…">Read it again</button></div></form></details>`}
<form method="post" action="/app/lists/${job.id}/discard"><button class="button quiet danger">Discard this list</button></form>`;
}

function costFacts({ job, reader, creditsLeft }: ListReview): Html {
  const {
    rows,
    duplicates,
    known,
    skipped,
    lookups,
    mostCredits,
    expectedCredits,
    expectedFrom,
    warnings = [],
  } = job.estimate;
  const what = job.kind === 'companies' ? ['company', 'companies'] : ['person', 'people'];
  return html`<p class="price"><b>${reader.count(mostCredits)}</b> <span>credits at most</span></p>${facts([
    [
      'Expected',
      expectedCredits !== undefined &&
        `about ${reader.plural(expectedCredits, 'credit')}${expectedFrom === 'workspace' ? ', as your lists before went' : ''}`,
    ],
    ['Slots have left', creditsLeft === undefined ? 'not known' : reader.plural(creditsLeft, 'credit')],
    ['Rows', reader.count(rows)],
    ['To look up', reader.plural(lookups, ...(what as [string, string]))],
    ['Duplicates', duplicates > 0 && `${reader.count(duplicates)}, free`],
    ['Known already', known > 0 && `${reader.count(known)}, free`],
    ['Skipped', skipped > 0 && `${reader.count(skipped)}: nothing to identify them by, or forgotten`],
    ['Time', estimatedTime(job.estimate)],
  ])}${warnings.map((warning) => notice('info', warning))}${creditsLeft !== undefined && creditsLeft < mostCredits && warnings.length === 0 && notice('info', 'The slots may not have enough credits for all of it. Then the list waits, and goes on when there are more.')}`;
}

interface Option {
  readonly name: string;
  readonly words: string;
  readonly price: string;
  readonly isOn: (job: Job) => boolean;
}

const OPTIONS: readonly Option[] = [
  {
    name: 'phones',
    words: 'Phone numbers: mobile and direct. They come some minutes later; the list waits for them.',
    price: '8 credits more for each person with a mobile',
    isOn: ({ options }) => options.reveal.phones,
  },
  {
    name: 'personalEmails',
    words: 'Private e-mail addresses, too (not in GDPR regions).',
    price: 'no extra credits',
    isOn: ({ options }) => options.reveal.personalEmails,
  },
  {
    name: 'waterfall',
    words: 'Ask the vendors that are set up in your Apollo account as well.',
    price:
      'their prices: 20 credits for each person are set aside, 45 more with phone numbers, and it can cost more',
    isOn: ({ options }) => options.reveal.waterfall,
  },
  {
    name: 'company',
    words: 'More about each employer: industry, size, revenue, address.',
    price: '1 credit for each company',
    isOn: ({ options }) => options.company,
  },
  {
    name: 'fresh',
    words: 'Ask again for people who are known from earlier lists.',
    price: 'each costs credits again',
    isOn: ({ notBefore }) => notBefore !== undefined,
  },
];

function optionFields(job: Job): Html {
  const base =
    job.kind === 'companies'
      ? 'Company data, 1 credit for each company found.'
      : 'E-mail, title, LinkedIn, place and employer: 1 credit for each person found.';
  return html`<p class="soft">${base}</p><fieldset class="options"><legend class="unseen">More</legend>${OPTIONS.map(
    ({ name, words, price, isOn }) =>
      html`<label class="option"><input type="checkbox" name="${name}" value="true" ${isOn(job) && 'checked'}><span>${words}<span class="option-price">${price}</span></span></label>`,
  )}</fieldset>`;
}

function columnsTable({ job, sample }: ListReview): Html {
  const { mapping, headers } = job;
  const shown = headers.slice(0, MOST_COLUMNS);
  const rows = shown.map((header, index) => {
    const [field, found] = usedAs(mapping, index);
    return [
      header || html`<span class="soft">without a name</span>`,
      samplesOf(sample, index),
      html`<select name="column-${index}" aria-label="What the column ${header || index + 1} is"><option value="">not used</option>${LEAD_FIELDS.map((each) => html`<option value="${each}" ${each === field && 'selected'}>${FIELD_NAMES[each]}</option>`)}</select>${found && html`<span class="note">${icons.check} ${FOUND[found]}</span>`}`,
    ];
  });
  return html`${table('Columns of the list', ['Column', 'First rows', 'Read as'], rows, { kind: 'columns' })}${headers.length > MOST_COLUMNS && html`<p class="note">${headers.length - MOST_COLUMNS} more columns stay as they were recognised.</p>`}`;
}

function usedAs(mapping: ColumnMapping, index: number) {
  for (const [field, { columns, found }] of Object.entries(mapping.fields)) {
    if (columns.includes(index)) return [field as LeadField, found] as const;
  }
  return [undefined, undefined] as const;
}

function samplesOf(sample: readonly (readonly string[])[], index: number): Child {
  const cells = sample.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== '');
  return cells.length === 0
    ? html`<span class="soft">empty</span>`
    : cells.map((cell) => html`<span class="cell">${cell.slice(0, 80)}</span>`);
}

/** What the form of a review asks for; columns that it does not have stay as they were. */
export function wishedMapping(
  mapping: ColumnMapping,
  field: (name: string) => string | undefined,
): ColumnMapping {
  const wanted = new Map<LeadField, number[]>();
  mapping.headers.forEach((_, index) => {
    const asked = field(`column-${index}`);
    const meant =
      asked === undefined ? usedAs(mapping, index)[0] : LEAD_FIELDS.find((each) => each === asked);
    if (meant) wanted.set(meant, [...(wanted.get(meant) ?? []), index]);
  });
  const used = new Set([...wanted.values()].flat());
  const fields = [...wanted].map(([name, columns]) => {
    const before = mapping.fields[name];
    const isSame =
      before &&
      before.columns.length === columns.length &&
      before.columns.every((each) => columns.includes(each));
    return [name, isSame ? before : { columns, found: 'override' as const }];
  });
  return {
    ...mapping,
    fields: Object.fromEntries(fields),
    unused: mapping.headers.flatMap((_, index) => (used.has(index) ? [] : [index])),
  };
}

/** The options that the form asks for. */
export function wishedOptions(options: EnrichOptions, field: (name: string) => string): EnrichOptions {
  const isOn = (name: string) => field(name) === 'true';
  return {
    ...options,
    reveal: {
      ...options.reveal,
      phones: isOn('phones'),
      personalEmails: isOn('personalEmails'),
      waterfall: isOn('waterfall'),
    },
    company: isOn('company'),
  };
}
