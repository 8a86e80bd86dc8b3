import type { Connected } from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import { type Child, type Html, html } from '../html.ts';
import { icons } from '../icons.ts';
import { facts, notice, time } from '../layout.ts';
import { teamName } from './slot-card.ts';
import { keySteps } from './steps.ts';

interface ConnectForm {
  readonly heading: string;
  readonly lead: Child;
  /** Where the form goes. */
  readonly action: string;
  readonly button: string;
  /** What went wrong with the key that was sent last; it is never shown again. */
  readonly wrong?: string | undefined;
  readonly label?: string;
  /** Where to go instead; none on a page without navigation. */
  readonly back?: string;
}

/** The three steps to a key, and the fields to put it in. */
export function connectForm({ heading, lead, action, button, wrong, label = '', back }: ConnectForm): Html {
  return html`<h1>${heading}</h1>
<p class="lead">${lead}</p>
<div class="connect">
<section aria-label="How to get a key" class="connect-steps">${keySteps()}</section>
<form method="post" action="${action}" class="panel form" autocomplete="off">
  ${wrong !== undefined && notice('wrong', wrong)}
  <div class="field"><label for="label">Label <span class="soft">optional</span></label>
    <input id="label" name="label" maxlength="60" value="${label}" placeholder="Sales EU" autocomplete="off"></div>
  <div class="field"><label for="key">Apollo API key</label>
    <div class="secret"><input id="key" name="key" type="password" required minlength="12" maxlength="256" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="key-note" ${wrong !== undefined && html`aria-invalid="true" autofocus`}><button type="button" class="button quiet" data-reveal="key" aria-pressed="false" hidden>Show</button></div>
    <p class="note" id="key-note">${icons.shield} Checked with Apollo (no credits), then stored encrypted.</p></div>
  <div class="actions"><button class="button primary" data-busy="Checking with Apollo…">${button}</button>${back !== undefined && html`<a class="button quiet" href="${back}">Cancel</a>`}</div>
</form>
</div>`;
}

/** What Apollo said of a key that was just connected. */
export function connectedFacts({ connection, remarks }: Connected, reader: Reader): Html {
  const { credits, limits } = connection;
  const minute = limits?.['people/bulk_match']?.minute?.limit;
  return html`${facts([
    ['Slot', connection.slot],
    ['Label', connection.label !== `Slot ${connection.slot}` && connection.label],
    ['Key', `ends in ${connection.last4}`],
    ['Apollo team', teamName(connection)],
    ['Credits left', credits ? reader.count(credits.left) : 'not known: a master key shows them'],
    ['Cycle ends', credits?.cycleEndsAt !== undefined && time(credits.cycleEndsAt, 'day')],
    ['Speed', typeof minute === 'number' && `${reader.count(minute)} calls a minute, ten people each`],
  ])}${remarks.map((remark) => notice('info', remark))}`;
}
