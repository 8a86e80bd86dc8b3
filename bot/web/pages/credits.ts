import type { Reader } from '../../reader.ts';
import { type Html, html } from '../html.ts';
import { facts, meter, notice } from '../layout.ts';
import type { Outcome, Screens, Visit, WebContext } from '../visit.ts';
import { listsOf } from '../whose-lists.ts';

const CREDITS = '/app/credits';
const LISTS_SHOWN = 10;

/** What was spent this month: by day, slot and list, and the limits. */
export function credits(screens: Screens, { core, ports, slack }: WebContext): void {
  const page = async ({ workspace, reader, session }: Visit, wrong?: string): Promise<Outcome> => {
    const [month, { slots }, jobs] = await Promise.all([
      core.credits.month(workspace),
      core.slots.list(workspace),
      listsOf({ core, slack }, session, LISTS_SHOWN),
    ]);
    const { monthlyLimit, inDoubtCredits } = month;
    const name = new Intl.DateTimeFormat(reader.locale, {
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    }).format(ports.clock.now());
    return {
      page: {
        title: 'Credits',
        body: html`<h1>Credits</h1><p class="lead">What this workspace spent in ${name} (UTC), by our books.</p>
<div class="slots"><section class="panel"><h2>This month</h2><p class="price"><b>${reader.count(month.credits)}</b> <span>credits</span></p>
${monthlyLimit !== undefined && meter('Monthly limit', month.credits, monthlyLimit, `${reader.count(month.credits)} of at most ${reader.count(monthlyLimit)}`)}
${inDoubtCredits > 0 && notice('info', `Up to ${reader.plural(inDoubtCredits, 'credit')} more are in doubt: calls whose answer was lost.`)}
${dayChart(month.byDay ?? {}, reader)}</section>
<section class="panel"><h2>By slot</h2>${facts(slots.map((slot) => [`Slot ${slot.number}`, html`${reader.count(month.bySlot[slot.number] ?? 0)} spent${slot.state === 'connected' && slot.connection.credits && html`<span class="soft">; ${reader.count(slot.connection.credits.left)} left by Apollo's own count</span>`}`]))}</section>
<section class="panel"><h2>By list</h2>${jobs.length === 0 ? html`<p class="soft">No list yet.</p>` : facts(jobs.map((job) => [html`<a href="/app/lists/${job.id}">${job.name}</a>`, reader.plural(job.credits, 'credit')] as const))}</section>
${session.scopes.includes('administer') && html`<section class="panel"><h2>Monthly limit</h2><form method="post" action="${CREDITS}/limit" class="form">${wrong !== undefined && notice('wrong', wrong)}<div class="field"><label for="limit">Credits a month</label><input id="limit" name="limit" inputmode="decimal" value="${monthlyLimit ?? ''}" aria-describedby="limit-note"><p class="note" id="limit-note">At the limit, lists wait for the next month or a higher limit. Empty: no limit.</p></div><div class="actions"><button class="button primary">Set the limit</button></div></form></section>`}</div>`,
      },
      status: wrong === undefined ? 200 : 422,
    };
  };

  screens.get(CREDITS, 'read', (visit) => page(visit));

  screens.post(`${CREDITS}/limit`, 'administer', async (visit) => {
    const text = visit.field('limit');
    if (text !== '' && !/^\d{1,9}(\.\d+)?$/.test(text)) {
      return await page(visit, 'A limit is a number of credits, such as 5000, or nothing.');
    }
    await core.credits.setMonthlyLimit(visit.workspace, text === '' ? undefined : Number(text));
    return {
      goTo: CREDITS,
      done:
        text === ''
          ? 'There is no monthly limit now.'
          : `The monthly limit is ${visit.reader.count(Number(text))} credits now.`,
    };
  });
}

/** A bar for each day of the month; the words say the same to those who do not see it. */
function dayChart(byDay: Readonly<Record<string, number>>, reader: Reader): Html {
  const days = Array.from({ length: 31 }, (_, index) => byDay[index + 1] ?? 0);
  const most = Math.max(...days);
  if (most === 0) return html`<p class="soft">Nothing was spent yet.</p>`;
  const words = days
    .flatMap((spent, index) => (spent > 0 ? [`day ${index + 1}: ${reader.count(spent)}`] : []))
    .join(', ');
  return html`<svg class="chart" viewBox="0 0 372 110" role="img" aria-label="Credits by day; ${words}">${days.map((spent, index) => spent > 0 && html`<rect x="${index * 12 + 1}" y="${(94 - (spent / most) * 88).toFixed(1)}" width="10" height="${((spent / most) * 88).toFixed(1)}" rx="2" />`)}<text x="1" y="108">1</text><text x="169" y="108">15</text><text x="356" y="108">31</text></svg>`;
}
