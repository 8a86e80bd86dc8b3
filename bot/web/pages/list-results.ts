import { type JobStatus, leadFromRow, PRESET_NAMES, PRESETS, type ResultRow } from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import { askedSide, type OpenReview, type Side } from '../../reviews.ts';
import { type Child, type Html, html } from '../html.ts';
import { icons } from '../icons.ts';
import { choice, facts } from '../layout.ts';
import { table } from '../table.ts';
import { MATCHES, OUTCOMES } from './list-words.ts';

export const ROWS_A_PAGE = 50;

const ALL = ['', 'all'] as const;

/** Answers that contradict what was asked, side by side with it, for somebody to decide about. */
export function reviewsPanel(job: JobStatus, reviews: readonly OpenReview[], mayDecide: boolean): Html {
  return html`<section class="panel" aria-labelledby="reviews"><h2 id="reviews">To review</h2><p class="soft">Apollo answered with a person who contradicts what was asked. The answer is in your file only after you accept it.</p>
${reviews.map(
  ({ row, reason, asked, answered }) =>
    html`<article class="compare" aria-labelledby="review-${row}"><h3 id="review-${row}">Row ${row}</h3><p class="hint">${icons.warning}<span>${reason}</span></p><div class="sides"><div><p class="eyebrow">In your list</p>${sideFacts(asked)}</div><div><p class="eyebrow">Apollo's answer</p>${sideFacts(answered)}</div></div>
${mayDecide && html`<form method="post" action="/app/lists/${job.id}/decide" class="actions"><input type="hidden" name="row" value="${row}"><button class="button" name="verdict" value="accept" aria-describedby="review-${row}">Accept</button><button class="button quiet danger" name="verdict" value="reject" aria-describedby="review-${row}">Reject</button></form>`}</article>`,
)}</section>`;
}

function sideFacts({ name, title, company, domain, email, linkedinUrl }: Side): Html {
  return facts([
    ['Name', name],
    ['Title', title],
    ['Company', company],
    ['Domain', domain],
    ['E-mail', email],
    ['LinkedIn', linkedinUrl],
  ]);
}

export interface ResultFilter {
  readonly outcome: string;
  readonly match: string;
  /** Only people one of whose numbers stands on a do-not-call list. */
  readonly doNotCall: boolean;
}

export function passes(row: ResultRow, { outcome, match, doNotCall }: ResultFilter): boolean {
  if (outcome !== '' && (row.outcome ?? 'pending') !== outcome) return false;
  if (match !== '' && row.match?.kind !== match) return false;
  return !doNotCall || row.person?.phones?.some((phone) => phone.doNotCall) === true;
}

/** The form that filters, and the rows; htmx brings new rows without the rest of the page. */
export function resultsPanel(
  job: JobStatus,
  rows: readonly ResultRow[],
  filter: ResultFilter,
  next: number | undefined,
  reader: Reader,
): Html {
  const path = `/app/lists/${job.id}`;
  return html`<section class="panel" aria-labelledby="results"><div class="title"><h2 id="results">Results</h2><div class="actions">${downloads(job)}<form method="post" action="${path}/share"><button class="button">${icons.link}<span>Share by one-time link</span></button></form></div></div>
<form method="get" action="${path}" class="filters" hx-get="${path}" hx-target="#rows" hx-swap="outerHTML" hx-trigger="change, submit">
${choice('outcome', 'Outcome', [ALL, ...Object.entries(OUTCOMES).map(([value, [, words]]) => [value, words] as const)], filter.outcome)}
${choice('match', 'Match', [ALL, ...Object.entries(MATCHES)], filter.match)}
<label class="option"><input type="checkbox" name="dnc" value="1" ${filter.doNotCall && 'checked'}><span>On a do-not-call list</span></label>
<button class="button">Filter</button></form>
${resultRows(job, rows, filter, next, reader)}</section>`;
}

function downloads(job: JobStatus): Html {
  const soFar = job.state === 'done' || job.state === 'cancelled' ? '' : ' so far';
  const path = `/app/lists/${job.id}/download`;
  return html`<a class="button primary" href="${path}?format=csv">${icons.download}<span>CSV${soFar}</span></a><a class="button" href="${path}?format=xlsx">${icons.download}<span>Excel${soFar}</span></a>${job.kind === 'people' && html`<form method="get" action="${path}" class="actions"><select name="preset" aria-label="For a tool">${PRESETS.map((preset) => html`<option value="${preset}">${PRESET_NAMES[preset]}</option>`)}</select><button class="button">For this tool</button></form>`}`;
}

export function resultRows(
  job: JobStatus,
  rows: readonly ResultRow[],
  filter: ResultFilter,
  next: number | undefined,
  reader: Reader,
): Html {
  if (rows.length === 0) return html`<div id="rows"><p class="soft">No row is like that.</p></div>`;
  const query = new URLSearchParams({
    outcome: filter.outcome,
    match: filter.match,
    from: String(next ?? ''),
  });
  if (filter.doNotCall) query.set('dnc', '1');
  return html`<div id="rows">${resultTable(job, rows, reader)}${next !== undefined && html`<p><a class="button" href="/app/lists/${job.id}?${query.toString()}#results">Next rows</a></p>`}</div>`;
}

/** Who was asked for and what was found, a line for each row. */
export function resultTable(job: JobStatus, rows: readonly ResultRow[], reader: Reader): Html {
  return table(
    'Rows',
    ['Row', 'Lead', 'Outcome', 'Found', 'E-mail', 'Phone', 'Company'],
    rows.map((row) => resultCells(job, row, reader)),
    { kind: 'rows' },
  );
}

function resultCells(job: JobStatus, row: ResultRow, reader: Reader): readonly Child[] {
  const [kind, words] = OUTCOMES[row.outcome ?? 'pending'];
  const { person, company, match, error } = row;
  const [phone] = person?.phones ?? [];
  const employer = person?.company ?? company;
  return [
    reader.count(row.row + 1),
    leadOf(job, row),
    html`<span class="badge ${kind}"><span class="dot"></span>${words}</span>${match && html`<span class="note">${MATCHES[match.kind]}: ${match.reason}</span>`}${error !== undefined && html`<span class="note">${error}</span>`}`,
    person?.name === undefined ? company?.name : [person.name, note(person.title)],
    person?.email === undefined ? '' : [address(person.email), note(person.emailStatus)],
    phone === undefined
      ? ''
      : [phone.number, phone.doNotCall && html`<span class="badge bad">Do not call</span>`],
    employer === undefined ? '' : [employer.name, note(employer.domain)],
  ];
}

/** An address, which is cut before its @ where it does not fit. */
function address(email: string): Html {
  const at = email.lastIndexOf('@');
  return html`${email.slice(0, at)}<wbr>${email.slice(at)}`;
}

function note(text: string | undefined): Child {
  return text !== undefined && html`<span class="note">${text}</span>`;
}

/** Whom the row asks for. */
function leadOf({ mapping }: Pick<JobStatus, 'mapping'>, { cells }: Pick<ResultRow, 'cells'>): Child {
  const { name, company, domain, email, linkedinUrl } = askedSide(leadFromRow(cells, mapping));
  const [first, ...more] = [name, company, domain, email, linkedinUrl].filter((said) => said !== undefined);
  return first === undefined
    ? html`<span class="soft">nothing</span>`
    : [html`<span>${first}</span>`, more.length > 0 && note(more.slice(0, 2).join(' · '))];
}
