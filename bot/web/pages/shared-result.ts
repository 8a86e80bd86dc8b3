import { finished } from 'node:stream/promises';
import type { JobStatus } from '@connectionsphere/core';
import type { Request, Response } from 'express';
import { attachment } from '../../attachment.ts';
import { fileNameOf, writeJob } from '../../list-file.ts';
import type { Reader } from '../../reader.ts';
import { html } from '../html.ts';
import { icons } from '../icons.ts';
import { facts, type Page, time } from '../layout.ts';
import { type Link, LinkGone } from '../links.ts';
import { fieldOf, readerOf, type WebContext } from '../visit.ts';
import { ROWS_A_PAGE, resultTable } from './list-results.ts';
import { stateBadge } from './list-words.ts';

/** The list that a link is about. Throws {@link LinkGone} where it was deleted since the link was made. */
export async function sharedList(
  { core }: Pick<WebContext, 'core'>,
  workspace: string,
  id: string,
): Promise<JobStatus> {
  const job = await core.jobs.status(id);
  if (job?.workspace !== workspace) throw new LinkGone('The list that this link is about was deleted.');
  return job;
}

/** What is shared, and the buttons that use the link up: for a short list one that shows it, and the files. */
export function sharedResultPage(
  job: JobStatus,
  { by, workspace, until }: Omit<Link, 'purpose'>,
  reader: Reader,
): Page {
  const { counts, rows, finished: done } = job;
  const title = `Result of ${job.name}`;
  return {
    title,
    body: html`<h1>${title}</h1><p class="lead"><b>${by}</b> shares this list of workspace <b>${workspace}</b> with you.</p>
<div class="panel"><div class="title"><p class="progress-figure"><b>${reader.count(counts.matched)}</b> of ${reader.plural(rows, 'row')} found</p>${stateBadge(job)}</div>${facts(
      [
        ['Done', done < rows && `${reader.count(done)} of ${reader.plural(rows, 'row')}, so far`],
        ['E-mails', counts.emails > 0 && reader.count(counts.emails)],
        ['Phones', counts.phones > 0 && reader.count(counts.phones)],
      ],
    )}
<form method="post" class="actions"><button class="button primary" name="as" value="csv">${icons.download}<span>Download CSV</span></button><button class="button" name="as" value="xlsx">${icons.download}<span>Download Excel</span></button>${rows <= ROWS_A_PAGE && html`<button class="button quiet" name="as" value="page">Show it here</button>`}</form>
<p class="soft">The link works once, until ${time(until)}. It holds people's data: keep it to yourself.</p></div>`,
  };
}

/** Sends the file, or gives the page, that was asked for. Rejects when the connection breaks before its end. */
export async function sharedResult(
  { core }: Pick<WebContext, 'core'>,
  job: JobStatus,
  request: Request,
  response: Response,
): Promise<Page | undefined> {
  const as = fieldOf(request, 'as');
  if (as === 'page' && job.rows <= ROWS_A_PAGE) {
    await core.audit.record(job.workspace, 'list.export', { list: job.id, format: 'page' });
    const rows = await Array.fromAsync(core.jobs.results(job.id));
    return {
      title: `Result of ${job.name}`,
      body: html`<h1>Result of ${job.name}</h1><p class="lead">This page shows it once.</p><div class="panel">${resultTable(job, rows, readerOf(request))}</div>`,
    };
  }
  const format = as === 'xlsx' ? 'xlsx' : 'csv';
  response.type(format).setHeader('content-disposition', attachment(fileNameOf(job, format, undefined)));
  await writeJob(core, job, response, { format });
  await finished(response);
  return undefined;
}
