import { z } from 'zod';
import { Problem } from '../../api/problem.ts';
import type { Delivery } from '../../hooks/deliveries.ts';
import { HOOK_EVENTS, type Hook, type HookEvent, TooManyHooks } from '../../hooks/hooks.ts';
import { PrivateAddress } from '../../hooks/post.ts';
import { shownAddress } from '../../hooks/shown-address.ts';
import { type Child, type Html, html } from '../html.ts';
import { icons } from '../icons.ts';
import { notice, time, trail } from '../layout.ts';
import { table } from '../table.ts';
import type { Outcome, Screens, Visit, WebContext } from '../visit.ts';

const HOOKS = '/app/hooks';
const TRAIL = [['Hooks', HOOKS]] as const;
const DELIVERIES_SHOWN = 20;

/** When a hook is told, in words that follow "when". */
export const EVENTS: Readonly<Record<HookEvent, string>> = {
  'job.finished': 'a list is done',
  'job.paused': 'a list waits, and why',
  'job.phones': 'late phones of a list have come',
  'schedule.missed': 'a list that runs again by itself did not, and why',
  'schedule.ended': 'a list does not run again any more, and why',
  'slot.trouble': 'a key is refused or out of credits',
  'slot.credits-low': 'credits of a key run low',
  'lead.done': 'a list is done: one message for each of its leads, one after the other',
};
const STATES: Readonly<Record<Delivery['state'], readonly [kind: string, words: string]>> = {
  waiting: ['wait', 'Waiting'],
  delivered: ['good', 'Delivered'],
  failed: ['bad', 'Given up'],
};
const webAddress = z.url({ protocol: /^https?$/ }).max(2000);

/** Hooks: what other programs are told, what became of it, and once more. */
export function hookPages(screens: Screens, { notices }: WebContext): void {
  const hookOf = async ({ workspace, request }: Visit): Promise<Hook> => {
    const hook = await notices.hooks.get(String(request.params.id));
    // Another workspace's hook is as unknown as none.
    if (hook?.workspace !== workspace)
      throw new Problem(404, 'no-such-hook', 'There is no such hook in this workspace.');
    return hook;
  };

  const page = async ({ workspace, field }: Visit, wrong?: string): Promise<Outcome> => {
    const hooks = await notices.hooks.list(workspace);
    const withDeliveries = await Promise.all(
      hooks.map(async (hook) => ({ hook, deliveries: await notices.deliveriesOf(hook.id) })),
    );
    return {
      page: {
        title: 'Hooks',
        body: html`<h1>Hooks</h1><p class="lead">Tell your other tools what happens here: each event is posted to an address that you give, signed, and tried for a day until it is taken.</p>
${withDeliveries.map(({ hook, deliveries }) => hookPanel(hook, deliveries))}
<section class="panel"><h2>${hooks.length === 0 ? 'Make the first hook' : 'Make a hook'}</h2><form method="post" action="${HOOKS}" class="form">${wrong !== undefined && notice('wrong', wrong)}
<div class="field"><label for="url">Address</label><input id="url" name="url" type="url" required maxlength="2000" value="${wrong === undefined ? '' : field('url')}" placeholder="https://example.com/told" autocomplete="off" aria-describedby="url-note"><p class="note" id="url-note">It gets a POST of JSON, and answers 2xx. <a href="/docs#events">What it gets, and how to check the signature</a></p></div>
<fieldset class="options"><legend class="label">Tell it when</legend>${HOOK_EVENTS.map((event) => html`<label class="option"><input type="checkbox" name="event-${event}" value="true" ${(wrong === undefined ? event.startsWith('job.') : field(`event-${event}`) === 'true') && 'checked'}><span>${EVENTS[event]}<span class="option-price">${event}</span></span></label>`)}</fieldset>
<div class="actions"><button class="button primary">Make the hook</button></div></form></section>`,
      },
      status: wrong === undefined ? 200 : 422,
    };
  };

  screens.get(HOOKS, 'hooks', (visit) => page(visit));

  screens.post(HOOKS, 'hooks', async (visit) => {
    const { workspace, field } = visit;
    const url = field('url');
    if (!webAddress.safeParse(url).success)
      return await page(visit, 'That is no address: it begins with https:// or http://.');
    const events = HOOK_EVENTS.filter((event) => field(`event-${event}`) === 'true');
    if (events.length === 0) return await page(visit, 'Choose at least one thing that it is told.');
    let secret: string;
    try {
      await notices.check(url);
      secret = (await notices.hooks.add({ workspace, url, events })).secret;
    } catch (error) {
      if (!(error instanceof PrivateAddress || error instanceof TooManyHooks)) throw error;
      return await page(visit, error.message);
    }
    return {
      page: {
        title: 'New hook',
        width: 'reading',
        body: html`${trail(TRAIL)}<h1>The hook is made</h1><p class="lead">Copy its secret now: deliveries are signed with it, and it is shown this once.</p><div class="panel"><div class="copy"><code id="secret" tabindex="0">${secret}</code><button type="button" class="button" data-copy="secret" hidden>Copy</button></div></div><div class="actions"><a class="button" href="${HOOKS}">${icons.check}<span>I have it</span></a></div>`,
      },
    };
  });

  screens.get(`${HOOKS}/:id/delete`, 'hooks', async (visit) => {
    const { id, url } = await hookOf(visit);
    return {
      page: {
        title: 'Delete the hook',
        width: 'reading',
        body: html`${trail(TRAIL)}<h1>Delete this hook?</h1><p class="lead"><code>${shownAddress(url)}</code> is told nothing any more. What was not delivered yet is dropped.</p><form method="post" action="${HOOKS}/${id}/delete" class="actions"><button class="button danger solid">Delete the hook</button><a class="button quiet" href="${HOOKS}">Keep it</a></form>`,
      },
    };
  });

  screens.post(`${HOOKS}/:id/delete`, 'hooks', async (visit) => {
    const { id } = await hookOf(visit);
    await notices.hooks.remove(visit.workspace, id);
    return { goTo: HOOKS, done: 'The hook was deleted.' };
  });

  screens.post(`${HOOKS}/:id/on`, 'hooks', async (visit) => {
    const { id, url } = await hookOf(visit);
    await notices.hooks.switchOn(visit.workspace, id);
    return {
      goTo: HOOKS,
      done: `${new URL(url).host} is told again, from the next event on. Send again what it missed.`,
    };
  });

  screens.post(`${HOOKS}/:id/again`, 'hooks', async (visit) => {
    const { id, url, switchedOffAt } = await hookOf(visit);
    if (switchedOffAt !== undefined)
      return { goTo: HOOKS, wrong: `${new URL(url).host} is switched off: switch it on, then send again.` };
    const sent = await notices.again(id, visit.field('delivery'));
    return sent
      ? { goTo: HOOKS, done: `It is sent to ${new URL(url).host} once more.` }
      : { goTo: HOOKS, wrong: 'That delivery is no longer kept, so nothing was sent.' };
  });
}

function hookPanel(
  { id, url, events, createdAt, switchedOffAt }: Hook,
  deliveries: readonly Delivery[],
): Html {
  const address = shownAddress(url);
  return html`<section class="panel" aria-labelledby="hook-${id}"><div class="title"><div><h2 id="hook-${id}" class="address">${address}</h2><p class="soft">Told when ${events.map((event) => EVENTS[event]).join('; ')}. Made ${time(createdAt, 'day')}.</p>${switchedOffAt !== undefined && html`<p class="hint bad">${icons.warning}<span>Switched off on ${time(switchedOffAt)}: nothing was delivered for three days. Mend the other side, then switch it on again.</span></p><form method="post" action="${HOOKS}/${id}/on"><button class="button">Switch on again<span class="unseen"> ${address}</span></button></form>`}</div><a class="button quiet danger" href="${HOOKS}/${id}/delete">Delete<span class="unseen"> ${address}</span></a></div>
${
  deliveries.length === 0
    ? html`<p class="soft">Nothing was delivered in the last seven days.</p>`
    : table(
        `Deliveries to ${address}`,
        ['Event', 'State', 'Tries', 'Last try', 'Answer', { unseen: 'Once more' }],
        deliveries.slice(0, DELIVERIES_SHOWN).map((delivery) => deliveryCells(id, delivery)),
      )
}</section>`;
}

function deliveryCells(hook: string, delivery: Delivery): readonly Child[] {
  const { id, type, state, attempts, lastAttemptAt, nextAttemptAt, status, error } = delivery;
  const [kind, words] = STATES[state];
  return [
    html`<code>${type}</code>`,
    html`<span class="badge ${kind}"><span class="dot"></span>${words}</span>${nextAttemptAt !== undefined && attempts > 0 && html`<span class="note">next try ${time(nextAttemptAt)}</span>`}`,
    attempts,
    lastAttemptAt === undefined ? 'none yet' : time(lastAttemptAt),
    status ?? error,
    html`<form method="post" action="${HOOKS}/${hook}/again"><input type="hidden" name="delivery" value="${id}"><button class="button quiet">Send again<span class="unseen"> ${type}, ${id.slice(0, 6)}</span></button></form>`,
  ];
}
