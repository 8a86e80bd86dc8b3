import { Problem } from '../../api/problem.ts';
import { DEFAULT_SCOPES, SCOPES, type Scope, type Token } from '../../api/tokens.ts';
import { type Child, html } from '../html.ts';
import { icons } from '../icons.ts';
import { choice, notice, time, trail } from '../layout.ts';
import { table } from '../table.ts';
import type { Outcome, Screens, Visit, WebContext } from '../visit.ts';

const TOKENS = '/app/tokens';
const TRAIL = [['Tokens', TOKENS]] as const;
const DAY_MS = 86_400_000;
/** How long a new token may be good for, days; '': without an end. */
const LASTS = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
  ['', 'until it is revoked'],
] as const;
/** How long the token before goes on beside a new one, days. */
const OVERLAPS = [
  ['0', 'ends at once'],
  ['1', 'goes on for a day'],
  ['7', 'goes on for a week'],
  ['30', 'goes on for 30 days'],
] as const;

/** What a token may do, in words that follow "may". */
export const DEEDS: Readonly<Record<Scope, string>> = {
  enrich: 'enrich leads',
  read: 'see lists, slots and credits',
  forget: 'forget people',
  hooks: 'be told when lists are done',
  connect: 'connect keys',
  disconnect: 'disconnect keys',
  administer: 'make tokens and set limits',
  operator: 'do what operators do, in every workspace',
};

/** Tokens for programs: made, shown once, rolled, taken back. */
export function tokenPages(screens: Screens, { tokens, ports }: WebContext): void {
  const page = async ({ workspace, session }: Visit, wrong?: string): Promise<Outcome> => {
    const listed = await tokens.list(workspace);
    const now = ports.clock.now();
    // Nobody hands on more than they may do themselves.
    const offered = SCOPES.filter((scope) => session.scopes.includes(scope));
    return {
      page: {
        title: 'Tokens',
        body: html`<h1>Tokens</h1><p class="lead">For programs and n8n: what a token may do, it may do in this workspace.</p>
<section class="panel"><h2>Your tokens</h2>${
          listed.length === 0
            ? html`<p class="soft">None yet. Make one below, for n8n or a program of yours.</p>`
            : table(
                'Tokens',
                ['For', 'Permissions', 'Made', 'Last used', 'Ends', { unseen: 'Roll or revoke' }],
                listed.map((token) => tokenCells(token, now)),
              )
        }</section>
<section class="panel"><h2>Make a token</h2><form method="post" action="${TOKENS}" class="form">${wrong !== undefined && notice('wrong', wrong)}<div class="field"><label for="name">What it is for</label><input id="name" name="name" required maxlength="60" placeholder="n8n" autocomplete="off"></div>
<fieldset class="options"><legend class="label">Permissions</legend>${offered.map((scope) => html`<label class="option"><input type="checkbox" name="scope-${scope}" value="true" ${DEFAULT_SCOPES.includes(scope) && 'checked'}><span>${DEEDS[scope]}</span></label>`)}</fieldset>${choice('lasts', 'It is good for', LASTS, '')}<div class="actions"><button class="button primary">Make the token</button></div></form></section>`,
      },
      status: wrong === undefined ? 200 : 422,
    };
  };

  const tokenOf = async ({ workspace, request, session }: Visit): Promise<Token> => {
    const token = await tokens.find(String(request.params.id));
    if (token?.workspace !== workspace) {
      throw new Problem(404, 'no-such-token', 'There is no such token here: it was revoked, or it is over.');
    }
    const more = token.scopes.filter((scope) => !session.scopes.includes(scope));
    if (more.length === 0) return token;
    throw new Problem(
      403,
      'scope-missing',
      `You may not roll this token: it may ${more.map((scope) => DEEDS[scope]).join(', ')}, and you may not.`,
    );
  };

  screens.get(TOKENS, 'administer', (visit) => page(visit));

  screens.post(TOKENS, 'administer', async (visit) => {
    const { workspace, session, field } = visit;
    const scopes = SCOPES.filter(
      (scope) => session.scopes.includes(scope) && field(`scope-${scope}`) === 'true',
    );
    const name = field('name').slice(0, 60);
    if (name === '') return await page(visit, 'Say what the token is for, so that you know it again.');
    if (scopes.length === 0) return await page(visit, 'Choose at least one thing that the token may do.');
    const days = LASTS.find(([value]) => value === field('lasts'))?.[0] ?? '';
    const endsAt = days === '' ? {} : { endsAt: ports.clock.now() + Number(days) * DAY_MS };
    return newTokenPage(await tokens.create({ workspace, name, scopes, ...endsAt }));
  });

  screens.get(`${TOKENS}/:id/roll`, 'administer', async (visit) => {
    const { id, name } = await tokenOf(visit);
    return {
      page: {
        title: `Roll ${name}`,
        width: 'reading',
        body: html`${trail(TRAIL)}<h1>Roll ${name}?</h1><p class="lead">You get a new token that may do the same. Give it to the program while the old one goes on.</p><form method="post" action="${TOKENS}/${id}/roll" class="panel form">${choice('overlap', 'The old token', OVERLAPS, '7')}<div class="actions"><button class="button primary">Make the new token</button><a class="button quiet" href="${TOKENS}">Leave it</a></div></form>`,
      },
    };
  });

  screens.post(`${TOKENS}/:id/roll`, 'administer', async (visit) => {
    const { id } = await tokenOf(visit);
    const days = OVERLAPS.find(([value]) => value === visit.field('overlap'))?.[0] ?? '7';
    const rolled = await tokens.roll(visit.workspace, id, Number(days) * DAY_MS);
    if (!rolled) throw new Problem(404, 'no-such-token', 'That token was gone already, so none was made.');
    const { made, before } = rolled;
    const old =
      days === '0' || before.endsAt === undefined
        ? 'The old one is refused from now on.'
        : html`The old one goes on until ${time(before.endsAt)}.`;
    return newTokenPage(made, old);
  });

  screens.get(`${TOKENS}/:id/revoke`, 'administer', async ({ workspace, request }) => {
    const token = (await tokens.list(workspace)).find(({ id }) => id === request.params.id);
    if (!token) throw new Problem(404, 'no-such-token', 'That token was revoked already.');
    const { id, name, lastUsedAt } = token;
    return {
      page: {
        title: `Revoke ${name}`,
        width: 'reading',
        body: html`${trail(TRAIL)}<h1>Revoke ${name}?</h1><p class="lead">Programs that use it are refused from then on, and who signed in with it is signed out. ${lastUsedAt === undefined ? 'It was never used.' : html`It was last used ${time(lastUsedAt)}.`}</p><form method="post" action="${TOKENS}/${id}/revoke" class="actions"><button class="button danger solid">Revoke the token</button><a class="button quiet" href="${TOKENS}">Keep it</a></form>`,
      },
    };
  });

  screens.post(`${TOKENS}/:id/revoke`, 'administer', async ({ workspace, request }) => {
    const revoked = await tokens.revoke(workspace, String(request.params.id));
    return {
      goTo: TOKENS,
      done: revoked
        ? `${revoked.name} was revoked: it is refused from now on.`
        : 'That token was gone already.',
    };
  });
}

function tokenCells(token: Token, now: number): readonly Child[] {
  const { id, name, scopes, createdAt, lastUsedAt, endsAt } = token;
  const isOver = endsAt !== undefined && endsAt <= now;
  return [
    name,
    scopes.map((scope) => DEEDS[scope]).join(', '),
    time(createdAt, 'day'),
    lastUsedAt === undefined ? 'never' : time(lastUsedAt),
    endsAt === undefined
      ? html`<span class="soft">no end</span>`
      : isOver
        ? html`<span class="badge bad">Over</span>`
        : time(endsAt, 'day'),
    html`<div class="actions">${!isOver && html`<a class="button quiet" href="${TOKENS}/${id}/roll">Roll<span class="unseen"> ${name}</span></a>`}<a class="button quiet danger" href="${TOKENS}/${id}/revoke">Revoke<span class="unseen"> ${name}</span></a></div>`,
  ];
}

function newTokenPage({ name, secret, endsAt }: Token & { secret: string }, more?: Child): Outcome {
  return {
    page: {
      title: 'New token',
      width: 'reading',
      body: html`${trail(TRAIL)}<h1>${name}</h1><p class="lead">Copy the token now: it is shown this once, and kept only as a hash.${endsAt !== undefined && html` It is good until ${time(endsAt, 'day')}.`} ${more}</p><div class="panel"><div class="copy"><code id="secret" tabindex="0">${secret}</code><button type="button" class="button" data-copy="secret" hidden>Copy</button></div></div><div class="actions"><a class="button" href="${TOKENS}">${icons.check}<span>I have it</span></a></div>`,
    },
  };
}
