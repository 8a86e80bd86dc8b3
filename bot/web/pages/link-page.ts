import { type Child, type Html, html } from '../html.ts';
import { type Page, time, trail } from '../layout.ts';

interface LinkPage {
  readonly title: string;
  readonly from: Parameters<typeof trail>[0];
  /** What to do with the link, and what it is for. */
  readonly words: Child;
  readonly address: string;
  /** ms since the epoch. */
  readonly until: number;
  /** What can be done next. */
  readonly actions: Html;
}

/** A one-time link that was just made: it is shown this once. */
export function linkPage({ title, from, words, address, until, actions }: LinkPage): Page {
  return {
    title,
    width: 'reading',
    body: html`${trail(from)}<h1>${title}</h1><p class="lead">${words} It works once, until ${time(until)}, and is shown only now.</p>
<div class="panel"><div class="copy"><code id="link" tabindex="0">${address}</code><button type="button" class="button" data-copy="link" hidden>Copy</button></div></div><div class="actions">${actions}</div>`,
  };
}
