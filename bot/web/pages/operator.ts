import type { SlotView } from '@connectionsphere/core';
import { Problem } from '../../api/problem.ts';
import { requireWorkspace, workspaceNames } from '../../workspaces.ts';
import { type Html, html } from '../html.ts';
import { notice, time, trail } from '../layout.ts';
import { table } from '../table.ts';
import type { Screens, WebContext } from '../visit.ts';
import { linkPage } from './link-page.ts';
import { healthBadge } from './slot-card.ts';

const OPERATOR = '/app/operator';

/** What the ConnectionSphere team sees: workspaces, their done-for-you slots, and what was asked for. */
export function operatorPages(screens: Screens, context: WebContext): void {
  const { core, requests, links, ports } = context;

  /** A done-for-you slot of a workspace that is there. Throws a {@link Problem} where there is none of that number. */
  const meant = async (workspace: string, slot: string) => {
    await requireWorkspace(workspace, context);
    const { slots } = await core.slots.list(workspace);
    const found = slots.find(({ number, kind }) => kind === 'dfy' && String(number) === slot);
    if (found) return { workspace, slot: found.number };
    throw new Problem(404, 'no-such-slot', `Workspace ${workspace} has no done-for-you slot of that number.`);
  };

  screens.get(OPERATOR, 'operator', async () => {
    const [names, asked] = await Promise.all([workspaceNames(context), requests.list()]);
    const views = await Promise.all(names.map((name) => core.slots.list(name)));
    const now = ports.clock.now();
    return {
      page: {
        title: 'Operator',
        body: html`<h1>Operator</h1><p class="lead">Done-for-you slots of all workspaces.</p>
<section class="panel"><h2>Asked for</h2>${asked.length === 0 ? html`<p class="soft">Nothing is asked for.</p>` : asked.map(({ workspace, slot, by, at }) => html`<div class="title"><p><b>${workspace}</b>, slot ${slot}, by ${by} on ${time(at)}</p>${fillButton(workspace, slot)}</div>`)}</section>
<section class="panel"><h2>Workspaces</h2>${
          views.length === 0
            ? html`<p class="soft">None yet: a workspace is there when it has a key or a token.</p>`
            : table(
                'Workspaces',
                ['Workspace', 'Slots', 'Done for you'],
                views.map(({ workspace, notation, slots }) => [
                  workspace,
                  html`<span class="notation">${notation}</span>`,
                  slots.filter(({ kind }) => kind === 'dfy').map((slot) => slotLine(workspace, slot, now)),
                ]),
              )
        }</section>`,
      },
    };
  });

  function slotLine(workspace: string, slot: SlotView, now: number): Html {
    if (slot.state === 'free') {
      return html`<div class="actions"><span>Slot ${slot.number}: free</span>${fillButton(workspace, slot.number)}</div>`;
    }
    const { label, last4 } = slot.connection;
    return html`<div class="actions"><span>Slot ${slot.number}: ${label} (${last4})</span>${healthBadge(slot.connection, now)}<a class="button quiet danger" href="${OPERATOR}/clear?workspace=${encodeURIComponent(workspace)}&slot=${slot.number}">Clear</a></div>`;
  }

  function fillButton(workspace: string, slot: number): Html {
    return html`<form method="post" action="${OPERATOR}/fill"><input type="hidden" name="workspace" value="${workspace}"><input type="hidden" name="slot" value="${slot}"><button class="button">Fill slot ${slot}</button></form>`;
  }

  screens.post(`${OPERATOR}/fill`, 'operator', async ({ field, session }) => {
    const { workspace, slot } = await meant(field('workspace'), field('slot'));
    const { path, until } = await links.make({ workspace, by: session.by, purpose: { kind: 'fill', slot } });
    return {
      page: linkPage({
        title: `Fill slot ${slot} of ${workspace}`,
        from: [['Operator', OPERATOR]],
        words: 'Open this link to enter the key, or send it to the person who has it.',
        address: `${context.address()}${path}`,
        until,
        actions: html`<a class="button primary" href="${path}">Enter the key</a><a class="button quiet" href="${OPERATOR}">Done</a>`,
      }),
    };
  });

  screens.get(`${OPERATOR}/clear`, 'operator', async ({ request }) => {
    const { workspace, slot } = await meant(String(request.query.workspace), String(request.query.slot));
    return {
      page: {
        title: `Clear slot ${slot}`,
        width: 'reading',
        body: html`${trail([['Operator', OPERATOR]])}<h1>Clear slot ${slot} of ${workspace}?</h1>${notice('wrong', 'Its key is deleted at once. Lists of the workspace go on over its other slots, or wait until it has one.')}<form method="post" action="${OPERATOR}/clear" class="actions"><input type="hidden" name="workspace" value="${workspace}"><input type="hidden" name="slot" value="${slot}"><button class="button danger solid">Clear the slot</button><a class="button quiet" href="${OPERATOR}">Keep it</a></form>`,
      },
    };
  });

  screens.post(`${OPERATOR}/clear`, 'operator', async ({ field }) => {
    const { workspace, slot } = await meant(field('workspace'), field('slot'));
    const { label } = await core.slots.clear({ workspace, slot });
    return { goTo: OPERATOR, done: `${label} was taken out of slot ${slot} of ${workspace}.` };
  });
}
