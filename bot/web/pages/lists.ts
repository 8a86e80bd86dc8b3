import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import {
  DEFAULT_OPTIONS,
  type Job,
  JobError,
  type JobState,
  type JobStatus,
  MappingError,
  mapColumns,
  PRESETS,
  type ResultRow,
} from '@connectionsphere/core';
import { LeadFileError, openLeadStream } from '@connectionsphere/core/node';
import { Problem } from '../../api/problem.ts';
import { attachment } from '../../attachment.ts';
import { openingOptions, readAgain } from '../../list-again.ts';
import { fileNameOf, sourceOf, writeJob } from '../../list-file.ts';
import { Pace } from '../../pace.ts';
import type { Reader } from '../../reader.ts';
import { decideReviews, openReviews } from '../../reviews.ts';
import { html } from '../html.ts';
import { icons } from '../icons.ts';
import { notice, time, trail } from '../layout.ts';
import { type Session, Sessions } from '../sessions.ts';
import { table } from '../table.ts';
import { takeUpload, type Upload, UploadError } from '../upload.ts';
import { asksForPiece, type Outcome, type Screens, type Visit, type WebContext } from '../visit.ts';
import { listOf, listsOf, madeList, personOf, startList } from '../whose-lists.ts';
import { linkPage } from './link-page.ts';
import { listProgress } from './list-progress.ts';
import { kindIn, readingFields, readingIn } from './list-reading.ts';
import {
  passes,
  type ResultFilter,
  ROWS_A_PAGE,
  resultRows,
  resultsPanel,
  reviewsPanel,
} from './list-results.ts';
import { listReview, SHOWN_ROWS, wishedMapping, wishedOptions } from './list-review.ts';
import { scheduleScreens } from './list-schedule.ts';
import { stateBadge, stateWords } from './list-words.ts';

const LISTS = '/app/lists';
const TRAIL = [['Lists', LISTS]] as const;
/** Rows by which columns are recognised. */
const SAMPLE_ROWS = 1000;
/** How often a page that looks on hears of a list, ms. */
const TOLD_EVERY_MS = 500;
const LISTS_SHOWN = 100;
/** Reviews on one page; as they are decided, the next come up. */
const REVIEWS_SHOWN = 20;

/** Lists: dropped, looked through, started, watched, read. */
export function lists(screens: Screens, context: WebContext): void {
  const { core, ports, config } = context;

  /** By the id of a list that was prepared anew: of the one in its place. The address before is in histories and other tabs. */
  const anew = ports.store.collection<string>('lists-prepared-anew');

  const jobOf = async ({ session, request }: Visit): Promise<JobStatus> => {
    for (let id: string | undefined = String(request.params.id); id !== undefined; id = await anew.get(id)) {
      const job = await listOf(context, session, id);
      if (job) return job;
    }
    // Another workspace's list is as unknown as none.
    throw new Problem(404, 'no-such-job', 'There is no such list in this workspace.');
  };

  scheduleScreens(screens, context, jobOf);

  /** Remembers whose a list is that was prepared anew, and in the place of which. */
  const inPlaceOf = async (before: Job, job: Job, session: Session): Promise<void> => {
    await madeList(context, session, job.id);
    await anew.set(before.id, job.id, { ttlMs: Sessions.LASTS_MS });
  };

  screens.get(LISTS, 'read', async ({ reader, session }) => {
    const jobs = await listsOf(context, session, LISTS_SHOWN);
    const mayStart = session.scopes.includes('enrich');
    const button =
      mayStart && html`<a class="button primary" href="${LISTS}/new">${icons.plus}<span>New list</span></a>`;
    return {
      page: {
        title: 'Lists',
        body:
          jobs.length === 0
            ? html`<h1>Lists</h1><div class="panel centre">${icons.upload}<h2>No list yet</h2><p class="lead">Drop a list of leads, see what it would cost, and get it back with e-mails, phones and companies.</p>${button}</div>`
            : html`<div class="title"><h1>Lists</h1>${button}</div><div class="panel">${table(
                'Lists',
                ['List', 'State', 'Rows', 'Found', 'Credits', 'Made'],
                jobs.map((job) => [
                  html`<a href="${LISTS}/${job.id}">${job.name}</a>`,
                  stateBadge(job),
                  `${reader.count(job.finished)} of ${reader.count(job.rows)}`,
                  reader.count(job.counts.matched),
                  reader.count(job.credits),
                  time(job.createdAt),
                ]),
              )}</div>`,
      },
    };
  });

  const newPage = (wrong?: string): Outcome => ({
    page: {
      title: 'New list',
      width: 'reading',
      // What a form says behind its file comes when the file is read already: so the fields stand before it.
      body: html`${trail(TRAIL)}<h1>New list</h1><p class="lead">As it comes from Sales Navigator, a CRM or a spreadsheet. Nothing is spent yet: you see first what was recognised and what it costs.</p>
<form method="post" action="${LISTS}" enctype="multipart/form-data" class="form">
${wrong !== undefined && notice('wrong', wrong)}
<details class="more panel below" ${wrong !== undefined && 'open'}><summary>Choose the sheet, header row or kind yourself</summary>${readingFields({})}</details>
<div class="drop panel centre">${icons.upload}<label for="file" class="label">Drop a file here, or choose one</label><input id="file" name="file" type="file" accept=".csv,.tsv,.txt,.xlsx,.json,.ndjson,.jsonl" aria-describedby="file-note"><p class="drop-name unseen" aria-live="polite"></p><p class="note" id="file-note">CSV, TSV, Excel, JSON; up to 1 GB</p></div>
<details class="more panel"><summary>Or paste leads</summary><div class="field"><label for="pasted">Leads</label><textarea id="pasted" name="pasted" spellcheck="false" placeholder="ada@contoso.com&#10;https://www.linkedin.com/in/ada-lovelace"></textarea><p class="note">With a first line that names the columns, or one address per line.</p></div></details>
<div class="actions"><button class="button primary" data-busy="Reading the list…">Continue</button></div></form>`,
    },
    status: wrong === undefined ? 200 : 422,
  });

  screens.get(`${LISTS}/new`, 'enrich', async () => newPage());

  screens.post(LISTS, 'enrich', async ({ request, workspace, session }) => {
    try {
      const job = await takeUpload(request, (upload) => prepareUpload(workspace, upload));
      await madeList(context, session, job.id);
      return { goTo: `${LISTS}/${job.id}` };
    } catch (error) {
      if (isAboutTheList(error)) return newPage(error.message);
      throw error;
    }
  });

  async function prepareUpload(workspace: string, { fields, name, list }: Upload): Promise<Job> {
    const reading = readingIn((each) => fields[each] ?? '');
    const file = await openLeadStream(list, name, { bounds: config.lists, ...openingOptions(reading) });
    try {
      return await core.jobs.prepare({
        workspace,
        name,
        headers: file.headers,
        source: sourceOf(file),
        mapping: mapColumns(file.headers, await file.sample(SAMPLE_ROWS)),
        rows: file.lines(),
        options: DEFAULT_OPTIONS,
        fresh: false,
        original: await file.original(),
        keepUnclear: true,
        ...(reading.kind && { kind: reading.kind }),
      });
    } finally {
      await file.close();
    }
  }

  /** What the form of a review asks for: the same list prepared anew where that is something else. */
  async function asWished(
    job: JobStatus,
    { request, field, session }: Visit,
  ): Promise<{ job: Job; changed: boolean }> {
    // None for an empty form.
    const body = (request.body ?? {}) as Record<string, unknown>;
    const mapping = wishedMapping(job.mapping, (name) => (name in body ? field(name) : undefined));
    const options = wishedOptions(job.options, field);
    const fresh = field('fresh') === 'true';
    const creditLimit = creditsOf(field('limit'));
    // In whatever order the fields stand.
    const isAsSaid = job.unclear === undefined && isDeepStrictEqual(mapping.fields, job.mapping.fields);
    const same = isDeepStrictEqual(
      [options, fresh, creditLimit],
      [job.options, job.notBefore !== undefined, job.creditLimit],
    );
    if (isAsSaid && same) return { job, changed: false };
    // Other columns may make it a list of something else.
    const kind = isAsSaid ? job.kind : kindIn(field);
    const { workspace, name, headers, source } = job;
    const rows = async function* () {
      for await (const line of core.jobs.lines(job.id)) yield 'otherRow' in line ? line : line.cells;
    };
    const again = await core.jobs.prepare({
      workspace,
      name,
      headers,
      source,
      mapping,
      rows: rows(),
      options,
      fresh,
      original: await core.jobs.original(job.id),
      ...(creditLimit !== undefined && { creditLimit }),
      keepUnclear: true,
      ...(kind && { kind }),
    });
    await inPlaceOf(job, again, session);
    await core.jobs.discard(job.id);
    return { job: again, changed: true };
  }

  async function reviewPage(visit: Visit, job: Job, wrong?: string): Promise<Outcome> {
    const { slots } = await core.slots.list(visit.workspace);
    const connections = slots.flatMap((slot) => (slot.state === 'connected' ? [slot.connection] : []));
    const left = new Map(connections.flatMap(({ team, credits }) => (credits ? [[team, credits.left]] : [])));
    const sample: (readonly string[])[] = [];
    for await (const { cells } of core.jobs.results(job.id)) if (sample.push(cells) === SHOWN_ROWS) break;
    return {
      page: {
        title: job.name,
        body: html`${trail(TRAIL)}${listReview({
          job,
          sample,
          reader: visit.reader,
          creditsLeft: left.size === 0 ? undefined : [...left.values()].reduce((sum, each) => sum + each, 0),
          connected: connections.length > 0,
          mayStart: visit.session.scopes.includes('enrich'),
          wrong,
        })}`,
      },
      status: wrong === undefined ? 200 : 422,
    };
  }

  screens.get(`${LISTS}/:id`, 'read', async (visit) => {
    const job = await jobOf(visit);
    if (job.state === 'ready') return await reviewPage(visit, job);
    const { query } = visit.request;
    const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
    const filter: ResultFilter = {
      outcome: text('outcome'),
      match: text('match'),
      doNotCall: text('dnc') === '1',
    };
    const from = /^\d{1,9}$/.test(text('from')) ? Number(text('from')) : 0;
    const { rows, next } = await page(job, filter, from);
    if (asksForPiece(visit.request)) return { piece: resultRows(job, rows, filter, next, visit.reader) };
    const reviews =
      job.counts.review > 0 ? await openReviews(core, visit.workspace, job.id, 'The page of lists') : [];
    const isOpen = job.state === 'running' || job.state === 'paused' || job.latePending > 0;
    return {
      page: {
        title: job.name,
        body: html`${trail(TRAIL)}<div class="title"><div><h1>${job.name}</h1><p class="soft">Made ${time(job.createdAt)}</p></div>${!isOpen && html`<a class="button" href="${LISTS}/new">${icons.plus}<span>New list</span></a>`}</div>
<div ${isOpen && html`data-events="${LISTS}/${job.id}/events"`}>${listProgress({ job, reader: visit.reader, scopes: visit.session.scopes, leftMs: job.limitsMs })}</div>
${reviews.length > 0 && reviewsPanel(job, reviews.slice(0, REVIEWS_SHOWN), visit.session.scopes.includes('enrich'))}
${resultsPanel(job, rows, filter, next, visit.reader)}`,
      },
    };
  });

  async function page(job: JobStatus, filter: ResultFilter, from: number) {
    const rows: ResultRow[] = [];
    for await (const row of core.jobs.results(job.id, from)) {
      if (!passes(row, filter)) continue;
      if (rows.length === ROWS_A_PAGE) return { rows, next: row.row };
      rows.push(row);
    }
    return { rows, next: undefined };
  }

  screens.get(`${LISTS}/:id/events`, 'read', async (visit) => {
    const { reader, response, session } = visit;
    let job = await jobOf(visit);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const over = AbortSignal.any([gone.signal, context.stopping]);
    const pace = new Pace();
    let told = '';
    while (!over.aborted) {
      pace.saw(job);
      const leftMs = pace.leftMs(job);
      const piece = String(listProgress({ job, reader, scopes: session.scopes, leftMs }));
      if (piece !== told && !response.write(event('progress', piece)))
        await once(response, 'drain', { signal: over });
      told = piece;
      if ((job.state === 'done' || job.state === 'cancelled') && job.latePending === 0) {
        response.write(event('ended', job.state));
        break;
      }
      await ports.clock.sleep(TOLD_EVERY_MS, over);
      job = await jobOf(visit);
    }
    response.end();
    return { answered: true };
  });

  // Pressed twice, or in another tab meanwhile: the list says how it is, and nothing is done.
  const overtaken = (job: JobStatus): Outcome => ({
    goTo: `${LISTS}/${job.id}`,
    wrong: `This list is ${stateWords(job)}, so nothing of it was changed.`,
  });

  /** What is asked of a list that was not started; what is wrong with it is said above its review. */
  const beforeStart = (action: string, work: (visit: Visit, job: JobStatus) => Promise<Outcome>) =>
    screens.post(`${LISTS}/:id/${action}`, 'enrich', async (visit) => {
      const job = await jobOf(visit);
      if (job.state !== 'ready') return overtaken(job);
      try {
        return await work(visit, job);
      } catch (error) {
        if (!isAboutTheList(error)) throw error;
        return await reviewPage(visit, job, error.message);
      }
    });

  beforeStart('read', async (visit, before) => {
    const job = await readAgain(core, before, readingIn(visit.field), {
      bounds: config.lists,
      keepUnclear: true,
    });
    await inPlaceOf(before, job, visit.session);
    return { goTo: `${LISTS}/${job.id}`, done: 'The list was read again, as you said.' };
  });

  beforeStart('estimate', async (visit, before) => {
    const { job } = await asWished(before, visit);
    if (job.unclear !== undefined) return { goTo: `${LISTS}/${job.id}` };
    return { goTo: `${LISTS}/${job.id}`, done: 'This is what the list costs as it is set now.' };
  });

  beforeStart('start', async (visit, before) => {
    const { job, changed } = await asWished(before, visit);
    // What it costs was not said yet.
    if (job.unclear !== undefined || before.unclear !== undefined) return { goTo: `${LISTS}/${job.id}` };
    if (changed && job.estimate.mostCredits > before.estimate.mostCredits) {
      return {
        goTo: `${LISTS}/${job.id}`,
        done: 'You changed something, and it can cost more now. Look at it once more, then press Start.',
      };
    }
    const ready = (await core.jobs.status(job.id)) ?? before;
    await startList(context, visit.session, ready);
    const goTo = `${LISTS}/${job.id}`;
    const { creditLimit = ready.creditLimit } = (await core.jobs.status(job.id)) ?? ready;
    if (creditLimit === undefined || creditLimit === ready.creditLimit) return { goTo };
    const most = visit.reader.plural(creditLimit, 'credit');
    return { goTo, done: `Started. It pauses at ${most}: more you may not spend this month.` };
  });

  beforeStart('discard', async (_, { id, name }) => {
    await core.jobs.discard(id);
    return { goTo: LISTS, done: `${name} was discarded. Nothing was spent.` };
  });

  const act = (
    action: string,
    possible: readonly JobState[],
    done: string,
    work: (job: JobStatus, session: Session) => Promise<void>,
  ) =>
    screens.post(`${LISTS}/:id/${action}`, 'enrich', async (visit) => {
      const job = await jobOf(visit);
      if (!possible.includes(job.state)) return overtaken(job);
      const goTo = `${LISTS}/${job.id}`;
      try {
        await work(job, visit.session);
        return { goTo, done };
      } catch (error) {
        if (!(error instanceof JobError)) throw error;
        return { goTo, wrong: error.message };
      }
    });
  act('pause', ['running'], 'Paused. What was found stays.', ({ id }) => core.jobs.pause(id));
  act('resume', ['paused', 'cancelled'], 'It goes on.', (job, session) => startList(context, session, job));
  act(
    'cancel',
    ['running', 'paused'],
    'Cancelled. What was found stays; Resume takes it up again.',
    ({ id }) => core.jobs.cancel(id),
  );

  screens.get(`${LISTS}/:id/cancel`, 'enrich', async (visit) => {
    const { id, name, rows, finished } = await jobOf(visit);
    return {
      page: {
        title: 'Cancel the list',
        width: 'reading',
        body: html`${trail([...TRAIL, [name, `${LISTS}/${id}`]])}<h1>Cancel ${name}?</h1><p class="lead">It ends: ${visit.reader.plural(rows - finished, 'row')} of it will not be looked up. What was found stays, and <i>Resume</i> takes it up again.</p><form method="post" action="${LISTS}/${id}/cancel" class="actions"><button class="button danger solid">Cancel the list</button><a class="button quiet" href="${LISTS}/${id}">Keep it</a></form>`,
      },
    };
  });

  const limitPage = (job: JobStatus, reader: Reader, wrong?: string): Outcome => ({
    page: {
      title: 'Credit limit',
      width: 'reading',
      body: html`${trail([...TRAIL, [job.name, `${LISTS}/${job.id}`]])}<h1>Credit limit</h1><p class="lead">${job.name} has spent ${reader.plural(job.credits, 'credit')}. It never spends more than its limit; there it pauses.</p>
<form method="post" action="${LISTS}/${job.id}/limit" class="panel form">${wrong !== undefined && notice('wrong', wrong)}<div class="field"><label for="limit">Credits</label><input id="limit" name="limit" inputmode="decimal" value="${job.creditLimit ?? ''}" aria-describedby="limit-note"><p class="note" id="limit-note">Empty: no limit.</p></div><div class="actions"><button class="button primary">Set the limit</button><a class="button quiet" href="${LISTS}/${job.id}">Leave it</a></div></form>`,
    },
    status: wrong === undefined ? 200 : 422,
  });

  screens.get(`${LISTS}/:id/limit`, 'enrich', async (visit) => limitPage(await jobOf(visit), visit.reader));

  screens.post(`${LISTS}/:id/limit`, 'enrich', async (visit) => {
    const job = await jobOf(visit);
    try {
      const limit = creditsOf(visit.field('limit'));
      const user = personOf(visit.session.via);
      if (user !== undefined) await context.slack?.requireLimit(user, job, limit, visit.reader);
      await core.jobs.setCreditLimit(job.id, limit);
      const again = job.state === 'paused' && job.reason === 'credit-limit';
      if (again) await startList(context, visit.session, job);
      const words =
        limit === undefined
          ? 'The list has no limit now.'
          : `The limit is ${visit.reader.count(limit)} credits now.`;
      return { goTo: `${LISTS}/${job.id}`, done: `${words}${again ? ' It goes on.' : ''}` };
    } catch (error) {
      if (!isAboutTheList(error)) throw error;
      return limitPage(job, visit.reader, error.message);
    }
  });

  screens.post(`${LISTS}/:id/decide`, 'enrich', async (visit) => {
    const { id } = await jobOf(visit);
    const verdict = visit.field('verdict') === 'accept' ? 'accept' : 'reject';
    const rows = await decideReviews(
      core,
      visit.workspace,
      id,
      [Number(visit.field('row'))],
      verdict,
      visit.doer,
    );
    const which = rows.length === 1 ? `Row ${rows[0]}` : `Rows ${rows.join(', ')}`;
    return {
      goTo: `${LISTS}/${id}`,
      done: `${which} ${verdict === 'accept' ? 'accepted: it is in your file now.' : 'rejected: it counts as not found.'}`,
    };
  });

  screens.post(`${LISTS}/:id/share`, 'read', async (visit) => {
    const job = await jobOf(visit);
    const { path, until } = await context.links.makeForResult(job, visit.session.by);
    return {
      page: linkPage({
        title: 'A one-time link',
        from: [...TRAIL, [job.name, `${LISTS}/${job.id}`]],
        words: html`Whoever opens it can download the result of <b>${job.name}</b>, and needs no account here.`,
        address: `${context.address()}${path}`,
        until,
        actions: html`<a class="button quiet" href="${LISTS}/${job.id}">Done</a>`,
      }),
    };
  });

  screens.get(`${LISTS}/:id/download`, 'read', async (visit) => {
    const job = await jobOf(visit);
    const { response, request } = visit;
    const preset = PRESETS.find((each) => each === request.query.preset);
    const format = request.query.format === 'xlsx' ? 'xlsx' : 'csv';
    response.type(format).setHeader('content-disposition', attachment(fileNameOf(job, format, preset)));
    await writeJob(core, job, response, { format, preset });
    return { answered: true };
  });
}

/** Credits out of a field; `undefined` for an empty one. Throws {@link JobError}. */
function creditsOf(text: string): number | undefined {
  if (text === '') return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text);
  throw new JobError('A credit limit is a number, such as 500, or nothing.');
}

function isAboutTheList(error: unknown): error is Error {
  return (
    error instanceof UploadError ||
    error instanceof LeadFileError ||
    error instanceof JobError ||
    error instanceof MappingError
  );
}

/** An event of a stream; its data has a line for each of its own. */
function event(name: string, data: string): string {
  return `event: ${name}\n${data
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`;
}
