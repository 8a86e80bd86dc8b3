import type { Actor, AuditEntry, Deed } from '@connectionsphere/core';
import { attachment } from '../../attachment.ts';
import { auditDocuments, auditPage } from '../../audit.ts';
import { sendNdjson } from '../../ndjson.ts';
import { type Child, type Html, html } from '../html.ts';
import { icons } from '../icons.ts';
import { time } from '../layout.ts';
import type { Screens, WebContext } from '../visit.ts';

const ACTIVITY = '/app/activity';
const ENTRIES_A_PAGE = 100;

/** What was done, in words that follow the name of who did it. */
const DEEDS: Readonly<Record<Deed, string>> = {
  'slot.connect': 'connected a key',
  'slot.replace': 'replaced a key',
  'slot.disconnect': 'disconnected a key',
  'slot.restore': 'put a key back',
  'slot.fill': 'filled a done-for-you slot',
  'slot.clear': 'cleared a done-for-you slot',
  'slot.share': "set a key's share of its limits",
  'limits.month': 'set the monthly limit',
  'limits.slot': "set a slot's monthly limit",
  'limits.list': 'set the limit of a list',
  'list.start': 'started a list',
  'list.pause': 'paused a list',
  'list.resume': 'let a list go on',
  'list.cancel': 'cancelled a list',
  'list.review': 'decided about answers of a list',
  'list.export': 'took results out',
  'schedule.set': 'had a list run again by itself',
  'schedule.delete': 'had a list run no longer by itself',
  'schedule.end': 'ended the runs of a list',
  'person.forget': 'forgot a person',
  'person.export': 'exported the data of a person',
  'token.create': 'made a token',
  'token.roll': 'rolled a token',
  'token.revoke': 'revoked a token',
  'settings.change': 'changed settings',
  'hook.create': 'made a hook',
  'hook.switch-off': 'switched a hook off that nothing reached for days',
  'hook.switch-on': 'switched a hook on again',
  'hook.delete': 'deleted a hook',
  'link.create': 'made a one-time link',
  'link.use': 'used a one-time link',
  'session.begin': 'signed in',
  'session.end': 'signed out',
  'workspace.remove': 'removed the workspace',
  'keys.rotate': 'encrypted all keys anew',
  'store.backup': 'made a backup',
};

/** Where something was done, as people say it. */
export const WAYS: Readonly<Record<Actor['via'], string>> = {
  slack: 'in Slack',
  api: 'over the API',
  page: 'on the page',
  link: 'by a one-time link',
  'command-line': 'on the command line',
  server: 'by itself',
};

/** Facts that are called otherwise for people. */
const FACTS: Readonly<Record<string, string>> = {
  keyEnd: 'key ends in',
  client: 'token',
  creditLimit: 'limit',
};

/** The audit trail: who did what, where and when. */
export function activity(screens: Screens, { core, ports }: WebContext): void {
  screens.get(ACTIVITY, 'administer', async ({ workspace, request }) => {
    const { after } = request.query;
    const query = { workspace, after: typeof after === 'string' ? after : undefined };
    const { entries, next } = await auditPage(core.audit, query, ENTRIES_A_PAGE);
    return {
      page: {
        title: 'Activity',
        body: html`<div class="title"><div><h1>Activity</h1><p class="lead">Who did what in this workspace, whichever way it was done. Nothing in it can be changed.</p></div>${entries.length > 0 && html`<a class="button" href="${ACTIVITY}/download">${icons.download}<span>All of it (NDJSON)</span></a>`}</div>
<section class="panel" aria-label="Activity">${
          entries.length === 0
            ? html`<p class="soft">Nothing was recorded yet.</p>`
            : html`<div class="scroll" tabindex="0" role="region" aria-label="What was done"><table class="table"><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">About</th></tr></thead><tbody>${entries.map(entryRow)}</tbody></table></div>`
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

function entryRow({ at, by, deed, facts }: AuditEntry): Html {
  return html`<tr><td>${time(at)}</td><th scope="row">${by.name ?? by.id}${by.kind === 'operator' && html` <span class="badge">Operator</span>`}<span class="note">${WAYS[by.via]}</span></th><td>${DEEDS[deed]}</td><td>${about(facts)}</td></tr>`;
}

function about({ list, ...facts }: AuditEntry['facts']): Child {
  const rest = Object.entries(facts).map(
    ([name, value]) => `${FACTS[name] ?? name}: ${Array.isArray(value) ? value.join(', ') : value}`,
  );
  return html`${typeof list === 'string' && html`<a href="/app/lists/${list}">list</a>${rest.length > 0 && ' · '}`}${rest.join(' · ')}`;
}
