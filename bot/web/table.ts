import { type Child, type Html, html } from './html.ts';

/** Of a column: what stands above it, or what is only read out. */
type Head = string | { readonly unseen: string };

interface TableOptions {
  /** For the style. */
  readonly kind?: string;
  /** Which cell of a row says what the row is about; the first unless given. */
  readonly rowHead?: number;
}

/**
 * A table that scrolls by itself where it is too wide; on narrow screens each row stands below the other, its cells with the
 * names of their columns. `label`: what it is, for those who do not see it.
 */
export function table(
  label: string,
  heads: readonly Head[],
  rows: readonly (readonly Child[])[],
  { kind = '', rowHead = 0 }: TableOptions = {},
): Html {
  const row = (cells: readonly Child[]) =>
    html`<tr>${cells.map((cell, at) => (at === rowHead ? html`<th scope="row">${cell}</th>` : html`<td data-label="${nameOf(heads[at])}">${cell}</td>`))}</tr>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="table ${kind}"><thead><tr>${heads.map((head) => html`<th scope="col">${typeof head === 'string' ? head : html`<span class="unseen">${head.unseen}</span>`}</th>`)}</tr></thead><tbody>${rows.map(row)}</tbody></table></div>`;
}

function nameOf(head: Head | undefined): string {
  return typeof head === 'string' ? head : '';
}
