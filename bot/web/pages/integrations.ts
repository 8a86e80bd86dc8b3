import {
  type Connected,
  kindName,
  NothingConnected,
  SlotsError,
  type SlotView,
} from '@connectionsphere/core';
import { Problem } from '../../api/problem.ts';
import { setOwnShare } from '../../slot-share.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { apolloSign, icons } from '../icons.ts';
import { notice, trail } from '../layout.ts';
import { asksForPiece, type Outcome, type Screens, type Visit, type WebContext } from '../visit.ts';
import { listsOf } from '../whose-lists.ts';
import { connectedFacts, connectForm } from './connect-form.ts';
import { linkPage } from './link-page.ts';
import { connectionFacts, healthBadge, type SlotsModel, slotCard, slotPath } from './slot-card.ts';

const BASE = '/app/integrations/apollo';
const TRAIL = [
  ['Integrations', '/app/integrations'],
  ['Apollo.io', BASE],
] as const;

/** The services, and Apollo's slots: connected, tested, replaced, disconnected, asked for. */
export function integrations(screens: Screens, context: WebContext): void {
  const { core, links, ports, requests, config } = context;

  const modelFor = async ({ workspace, reader, session }: Visit): Promise<SlotsModel> => {
    const [limiters, jobs, wanted, restorable] = await Promise.all([
      core.limiters(),
      listsOf(context, session),
      requests.list(workspace),
      core.slots.restorable(workspace),
    ]);
    return {
      limiters,
      jobs: jobs.filter(({ state }) => state === 'running' || state === 'paused'),
      requests: wanted,
      restorable,
      reader,
      now: ports.clock.now(),
      scopes: session.scopes,
      supportUrl: config.supportUrl,
    };
  };

  const slotOf = async (visit: Visit): Promise<SlotView> => {
    const { slots } = await core.slots.list(visit.workspace);
    const slot = slots.find(({ number }) => String(number) === visit.request.params.slot);
    if (!slot) throw new Problem(404, 'no-such-slot', `There is no slot ${visit.request.params.slot} here.`);
    return slot;
  };

  const connectedSlotOf = async (visit: Visit): Promise<SlotView & { state: 'connected' }> => {
    const slot = await slotOf(visit);
    if (slot.state === 'free') throw new NothingConnected(slot.number, slot.kind);
    return slot;
  };

  screens.get('/app/integrations', 'read', async ({ workspace }) => {
    const view = await core.slots.list(workspace);
    return {
      page: {
        title: 'Integrations',
        body: html`<div class="title"><div><h1>Integrations</h1><p class="lead">Services that your leads are enriched with.</p></div></div>
<div class="services"><a class="service" href="${BASE}">${apolloSign}<div class="service-words"><h2>Apollo.io</h2><p class="soft">Verified e-mails, direct dials and company data.</p><p><span class="notation">${view.notation}</span></p><p class="soft">${sentence(view.words)}</p></div><span class="button ${view.slots.some(({ state }) => state === 'connected') ? 'quiet' : 'primary'}" aria-hidden="true">Open</span></a></div>`,
      },
    };
  });

  screens.get(BASE, 'read', async (visit) => {
    const [view, given] = await Promise.all([core.slots.list(visit.workspace), modelFor(visit)]);
    const used = view.slots.filter(({ state }) => state === 'connected').length;
    return {
      page: {
        title: 'Apollo.io',
        body: html`${trail(TRAIL.slice(0, 1))}
<div class="title"><div class="title-sign">${apolloSign}<div><h1>Apollo.io</h1><p class="lead"><span class="notation">${view.notation}</span> <span class="soft">${sentence(view.words)}</span></p></div></div>
${used > 0 && html`<a class="button primary" href="/app/lists/new">${icons.list}<span>Drop a list</span></a>`}</div>
${used === 0 && html`<p class="welcome">Connect your first Apollo key to begin. It takes three steps, and costs nothing.</p>`}
<div class="slots">${view.slots.map((slot) => slotCard(slot, given))}</div>
${given.scopes.includes('connect') && html`<section class="panel aside"><h2>Is another person the admin of your Apollo account?</h2><p>Make a one-time link. The person who opens it within thirty minutes can put a key into a free self-service slot, sees nothing else, and needs no account here.</p><form method="post" action="${BASE}/link"><button class="button">Make a one-time link</button></form></section>`}`,
      },
    };
  });

  screens.post(`${BASE}/link`, 'connect', async ({ workspace, session }) => {
    const { path, until } = await links.make({ workspace, by: session.by, purpose: { kind: 'connect' } });
    return {
      page: linkPage({
        title: 'A one-time link',
        from: TRAIL,
        words: 'Send it to the person who has the Apollo key.',
        address: `${context.address()}${path}`,
        until,
        actions: html`<a class="button quiet" href="${BASE}">Done</a>`,
      }),
    };
  });

  const connectPage = (slot: string, fields: { wrong?: string; label?: string } = {}): Outcome => ({
    page: {
      title: 'Connect Apollo.io',
      body: html`${trail(TRAIL)}${connectForm({
        heading: 'Connect Apollo.io',
        lead: 'Three steps, about a minute. Your Apollo credits stay yours; this costs none.',
        action: `${BASE}/connect${/^[1-9]$/.test(slot) ? `?slot=${slot}` : ''}`,
        button: 'Connect Apollo.io',
        back: BASE,
        ...fields,
      })}`,
    },
    status: fields.wrong === undefined ? 200 : 422,
  });

  screens.get(`${BASE}/connect`, 'connect', async ({ request }) =>
    connectPage(String(request.query.slot ?? '')),
  );

  screens.post(`${BASE}/connect`, 'connect', async ({ workspace, doer, request, field, reader }) => {
    const asked = String(request.query.slot ?? '');
    try {
      const connected = await core.slots.connect({
        workspace,
        key: field('key'),
        label: field('label'),
        slot: /^[1-9]$/.test(asked) ? Number(asked) : undefined,
        by: doer,
      });
      return await connectedPage(connected, workspace, reader);
    } catch (error) {
      if (!(error instanceof SlotsError)) throw error;
      return connectPage(asked, { wrong: error.message, label: field('label') });
    }
  });

  async function connectedPage(
    connected: Connected,
    workspace: string,
    reader: Visit['reader'],
  ): Promise<Outcome> {
    const view = await core.slots.list(workspace);
    const next = view.slots.find(({ kind, state }) => kind === 'self' && state === 'free');
    return {
      page: {
        title: 'Connected',
        width: 'reading',
        body: html`${trail(TRAIL)}<div class="celebrate">${icons.check}</div><h1>Connected</h1><p class="lead">Apollo took the key. ${connected.connection.label} is ready for lists.</p>
<div class="panel">${connectedFacts(connected, reader)}</div>
<p class="soft"><span class="notation">${view.notation}</span> ${sentence(view.words)}</p>
<div class="actions"><a class="button primary" href="/app/lists/new">${icons.list}<span>Drop a list</span></a>${next && html`<a class="button" href="${BASE}/connect?slot=${next.number}">${icons.plus}<span>Connect another key</span></a>`}<a class="button quiet" href="${BASE}">See the slots</a></div>`,
      },
    };
  }

  screens.post(`${BASE}/slots/:slot/test`, 'connect', async (visit) => {
    const { number } = await connectedSlotOf(visit);
    await core.slots.recheck({ workspace: visit.workspace, slot: number });
    if (!asksForPiece(visit.request))
      return { goTo: BASE, done: `Slot ${number} was tested: Apollo was asked just now.` };
    return { piece: slotCard(await slotOf(visit), { ...(await modelFor(visit)), tested: true }) };
  });

  screens.post(`${BASE}/slots/:slot/share`, 'connect', async (visit) => {
    const { number } = await connectedSlotOf(visit);
    const percent = Number(visit.field('share'));
    if (!Number.isInteger(percent) || percent < 1 || percent > 100)
      return { goTo: BASE, wrong: 'Nothing was changed: a share is a whole number from 1 to 100.' };
    await setOwnShare(core, visit.workspace, number, percent);
    return { goTo: BASE, done: `Slot ${number} uses ${percent} % of its limits from the next call on.` };
  });

  screens.post(`${BASE}/slots/:slot/ask`, 'connect', async (visit) => {
    const { number } = await slotOf(visit);
    await requests.ask({ workspace: visit.workspace, slot: number, by: visit.doer });
    const mail = config.operatorsUrl?.startsWith('mailto:') && config.operatorsUrl;
    if (!mail) return { goTo: BASE, done: `The ConnectionSphere team was asked to fill slot ${number}.` };
    const subject = `Slot ${number} for workspace ${visit.workspace}`;
    return {
      page: {
        title: 'Asked for',
        width: 'reading',
        body: html`${trail(TRAIL)}<h1>Asked for</h1><p class="lead">Operators see the request for slot ${number} on their page. To tell them at once, write to them.</p><div class="actions"><a class="button primary" href="${mail}?subject=${encodeURIComponent(subject)}">Write the mail</a><a class="button quiet" href="${BASE}">See the slots</a></div>`,
      },
    };
  });

  const replacePage = (slot: SlotView & { state: 'connected' }, wrong?: string): Outcome => ({
    page: {
      title: `Replace the key in slot ${slot.number}`,
      body: html`${trail(TRAIL)}${connectForm({
        heading: `Replace the key in slot ${slot.number}`,
        lead: html`<b>${slot.connection.label}</b> (••••&nbsp;${slot.connection.last4}) goes on working until Apollo has taken the new key.`,
        action: slotPath(slot.number, 'replace'),
        button: 'Replace the key',
        label: slot.connection.label,
        back: BASE,
        wrong,
      })}`,
    },
    status: wrong === undefined ? 200 : 422,
  });

  screens.get(`${BASE}/slots/:slot/replace`, 'connect', async (visit) =>
    replacePage(await connectedSlotOf(visit)),
  );

  screens.post(`${BASE}/slots/:slot/replace`, 'connect', async (visit) => {
    const { workspace, doer, field } = visit;
    const slot = await connectedSlotOf(visit);
    try {
      const { connection } = await core.slots.replace({
        workspace,
        slot: slot.number,
        key: field('key'),
        label: field('label'),
        by: doer,
      });
      return { goTo: BASE, done: `Slot ${connection.slot} has the key ending in ${connection.last4} now.` };
    } catch (error) {
      if (!(error instanceof SlotsError)) throw error;
      return replacePage(slot, error.message);
    }
  });

  screens.get(`${BASE}/slots/:slot/disconnect`, 'disconnect', async (visit) => {
    const slot = await connectedSlotOf(visit);
    const [{ slots }, given] = await Promise.all([core.slots.list(visit.workspace), modelFor(visit)]);
    const others = slots.filter(
      (other) =>
        other.number !== slot.number &&
        other.state === 'connected' &&
        isUsable(other.connection.health.state),
    );
    return {
      page: {
        title: `Disconnect slot ${slot.number}`,
        width: 'reading',
        body: html`${trail(TRAIL)}<h1>Disconnect slot ${slot.number}?</h1>
<div class="panel"><header class="slot-head"><div><p class="eyebrow">Slot ${slot.number} · ${kindName(slot.kind)}</p><h2>${slot.connection.label}</h2></div>${healthBadge(slot.connection, given.now)}</header>${connectionFacts(slot.connection, given)}</div>
${whatStops(given, others.length)}
<p>For ten minutes you can undo it. Then the stored key is deleted for good; in Apollo it stays as it is.</p>
<form method="post" action="${slotPath(slot.number, 'disconnect')}" class="actions"><input type="hidden" name="id" value="${slot.connection.id}"><button class="button danger solid">Disconnect</button><a class="button quiet" href="${BASE}">Keep it</a></form>`,
      },
    };
  });

  screens.post(`${BASE}/slots/:slot/disconnect`, 'disconnect', async (visit) => {
    const { number, connection } = await connectedSlotOf(visit);
    if (visit.field('id') !== connection.id) {
      throw new Problem(
        409,
        'slot-changed',
        `Slot ${number} has another key by now. Nothing was done; look at it again.`,
      );
    }
    await core.slots.disconnect({ workspace: visit.workspace, slot: number });
    return { goTo: BASE, done: `Slot ${number} was disconnected. You can undo that for ten minutes.` };
  });

  screens.post(`${BASE}/slots/:slot/undo`, 'connect', async (visit) => {
    const { number } = await slotOf(visit);
    const { label } = await core.slots.restore({ workspace: visit.workspace, slot: number });
    return { goTo: BASE, done: `${label} is back in slot ${number}.` };
  });
}

function isUsable(state: string): boolean {
  return state === 'healthy' || state === 'limited';
}

/** Which lists the end of a slot stops. */
function whatStops({ jobs }: SlotsModel, others: number): Html {
  const running = jobs.filter(({ state }) => state === 'running');
  if (running.length === 0) return html`<p>No list is running, so nothing stops.</p>`;
  const names = html`<ul>${running.map(({ id, name }) => html`<li><a href="/app/lists/${id}">${name}</a></li>`)}</ul>`;
  return others > 0
    ? notice(
        'info',
        `These lists go on over the other ${others === 1 ? 'slot' : 'slots'}, more slowly:`,
        names,
      )
    : notice(
        'wrong',
        'No other slot can do their work, so these lists stop and wait until a key is connected:',
        names,
      );
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
