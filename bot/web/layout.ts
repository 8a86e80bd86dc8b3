import type { Scope } from '../api/tokens.ts';
import { assetPaths } from './assets.ts';
import { type Child, type Html, html } from './html.ts';
import { icons, logo } from './icons.ts';
import type { Flash, Session } from './sessions.ts';

/** htmx without what the policy forbids, and without copies of pages in the browser's storage. */
const HTMX = JSON.stringify({ includeIndicatorCSS: false, history: false });

interface Section {
  readonly path: string;
  readonly name: string;
  readonly icon: Html;
  /** Without it, the section is not offered. */
  readonly scope: Scope;
}

const SECTIONS: readonly Section[] = [
  { path: '/app/integrations', name: 'Integrations', icon: icons.plug, scope: 'read' },
  { path: '/app/people', name: 'People', icon: icons.person, scope: 'enrich' },
  { path: '/app/lists', name: 'Lists', icon: icons.list, scope: 'read' },
  { path: '/app/credits', name: 'Credits', icon: icons.coins, scope: 'read' },
  { path: '/app/tokens', name: 'Tokens', icon: icons.key, scope: 'administer' },
  { path: '/app/hooks', name: 'Hooks', icon: icons.bell, scope: 'hooks' },
  { path: '/app/activity', name: 'Activity', icon: icons.clock, scope: 'administer' },
  { path: '/app/operator', name: 'Operator', icon: icons.team, scope: 'operator' },
];

/** The section that an address is in, unless it is none of a person's. */
export function sectionOf(path: string): Pick<Section, 'path' | 'name'> | undefined {
  return SECTIONS.find((each) => path === each.path || path.startsWith(`${each.path}/`));
}

export interface Page {
  readonly title: string;
  readonly body: Child;
  /** `reading`: one column of text or a form. */
  readonly width?: 'reading';
}

/** A page of somebody who is signed in. `path`: where it is, to say so in the navigation. */
export function appPage({ title, body, width }: Page, session: Session, path: string, flash?: Flash): Html {
  const sections = SECTIONS.filter(({ scope }) => session.scopes.includes(scope));
  return document(
    title,
    html`<header class="top">
  <a class="brand" href="/app/integrations">${logo}<span>ConnectionSphere</span></a>
  <nav class="sections" aria-label="Sections"><ul>
    ${sections.map(
      (each) =>
        html`<li><a href="${each.path}" ${path.startsWith(each.path) && html`aria-current="page"`}>${each.icon}<span>${each.name}</span></a></li>`,
    )}
  </ul></nav>
  <details class="account">
    <summary><span class="account-name">${session.workspace}</span></summary>
    <div class="account-menu">
      <p>Signed in as <b>${session.by}</b> in workspace <b>${session.workspace}</b>, until ${time(session.until)}.</p>
      <form method="post" action="/sign-out"><button class="button quiet wide">Sign out</button></form>
      <form method="post" action="/sign-out?everywhere=1"><button class="button quiet wide">Sign out everywhere</button></form>
    </div>
  </details>
</header>
<main id="main" class="${width === 'reading' ? 'main reading' : 'main'}">
  ${flash && notice(flash.kind, flash.text)}
  ${body}
</main>`,
  );
}

/** A page for whoever comes, without navigation. */
export function plainPage({ title, body }: Page): Html {
  return document(
    title,
    html`<header class="top plain"><span class="brand">${logo}<span>ConnectionSphere</span></span></header>
<main id="main" class="main reading">${body}</main>`,
  );
}

function document(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · ConnectionSphere</title>
<link rel="icon" href="${assetPaths.icon}" type="image/svg+xml">
<link rel="stylesheet" href="${assetPaths.style}">
<meta name="htmx-config" content="${HTMX}">
<script src="${assetPaths.htmx}" defer></script>
<script src="${assetPaths.script}" type="module"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${body}
</body>
</html>`;
}

/** What was done, or what went wrong and what to do. Read out as soon as it is there. */
export function notice(kind: Flash['kind'] | 'info', text: Child, more?: Child): Html {
  const sign = kind === 'done' ? icons.check : kind === 'wrong' ? icons.warning : icons.info;
  return html`<div class="notice ${kind}" role="${kind === 'wrong' ? 'alert' : 'status'}">${sign}<div><p>${text}</p>${more}</div></div>`;
}

/** A moment in UTC; the script of the page writes it in the reader's zone and language. `ms`: since the epoch. */
export function time(ms: number, form: 'moment' | 'day' = 'moment'): Html {
  const iso = new Date(ms).toISOString();
  const text = form === 'day' ? iso.slice(0, 10) : `${iso.slice(0, 16).replace('T', ' ')} UTC`;
  return html`<time datetime="${iso}" data-form="${form}">${text}</time>`;
}

/** How much of something is used, with the words beside it. */
export function meter(label: string, used: number, whole: number, words: string): Html {
  const share = whole > 0 ? Math.min(1, used / whole) : 0;
  return bar(`${label}: ${words}`, words, share, share > 0.9 ? 'high' : share > 0.7 ? 'middle' : 'low');
}

/** A part of a whole, with the words above it. `said`: to those who do not see it; `share`: 0 to 1. */
export function bar(
  said: string,
  words: Child,
  share: number,
  level: 'low' | 'middle' | 'high' = 'low',
): Html {
  return html`<span class="meter"><span>${words}</span><svg class="bar ${level}" width="100%" height="6" role="img" aria-label="${said}"><rect class="bar-ground" width="100%" height="6" rx="3" /><rect class="bar-used" width="${(share * 100).toFixed(1)}%" height="6" rx="3" /></svg></span>`;
}

/** Names and what stands behind them; what is nothing is left out. */
export function facts(entries: readonly (readonly [name: string, value: Child])[]): Html {
  const known = entries.filter(([, value]) => value !== undefined && value !== false && value !== '');
  return html`<dl class="facts">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A field that offers some values; `chosen`: the value that is chosen at first. */
export function choice(
  name: string,
  label: string,
  values: readonly (readonly [value: string, words: string])[],
  chosen: string,
): Html {
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${values.map(([value, words]) => html`<option value="${value}" ${value === chosen && 'selected'}>${words}</option>`)}</select></div>`;
}

/** The hidden part of a path: where one comes from, as links. */
export function trail(steps: readonly (readonly [name: string, path: string])[]): Html {
  return html`<nav class="trail" aria-label="Where you are"><ol>${steps.map(([name, path]) => html`<li><a href="${path}">${name}</a></li>`)}</ol></nav>`;
}
