import type { AuditEntry, Core } from '@connectionsphere/core';
import { attachment } from '../../attachment.ts';
import { auditDocuments, auditPage } from '../../audit.ts';
import { sendNdjson } from '../../ndjson.ts';
import type { Reader } from '../../reader.ts';
import { type Child, html } from '../html.ts';
import { icons } from '../icons.ts';
import { time } from '../layout.ts';
import { table } from '../table.ts';
import type { Screens, WebContext } from '../visit.ts';
import { about, DONE, WAYS } from './activity-words.ts';

const ACTIVITY = '/app/activity';
const ENTRIES_A_PAGE = 100;

/** The audit trail: who did what, where and when. */
export function activity(screens: Screens, { core, ports }: WebContext): void {
  screens.get(ACTIVITY, 'administer', async ({ workspace, request, reader }) => {
    const { after } = request.query;
    const query = { workspace, after: typeof after === 'string' ? after : undefined };
    const { entries, next } = await auditPage(core.audit, query, ENTRIES_A_PAGE);
    const names = await namesOf(core, workspace, entries);
    return {
      page: {
        title: 'Activity',
        body: html`<div class="title"><div><h1>Activity</h1><p class="lead">Who did what in this workspace, whichever way it was done. Nothing in it can be changed.</p></div>${entries.length > 0 && html`<a class="button" href="${ACTIVITY}/download">${icons.download}<span>All of it (NDJSON)</span></a>`}</div>
<section class="panel" aria-label="Activity">${
          entries.length === 0
            ? html`<p class="soft">Nothing was recorded yet.</p>`
            : table(
                'What was done',
                ['When', 'Who', 'What', 'About'],
                entries.map((entry) => entryCells(entry, (list) => names.get(list), reader)),
                { rowHead: 1 },
              )
        }${next !== undefined && html`<p><a class="button" href="${ACTIVITY}?after=${encodeURIComponent(next)}">Older</a></p>`}</section>`,
      },
    };
  });

  screens.get(`${ACTIVITY}/download`, 'administer', async ({ workspace, response }) => {
    const day = new Date(ports.clock.now()).toISOString().slice(0, 10);
    response
      .type('application/x-ndjson')
      .setHeader('content-disposition', attachment(`activity-${day}.ndjson`));
    await sendNdjson(response, auditDocuments(core.audit, { workspace }));
    return { answered: true };
  });
}

function entryCells(
  { at, by, deed, facts }: AuditEntry,
  nameOf: (list: string) => string | undefined,
  reader: Reader,
): readonly Child[] {
  return [
    time(at),
    html`${by.name ?? by.id}${by.kind === 'operator' && html` <span class="badge">Operator</span>`}<span class="note">${WAYS[by.via]}</span>`,
    DONE[deed],
    about(facts, nameOf, reader),
  ];
}

/** Names of the lists that are there, of those that entries are about. */
async function namesOf({ jobs }: Core, workspace: string, entries: readonly AuditEntry[]) {
  const ids = new Set(entries.flatMap(({ facts: { list, repeats } }) => [list, repeats]));
  const found = await Promise.all(
    [...ids].map(async (id) => (typeof id === 'string' ? await jobs.status(id) : undefined)),
  );
  return new Map(found.flatMap((job) => (job?.workspace === workspace ? [[job.id, job.name] as const] : [])));
}
