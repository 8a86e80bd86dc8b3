import { DEFAULT_SCOPES, SCOPES, type Scope } from '../../api/tokens.ts';
import { html } from '../html.ts';
import { notice, time } from '../layout.ts';
import type { Outcome, Screens, Visit, WebContext } from '../visit.ts';

const TOKENS = '/app/tokens';

const DEEDS: Readonly<Record<Scope, string>> = {
  enrich: 'enrich leads',
  read: 'see lists, slots and credits',
  forget: 'forget people',
  hooks: 'be told when lists are done',
  connect: 'connect keys',
  disconnect: 'disconnect keys',
  administer: 'make tokens and set limits',
  operator: 'do what operators do, in every workspace',
};

/** Tokens for programs: made, shown once, taken back. */
export function tokenPages(screens: Screens, { tokens }: WebContext): void {
  const page = async ({ workspace, session }: Visit, wrong?: string): Promise<Outcome> => {
    const listed = await tokens.list(workspace);
    // Nobody hands on more than they may do themselves.
    const offered = SCOPES.filter((scope) => session.scopes.includes(scope));
    return {
      page: {
        title: 'Tokens',
        body: html`<h1>Tokens</h1><p class="lead">For programs and n8n: what a token may do, it may do in this workspace.</p>
<section class="panel"><h2>Make a token</h2><form method="post" action="${TOKENS}" class="form">${wrong !== undefined && notice('wrong', wrong)}<div class="field"><label for="name">What it is for</label><input id="name" name="name" required maxlength="60" placeholder="n8n" autocomplete="off"></div>
<fieldset class="options"><legend class="label">It may</legend>${offered.map((scope) => html`<label class="option"><input type="checkbox" name="scope-${scope}" value="true" ${DEFAULT_SCOPES.includes(scope) && 'checked'}><span>${DEEDS[scope]}</span></label>`)}</fieldset><div class="actions"><button class="button primary">Make the token</button></div></form></section>
<section class="panel"><h2>Tokens there are</h2>${
          listed.length === 0
            ? html`<p class="soft">None yet.</p>`
            : html`<div class="scroll" tabindex="0" role="region" aria-label="Tokens"><table class="table"><thead><tr><th scope="col">For</th><th scope="col">May</th><th scope="col">Made</th><th scope="col">Last used</th><th scope="col"><span class="unseen">Revoke</span></th></tr></thead><tbody>${listed.map(({ id, name, scopes, createdAt, lastUsedAt }) => html`<tr><th scope="row">${name}</th><td>${scopes.map((scope) => DEEDS[scope]).join(', ')}</td><td>${time(createdAt, 'day')}</td><td>${lastUsedAt === undefined ? 'never' : time(lastUsedAt)}</td><td><form method="post" action="${TOKENS}/${id}/revoke"><button class="button quiet danger" aria-label="Revoke ${name}">Revoke</button></form></td></tr>`)}</tbody></table></div>`
        }</section>`,
      },
      status: wrong === undefined ? 200 : 422,
    };
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
    const { secret } = await tokens.create({ workspace, name, scopes });
    return {
      page: {
        title: 'New token',
        width: 'reading',
        body: html`<h1>${name}</h1><p class="lead">Copy the token now: it is shown this once, and kept only as a hash.</p><div class="panel"><div class="copy"><code id="secret" tabindex="0">${secret}</code><button type="button" class="button" data-copy="secret" hidden>Copy</button></div></div><p><a class="button quiet" href="${TOKENS}">Done</a></p>`,
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
