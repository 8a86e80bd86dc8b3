import {
  type Connection,
  currentHealth,
  healthWords,
  type JobStatus,
  kindName,
  type LimiterStatus,
  notAllowedAt,
  type SlotView,
} from '@connectionsphere/core';
import type { Scope } from '../../api/tokens.ts';
import type { Reader } from '../../reader.ts';
import type { SlotRequest } from '../../slot-requests.ts';
import { shareWords } from '../../slot-share.ts';
import { type Child, type Html, html } from '../html.ts';
import { icons } from '../icons.ts';
import { facts, meter, time } from '../layout.ts';

/** What a card of a slot is drawn from. */
export interface SlotsModel {
  readonly limiters: readonly LimiterStatus[];
  /** The workspace's lists that are not at their end. */
  readonly jobs: readonly JobStatus[];
  readonly requests: readonly SlotRequest[];
  readonly restorable: readonly { readonly connection: Connection; readonly until: number }[];
  readonly reader: Reader;
  /** ms since the epoch. */
  readonly now: number;
  readonly scopes: readonly Scope[];
  readonly supportUrl: string | undefined;
  /** What a *Test* just found; shown in the card. */
  readonly tested?: boolean;
}

const BASE = '/app/integrations/apollo';

export function slotPath(slot: number, action = ''): string {
  return `${BASE}/slots/${slot}${action && `/${action}`}`;
}

export function slotCard(slot: SlotView, given: SlotsModel): Html {
  if (slot.state === 'connected') return filledCard(slot, given);
  return slot.kind === 'self' ? freeSelfCard(slot.number, given) : freeOperatorCard(slot.number, given);
}

/** What stands beside the number of a slot: who fills it. */
function heading(slot: Pick<SlotView, 'number' | 'kind'>, title: Child, badge: Child): Html {
  return html`<header class="slot-head"><div><p class="eyebrow">Slot ${slot.number} · ${kindName(slot.kind)}</p><h2 id="slot-${slot.number}">${title}</h2></div>${badge}</header>`;
}

function freeSelfCard(number: number, { scopes, restorable }: SlotsModel): Html {
  const gone = restorable.find(({ connection }) => connection.slot === number);
  return html`<article class="slot free" aria-labelledby="slot-${number}">
  ${heading({ number, kind: 'self' }, 'Free', false)}
  ${gone && scopes.includes('connect') ? undo(gone) : html`<p class="soft">For an Apollo key of your own. Keys of different Apollo teams add up their speed.</p>`}
  ${
    scopes.includes('connect')
      ? html`<a class="button dashed wide" href="${BASE}/connect?slot=${number}">${icons.plus}<span>Connect Apollo.io</span></a>`
      : html`<p class="soft">You may not connect keys here. Ask an admin of this workspace.</p>`
  }
</article>`;
}

function undo({ connection, until }: SlotsModel['restorable'][number]): Html {
  return html`<div class="undo"><p><b>${connection.label}</b> (••••&nbsp;${connection.last4}) was disconnected. You can put it back until ${time(until)}; then its key is deleted for good.</p>
  <form method="post" action="${slotPath(connection.slot, 'undo')}"><button class="button quiet">Undo</button></form></div>`;
}

function freeOperatorCard(number: number, { requests, supportUrl, scopes }: SlotsModel): Html {
  const asked = requests.find(({ slot }) => slot === number);
  return html`<article class="slot free" aria-labelledby="slot-${number}">
  ${heading({ number, kind: 'dfy' }, 'Free', asked && html`<span class="badge wait">${icons.clock} Asked for</span>`)}
  ${
    asked
      ? html`<p class="soft">Asked for by ${asked.by} on ${time(asked.at)}. The ConnectionSphere team fills this slot with a key of theirs; nothing more is to be done here.</p>`
      : html`<p class="soft">Done for you: the ConnectionSphere team fills this slot with a key of theirs.</p>`
  }
  <div class="actions">
    ${!asked && scopes.includes('connect') && html`<form method="post" action="${slotPath(number, 'ask')}"><button class="button">Ask for it</button></form>`}
    ${supportLink(supportUrl)}
  </div>
</article>`;
}

function supportLink(supportUrl: string | undefined): Child {
  return (
    supportUrl !== undefined &&
    html`<a class="button quiet" href="${supportUrl}" rel="noreferrer noopener" target="_blank">Contact support ${icons.external}<span class="unseen"> (opens in a new tab)</span></a>`
  );
}

function filledCard(slot: SlotView & { state: 'connected' }, given: SlotsModel): Html {
  const { number, kind, connection, sharesLimitsWith } = slot;
  const { scopes, supportUrl, tested } = given;
  return html`<article class="slot filled" aria-labelledby="slot-${number}" id="card-${number}">
  ${heading(slot, connection.label, healthBadge(connection, given.now))}
  ${connectionFacts(connection, given)}
  ${sharesLimitsWith.length > 0 && html`<p class="hint">${icons.team}<span>Same Apollo team as slot ${sharesLimitsWith.join(' and ')}: they share limits, so it adds no speed.</span></p>`}
  ${healthLine(connection, given)}
  ${tested && html`<p class="hint good" role="status">${icons.check}<span>Apollo was asked just now (no credits spent).</span></p>`}
  <div class="actions">
    ${scopes.includes('connect') && html`<form method="post" action="${slotPath(number, 'test')}" hx-post="${slotPath(number, 'test')}" hx-target="#card-${number}" hx-swap="outerHTML"><button class="button quiet">Test</button></form>`}
    ${
      kind === 'self'
        ? html`${scopes.includes('connect') && html`<a class="button quiet" href="${slotPath(number, 'replace')}">Replace</a>`}
    ${scopes.includes('disconnect') && html`<a class="button quiet danger" href="${slotPath(number, 'disconnect')}">Disconnect</a>`}`
        : supportLink(supportUrl)
    }
  </div>
  ${kind === 'self' && scopes.includes('connect') && shareForm(number, connection)}
</article>`;
}

/** How much of the team's limits is used; colleagues' other tools have the rest. */
function shareForm(number: number, { share = 100 }: Connection): Html {
  return html`<details class="more"><summary>Leave a share of the limits to colleagues</summary>
  <form method="post" action="${slotPath(number, 'share')}" class="form"><div class="field"><label for="share-${number}">Percent that lists may use</label><input id="share-${number}" name="share" type="number" min="1" max="100" value="${share}" required aria-describedby="share-note-${number}"><p class="note" id="share-note-${number}">Of each of the Apollo team's rate limits. Of keys of one team the least counts.</p></div><div class="actions"><button class="button">Set the share</button></div></form></details>`;
}

const BADGES = {
  healthy: ['good', 'Healthy'],
  limited: ['wait', 'At its limit'],
  'out-of-credits': ['bad', 'Out of credits'],
  refused: ['bad', 'Refused by Apollo'],
  locked: ['bad', 'Locked'],
} as const;

export function healthBadge(connection: Connection, now: number): Html {
  const [kind, words] = BADGES[currentHealth(connection, now).state];
  return html`<span class="badge ${kind}"><span class="dot"></span>${words}</span>`;
}

/** What is wrong and what to do; nothing for a healthy one. */
function healthLine(connection: Connection, { now }: SlotsModel): Child {
  if (currentHealth(connection, now).state === 'healthy') return undefined;
  return html`<p class="hint bad">${icons.warning}<span>${healthWords(connection.health, now)}</span></p>`;
}

/** Everything that is known of a connection, but its key. */
export function connectionFacts(connection: Connection, given: SlotsModel): Html {
  const { reader, jobs } = given;
  const { last4, connectedAt, connectedBy } = connection;
  const left = notAllowedAt(connection, given.now).map(({ endpoint }) => endpoint);
  return facts([
    [
      'Key',
      html`<span class="key-tail"><span aria-hidden="true">••••</span><span class="unseen">ends in </span>${last4}</span>`,
    ],
    ['Apollo team', teamName(connection)],
    ['Credits', creditsMeter(connection, reader)],
    ['This minute', useMeter(connection, given)],
    [
      'Used by',
      jobs.length === 0
        ? html`<span class="soft">no list just now</span>`
        : html`${jobs.slice(0, 3).map((job, index) => html`${index > 0 && ', '}<a href="/app/lists/${job.id}">${job.name}</a>`)}${jobs.length > 3 && ` and ${jobs.length - 3} more`}`,
    ],
    [
      'Connected',
      html`${time(connectedAt, 'day')}${connectedBy !== undefined && ` by ${/^[UW][A-Z0-9]{5,}$/.test(connectedBy) ? `a person in Slack (${connectedBy})` : connectedBy}`}`,
    ],
    ['Limits', shareWords(connection.share)],
    ['Not allowed', left.length > 0 && `${left.join(', ')}: Apollo does not let this key use them`],
  ]);
}

/** The Apollo team of a key; the end of its id does, where there is no other name. */
export function teamName({ team, teamKnown }: Connection): Child {
  if (!teamKnown) return html`<span class="soft">not known: this key may not read it</span>`;
  return /^[0-9a-f]{24}$/.test(team) ? `…${team.slice(-6)}` : team;
}

function creditsMeter({ credits }: Connection, reader: Reader): Child {
  if (!credits) return html`<span class="soft">not known: a master key shows them</span>`;
  const team = credits.team ?? credits.left;
  const left = reader.count(team);
  // What the cap of the key's user leaves is less than the team has: that is what lists may spend.
  const more = html`${credits.user !== undefined && html`<span class="note">${reader.count(credits.user)} left to the key's user, who has a cap in Apollo</span>`}${credits.mobile && html`<span class="note">${reader.count(credits.mobile.left)} of ${reader.count(credits.mobile.limit)} left for mobile numbers</span>`}`;
  if (!credits.limit) return html`${left} left in the team${more}`;
  const used = Math.max(0, credits.limit - team);
  return html`${meter('Credits used', used, credits.limit, `${left} of ${reader.count(credits.limit)} left in the team`)}${more}`;
}

function useMeter({ team, limits }: Connection, { limiters, reader }: SlotsModel): Child {
  const limiter = limiters.find((each) => each.team === team && each.endpoint === 'people/bulk_match');
  const minute = limiter?.windows.find(({ window }) => window === 'minute');
  const limit = minute?.limit ?? limits?.['people/bulk_match']?.minute?.limit;
  if (typeof limit !== 'number') return html`<span class="soft">no call yet</span>`;
  const used = minute?.used ?? 0;
  return meter('Calls this minute', used, limit, `${reader.count(used)} of ${reader.count(limit)} calls`);
}
