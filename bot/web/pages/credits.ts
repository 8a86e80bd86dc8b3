import type { SlotView } from '@connectionsphere/core';
import { lineWriter } from '@connectionsphere/core/node';
import { attachment } from '../../attachment.ts';
import { creditsByAuthor } from '../../audit.ts';
import type { Reader } from '../../reader.ts';
import { type Child, type Html, html } from '../html.ts';
import { icons } from '../icons.ts';
import { bar, facts, meter, notice, time } from '../layout.ts';
import { table } from '../table.ts';
import type { Outcome, Screens, Visit, WebContext } from '../visit.ts';
import { listsOf } from '../whose-lists.ts';
import { WAYS } from './activity-words.ts';

const CREDITS = '/app/credits';
const LISTS_SHOWN = 10;
const AMOUNT = /^\d{1,9}(\.\d+)?$/;

/** A person, a token or the server, with the credits spent for them. */
interface Spender {
  readonly name: string;
  readonly way: string;
  readonly credits: number;
}

/** What was spent this month: by day, slot, person, surface and list; the limits; Apollo's own count beside our books. */
export function credits(screens: Screens, { core, ports, slack, tokens }: WebContext): void {
  const spendersOf = async (workspace: string, byAuthor: Readonly<Record<string, number>> = {}) => {
    const names = new Map((await tokens.list(workspace)).map(({ id, name }) => [id, `token “${name}”`]));
    const spenders = creditsByAuthor(byAuthor).map(async ({ via, kind, id, credits: spent }) => {
      const known = kind === 'person' ? await slack?.nameOf(workspace, id) : names.get(id);
      const name = known ?? (via === 'server' ? 'the server' : id);
      return { name, way: WAYS[via], credits: spent } satisfies Spender;
    });
    return await Promise.all(spenders);
  };

  const page = async ({ workspace, reader, session }: Visit, wrong?: string): Promise<Outcome> => {
    const [month, { slots }, jobs] = await Promise.all([
      core.credits.month(workspace),
      core.slots.list(workspace),
      listsOf({ core, slack }, session, LISTS_SHOWN),
    ]);
    const spenders = await spendersOf(workspace, month.byAuthor);
    const { monthlyLimit, inDoubtCredits, slotLimits = {} } = month;
    const mayLimit = session.scopes.includes('administer');
    const name = new Intl.DateTimeFormat(reader.locale, {
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    }).format(ports.clock.now());
    return {
      page: {
        title: 'Credits',
        body: html`<div class="title"><div><h1>Credits</h1><p class="lead">What this workspace spent in ${name} (UTC), by our books, and Apollo's own count beside them.</p></div><a class="button" href="${CREDITS}/month.csv">${icons.download}<span>CSV of the month</span></a></div>
<div class="slots"><section class="panel"><h2>This month</h2><p class="price"><b>${reader.count(month.credits)}</b> <span>credits</span></p>
${monthlyLimit !== undefined && meter('Monthly limit', month.credits, monthlyLimit, `${reader.count(month.credits)} of at most ${reader.count(monthlyLimit)}`)}
${inDoubtCredits > 0 && notice('info', `Up to ${reader.plural(inDoubtCredits, 'credit')} more are in doubt: calls whose answer was lost.`)}
${dayChart(month.byDay ?? {}, reader)}</section>
<section class="panel"><h2>By person and token</h2>${
          spenders.length === 0
            ? html`<p class="soft">Nothing was spent yet.</p>`
            : html`${shares(
                spenders.map(
                  ({ name: who, way, credits: spent }) =>
                    [html`${who} <span class="soft">${way}</span>`, spent] as const,
                ),
                month.credits,
                reader,
              )}`
        }</section>
<section class="panel"><h2>By channel</h2>${spenders.length === 0 ? html`<p class="soft">Nothing was spent yet.</p>` : shares(byWay(spenders), month.credits, reader)}</section>
<section class="panel"><h2>By list</h2>${jobs.length === 0 ? html`<p class="soft">No list yet. <a href="/app/lists/new">Drop one</a></p>` : facts(jobs.filter(({ state }) => state !== 'ready').map((job) => [html`<a href="/app/lists/${job.id}">${job.name}</a>`, reader.plural(job.credits, 'credit')] as const))}</section></div>
<section class="panel"><h2>Slots and limits</h2>${wrong !== undefined && notice('wrong', wrong)}
<form method="post" action="${CREDITS}/limits" class="form">${table(
          'Credits by slot',
          ['Slot', 'Spent here', 'Limit a month', 'Apollo counts as used', 'Left in Apollo'],
          slots.map((slot) =>
            slotCells(slot, {
              reader,
              mayLimit,
              spent: month.bySlot[slot.number] ?? 0,
              limit: slotLimits[slot.number],
            }),
          ),
        )}
<p class="note">Apollo counts all that its team used in its billing cycle, whichever program used it; we count what went through here since the first of the month.</p>
${mayLimit && html`<div class="field"><label for="limit">All slots together, credits a month</label><input id="limit" name="limit" inputmode="decimal" value="${monthlyLimit ?? ''}" aria-describedby="limit-note"><p class="note" id="limit-note">A slot at its limit leaves the rest to the others; when all are at theirs, or at this one, lists wait for the next month or a higher limit. Empty: no limit.</p></div><div class="actions"><button class="button primary">Set the limits</button></div>`}</form></section>`,
      },
      status: wrong === undefined ? 200 : 422,
    };
  };

  screens.get(CREDITS, 'read', (visit) => page(visit));

  screens.post(`${CREDITS}/limits`, 'administer', async (visit) => {
    const { workspace, field, reader } = visit;
    const { slots } = await core.slots.list(workspace);
    const before = await core.credits.month(workspace);
    const asked = [
      ['', field('limit')],
      ...slots.map(({ number }) => [String(number), field(`slot-${number}`)]),
    ] as const;
    if (asked.some(([, text = '']) => text !== '' && !AMOUNT.test(text))) {
      return await page(
        visit,
        'A limit is a number of credits, such as 5000, or nothing. Nothing was changed.',
      );
    }
    const said: string[] = [];
    for (const [slot = '', text = ''] of asked) {
      const limit = text === '' ? undefined : Number(text);
      const was = slot === '' ? before.monthlyLimit : before.slotLimits?.[slot];
      if (limit === was) continue;
      if (slot === '') await core.credits.setMonthlyLimit(workspace, limit);
      else await core.credits.setSlotLimit(workspace, Number(slot), limit);
      const what = slot === '' ? 'The monthly limit' : `The limit of slot ${slot}`;
      said.push(
        limit === undefined ? `${what} is lifted.` : `${what} is ${reader.plural(limit, 'credit')} now.`,
      );
    }
    return { goTo: CREDITS, done: said.join(' ') || 'The limits stay as they were.' };
  });

  screens.get(`${CREDITS}/month.csv`, 'read', async ({ workspace, session, response }) => {
    const month = await core.credits.month(workspace);
    const thisMonth = new Date(ports.clock.now()).toISOString().slice(0, 7);
    const rows: (readonly [by: string, what: string, credits: number])[] = [
      ['all', thisMonth, month.credits],
      ['in doubt', thisMonth, month.inDoubtCredits],
      ...Object.entries(month.byDay ?? {}).map(
        ([number, spent]) => ['day', `${thisMonth}-${number.padStart(2, '0')}`, spent] as const,
      ),
      ...Object.entries(month.bySlot).map(([slot, spent]) => ['slot', slot, spent] as const),
      ...(await spendersOf(workspace, month.byAuthor)).map(
        ({ name, way, credits: spent }) => ['person', `${name}, ${way}`, spent] as const,
      ),
      ...(await listsOf({ core, slack }, session)).map((job) => ['list', job.name, job.credits] as const),
    ];
    response.type('text/csv').setHeader('content-disposition', attachment(`credits-${thisMonth}.csv`));
    const line = lineWriter(',', '\r\n', true);
    response.send([['by', 'what', 'credits'], ...rows.map((row) => row.map(String))].map(line).join(''));
    return { answered: true };
  });
}

function byWay(spenders: readonly Spender[]): (readonly [string, number])[] {
  const ways = new Map<string, number>();
  for (const { way, credits: spent } of spenders) ways.set(way, (ways.get(way) ?? 0) + spent);
  return [...ways].sort(([, a], [, b]) => b - a);
}

/** Parts of a whole, each with its bar. */
function shares(parts: readonly (readonly [string, number])[], whole: number, reader: Reader): Html {
  return facts(
    parts.map(([name, spent]) => {
      const words = reader.plural(spent, 'credit');
      return [name, bar(`Share of the month: ${words}`, words, whole > 0 ? spent / whole : 0)] as const;
    }),
  );
}

function slotCells(
  slot: SlotView,
  given: { reader: Reader; mayLimit: boolean; spent: number; limit: number | undefined },
): readonly Child[] {
  const { reader, mayLimit, spent, limit } = given;
  const { number } = slot;
  const known = slot.state === 'connected' ? slot.connection.credits : undefined;
  const used = known && (known.used ?? (known.limit === undefined ? undefined : known.limit - known.left));
  const limitCell = mayLimit
    ? html`<input name="slot-${number}" inputmode="decimal" value="${limit ?? ''}" aria-label="Limit of slot ${number}, credits a month" placeholder="none">`
    : limit === undefined
      ? html`<span class="soft">none</span>`
      : reader.count(limit);
  return [
    html`Slot ${number}${slot.state === 'connected' && html`<span class="note">${slot.connection.label}</span>`}`,
    reader.count(spent),
    limitCell,
    used === undefined ? html`<span class="soft">not known</span>` : reader.count(used),
    known === undefined
      ? html`<span class="soft">${slot.state === 'connected' ? 'not known' : 'free slot'}</span>`
      : html`${reader.count(known.left)}${known.cycleEndsAt !== undefined && html`<span class="note">until ${time(known.cycleEndsAt, 'day')}</span>`}`,
  ];
}

/** A bar for each day of the month; the words say the same to those who do not see it. */
function dayChart(byDay: Readonly<Record<string, number>>, reader: Reader): Html {
  const days = Array.from({ length: 31 }, (_, index) => byDay[index + 1] ?? 0);
  const most = Math.max(...days);
  if (most === 0) return html`<p class="soft">Nothing was spent yet.</p>`;
  const words = days
    .flatMap((spent, index) => (spent > 0 ? [`day ${index + 1}: ${reader.count(spent)}`] : []))
    .join(', ');
  return html`<svg class="chart" viewBox="0 0 372 110" role="img" aria-label="Credits by day; ${words}"><path class="chart-ground" d="M0 95h372" />${days.map((spent, index) => spent > 0 && html`<rect x="${index * 12 + 1}" y="${(94 - (spent / most) * 88).toFixed(1)}" width="10" height="${((spent / most) * 88).toFixed(1)}" rx="2" />`)}<text x="1" y="108">1</text><text x="169" y="108">15</text><text x="371" y="108" text-anchor="end">31</text></svg>`;
}
