import { DEFAULT_OPTIONS, type DirectAnswer, type DirectResult, JobError } from '@connectionsphere/core';
import { mostCreditsFor, subjectsOf, type Wanted } from '../../asked-for.ts';
import type { Reader } from '../../reader.ts';
import { type Child, type Html, html } from '../html.ts';
import { icons } from '../icons.ts';
import { facts, notice, time } from '../layout.ts';
import type { Outcome, Screens, Visit, WebContext } from '../visit.ts';
import { personOf } from '../whose-lists.ts';
import { MATCHES } from './list-words.ts';

const PEOPLE = '/app/people';
/** One call of `people/bulk_match` asks for ten. */
const MOST_AT_ONCE = 10;

interface Asked {
  readonly who: string;
  readonly phones: boolean;
}

/** One person or company, or a few, answered at once. */
export function people(screens: Screens, { core, slack }: WebContext): void {
  const page = (asked: Asked, below: Child, wrong?: string): Outcome => ({
    page: {
      title: 'People',
      width: 'reading',
      body: html`<h1>People</h1><p class="lead">Look up one person or company, or a few, at once. Who is known from before costs nothing.</p>
<form method="post" action="${PEOPLE}" class="panel form">${wrong !== undefined && notice('wrong', wrong)}
<div class="field"><label for="who">Who</label><input id="who" name="who" value="${asked.who}" required maxlength="2000" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="who-note" ${asked.who === '' && 'autofocus'}><p class="note" id="who-note">An e-mail or LinkedIn address, “Ada Lovelace at Contoso”, or a company's domain. Several: with “;” between them.</p></div>
<label class="option"><input type="checkbox" name="phones" value="true" ${asked.phones && 'checked'}><span>Phone numbers too. They come some minutes later.<span class="option-price">8 credits more for each person with a mobile</span></span></label>
<div class="actions"><button class="button primary" data-busy="Looking up…">Look up</button><a class="button quiet" href="/app/lists/new">For more, drop a list</a></div></form>${below}`,
    },
    status: wrong === undefined ? 200 : 422,
  });

  screens.get(PEOPLE, 'enrich', async () => page({ who: '', phones: false }, undefined));

  screens.post(PEOPLE, 'enrich', async ({ workspace, field, reader, session }: Visit) => {
    const asked = { who: field('who'), phones: field('phones') === 'true' };
    const wanted = subjectsOf(asked.who);
    const [first] = wanted;
    if (!first) {
      const several = asked.who.includes(';')
        ? ' Of several, each has to be one, and all people or all companies.'
        : '';
      return page(
        asked,
        undefined,
        `That does not identify a person or company: give an e-mail or LinkedIn address, a name and a company as “Ada Lovelace at Contoso”, or a company's domain.${several} Nothing was spent.`,
      );
    }
    if (wanted.length > MOST_AT_ONCE) {
      return page(
        asked,
        undefined,
        `These are ${wanted.length}, and ${MOST_AT_ONCE} can be answered at once. Paste them as a list. Nothing was spent.`,
      );
    }
    const options = { ...DEFAULT_OPTIONS, reveal: { ...DEFAULT_OPTIONS.reveal, phones: asked.phones } };
    const lookUp = () =>
      core.enrich({ workspace, kind: first.kind, leads: wanted.map(({ lead }) => lead), options });
    const user = personOf(session.via);
    try {
      const answer =
        user === undefined || !slack
          ? await lookUp()
          : await slack.spend({ workspace, user, reader }, mostCreditsFor(wanted, options), lookUp);
      return page(asked, html`${stopNotice(answer)}${cards(wanted, answer, asked, reader)}`);
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      return page(asked, undefined, error.message);
    }
  });
}

const STOPS: Readonly<Record<NonNullable<DirectAnswer['stopped']>, Child>> = {
  'no-slot': html`No connected key can look people up just now. <a href="/app/integrations/apollo">See the slots</a>, and connect one or mend what is wrong there.`,
  'slot-limit': html`Every slot is at its credit limit for the month. <a href="/app/credits">See the limits</a>.`,
  budget: html`The workspace reached its credit limit for the month. <a href="/app/credits">See the limit</a>.`,
  'request-refused': 'Apollo refuses what was asked. Ask the operator of this server to look at the log.',
  'apollo-trouble': 'Apollo gives no usable answer just now. Try again in a minute.',
  aborted: 'The server is being stopped. Try again in a moment.',
};

function stopNotice({ stopped, problem }: DirectAnswer): Child {
  return stopped && notice('wrong', html`${problem ?? STOPS[stopped]} Nothing was spent on the rest.`);
}

function cards(wanted: readonly Wanted[], answer: DirectAnswer, asked: Asked, reader: Reader): Html {
  const { results, credits, inDoubtCredits } = answer;
  const pending = results.some((result) => result.pending);
  return html`<section aria-label="What was found" class="found">${wanted.map((each, at) => {
    const result = results[at];
    return result && result.outcome !== 'undecided' && card(each, result, reader);
  })}
<p class="soft" role="status">Cost ${reader.plural(credits, 'credit')}.${inDoubtCredits > 0 && ` Up to ${reader.count(inDoubtCredits)} more are in doubt: the answer of a call was lost.`}</p>
${pending && html`<div class="hint">${icons.clock}<span>Phones are on their way; that takes some minutes. Looking again costs nothing.</span></div><form method="post" action="${PEOPLE}"><input type="hidden" name="who" value="${asked.who}"><input type="hidden" name="phones" value="true"><button class="button">Look again</button></form>`}</section>`;
}

function card({ asked }: Wanted, result: DirectResult, reader: Reader): Html {
  const { outcome, person, company, match, error, how, checkedAt } = result;
  if (!person && !company) {
    const why =
      error ??
      (outcome === 'unmatched' ? 'Apollo does not know this one. It cost nothing.' : 'Not looked up.');
    return html`<article class="panel"><h2>${asked}</h2><p class="soft">${why}</p></article>`;
  }
  const employer = person ? person.company : company;
  const name = person
    ? (person.name ?? [person.firstName, person.lastName].filter(Boolean).join(' '))
    : company?.name;
  const role = person && [person.title, employer?.name && `at ${employer.name}`].filter(Boolean).join(' ');
  return html`<article class="panel"><div class="title"><div><h2>${name || asked}</h2>${role && html`<p class="soft">${role}</p>`}</div>${match && html`<span class="badge ${match.kind === 'conflict' ? 'wait' : 'good'}"><span class="dot"></span>${MATCHES[match.kind]}</span>`}</div>
${outcome === 'review' && notice('wrong', `Perhaps not who you asked for: ${match?.reason ?? 'the answer contradicts it'}.`)}
${facts([
  ['Asked for', asked !== name && asked],
  [
    'E-mail',
    person &&
      (person.email
        ? html`${person.email}${person.emailStatus !== undefined && html` <span class="soft">${person.emailStatus}</span>`}`
        : html`<span class="soft">none known</span>`),
  ],
  ['Private e-mail', person?.personalEmails?.join(', ')],
  [
    'Phone',
    person?.phones?.length &&
      html`<ul class="bare">${person.phones.map(({ number, type, doNotCall }) => html`<li>${number}${type !== undefined && html` <span class="soft">${type}</span>`}${doNotCall && html` <span class="badge bad">Do not call</span>`}</li>`)}</ul>`,
  ],
  ['Switchboard', person?.companyPhone ?? employer?.phone],
  ['LinkedIn', webLink(person?.linkedinUrl ?? (person ? undefined : company?.linkedinUrl))],
  [
    'Place',
    [(person ?? company)?.city, (person ?? company)?.state, (person ?? company)?.country]
      .filter(Boolean)
      .join(', '),
  ],
  ['Domain', employer?.domain],
  [
    'Company',
    [
      person && employer?.name,
      employer?.industry,
      employer?.size !== undefined && `about ${reader.count(employer.size)} people`,
      employer?.foundedYear !== undefined && `since ${employer.foundedYear}`,
      employer?.revenue !== undefined && `revenue ${employer.revenue}`,
    ]
      .filter(Boolean)
      .join(' · '),
  ],
  ['Why it fits', outcome !== 'review' && match?.reason],
  [
    'Known',
    how === 'known'
      ? html`from before, free${checkedAt !== undefined && html`; Apollo was asked on ${time(checkedAt, 'day')}`}`
      : 'asked just now',
  ],
])}</article>`;
}

/** Only addresses of the web become links. */
function webLink(address: string | undefined): Child {
  const url = address === undefined ? null : URL.parse(address);
  if (!url || !['https:', 'http:'].includes(url.protocol)) return undefined;
  return html`<a href="${url.href}" rel="noreferrer noopener" target="_blank">${url.host}${url.pathname} ${icons.external}<span class="unseen"> (opens in a new tab)</span></a>`;
}
