import type { JobStatus, Waiting } from '@connectionsphere/core';
import type { Scope } from '../../api/tokens.ts';
import { creditCheck } from '../../credit-check.ts';
import type { Reader } from '../../reader.ts';
import { duration, WAITS } from '../../words.ts';
import { type Html, html } from '../html.ts';
import { icons } from '../icons.ts';
import { facts, notice, time } from '../layout.ts';
import { scheduleLine } from './list-schedule.ts';
import { PAUSES, stateBadge } from './list-words.ts';

export interface ListProgress {
  readonly job: JobStatus;
  readonly reader: Reader;
  readonly scopes: readonly Scope[];
  /** ms; `undefined`: nothing tells. */
  readonly leftMs: number | undefined;
}

/** How far a list is, what it waits for, and what can be done with it now. */
export function listProgress(progress: ListProgress): Html {
  const { job, reader, scopes, leftMs } = progress;
  const { finished, rows, counts, credits, creditLimit, inDoubtCredits, latePending, state } = job;
  const share = rows === 0 ? 0 : Math.floor((finished / rows) * 100);
  const check = creditCheck(job, reader);
  return html`<div class="panel">
  <div class="title"><p class="progress-figure"><b>${reader.count(finished)}</b> of ${reader.plural(rows, 'row')}</p>${stateBadge(job)}</div>
  <progress class="progress" max="100" value="${share}" aria-label="Rows done">${share} %</progress>
  ${state === 'running' && job.waiting && waitingHint(job.waiting)}
  ${state === 'running' && leftMs !== undefined && html`<p class="soft">About ${duration(leftMs / 1000)} left.</p>`}
  ${state === 'paused' && job.reason && notice('info', PAUSES[job.reason])}
  ${state === 'cancelled' && html`<p class="soft">Cancelled. What was found stays. Press Resume to take it up where it was; nothing is paid for twice.</p>`}
  ${latePending > 0 && html`<p class="hint">${icons.clock}<span>${reader.plural(latePending, 'person', 'people')} whose phones are still on their way.</span></p>`}
  ${facts([
    [
      'Found',
      `${reader.count(counts.matched)}${finished > 0 ? ` (${reader.share(counts.matched, finished)})` : ''}`,
    ],
    ['To review', counts.review > 0 && reader.count(counts.review)],
    ['E-mails', `${reader.count(counts.emails)}, ${reader.count(counts.verifiedEmails)} verified`],
    ['Phones', counts.phones > 0 && reader.count(counts.phones)],
    ['Not found', reader.count(counts.unmatched)],
    ['Skipped', counts.skipped > 0 && reader.count(counts.skipped)],
    ['Failed', counts.failed > 0 && reader.count(counts.failed)],
    [
      'Free of charge',
      [
        counts.duplicates > 0 && reader.plural(counts.duplicates, 'duplicate'),
        counts.known > 0 && `${reader.count(counts.known)} known already`,
      ]
        .filter((words) => words !== false)
        .join(', '),
    ],
    [
      'Credits',
      `${reader.count(credits)}${creditLimit === undefined ? '' : ` of at most ${reader.count(creditLimit)}`}`,
    ],
    [
      'In doubt',
      inDoubtCredits > 0 && `up to ${reader.plural(inDoubtCredits, 'credit')}: calls whose answer was lost`,
    ],
    ['At Apollo', check?.teams.join('; ')],
  ])}
  ${scheduleLine(job)}
  ${check && (check.differs ? notice('info', check.verdict) : html`<p class="soft">${check.verdict}</p>`)}
  ${scopes.includes('enrich') && controls(job)}
</div>`;
}

function waitingHint({ for: what, until }: Waiting): Html {
  const end = until === undefined ? '' : html` until ${time(until)}, then continues automatically`;
  return html`<p class="hint">${icons.clock}<span>${WAITS[what].replace(/^./, (first) => first.toUpperCase())}${end}.</span></p>`;
}

function controls(job: JobStatus): Html {
  const act = (action: string, words: string, kind = '') =>
    html`<form method="post" action="/app/lists/${job.id}/${action}"><button class="button ${kind}">${words}</button></form>`;
  const isOpen = job.state === 'running' || job.state === 'paused';
  return html`<div class="actions">
  ${job.state === 'running' && act('pause', 'Pause')}
  ${(job.state === 'paused' || job.state === 'cancelled') && act('resume', 'Resume', 'primary')}
  ${isOpen && html`<a class="button quiet danger" href="/app/lists/${job.id}/cancel">Cancel</a>`}
  ${isOpen && html`<a class="button quiet" href="/app/lists/${job.id}/limit">Change the limit</a>`}
  ${job.state !== 'ready' && html`<a class="button quiet" href="/app/lists/${job.id}/schedule">${job.schedule ? 'Change when it runs again' : 'Run it again by itself'}</a>`}
</div>`;
}
