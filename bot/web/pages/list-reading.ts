import type { Job } from '@connectionsphere/core';
import { headerRowIn, type ListReading } from '../../list-again.ts';
import type { ListSource } from '../../list-file.ts';
import { type Child, type Html, html } from '../html.ts';
import { choice } from '../layout.ts';

const KINDS = [
  ['people', 'People'],
  ['companies', 'Companies'],
] as const;

/**
 * How a list was read, or is to be read: its sheet, its header's row, and, unless another form of the page asks that, what
 * it is one of.
 */
export function readingFields({ sheet, sheets, headerRow }: ReadingFacts, asksKind = true): Html {
  const now =
    headerRow === undefined ? '' : headerRow === 0 ? ' Now no row does.' : ` Now it is row ${headerRow}.`;
  return html`${sheetField(sheets, sheet)}
<div class="field"><label for="headerRow">Header row</label><input id="headerRow" name="headerRow" inputmode="numeric" autocomplete="off" aria-describedby="header-row-note"><p class="note" id="header-row-note">The row that names the columns, counted from 1, blank rows included. 0: no row does. Empty: as it is recognised.${now}</p></div>
${asksKind && kindField()}${sheets === undefined && html`<div class="field"><label for="encoding">Encoding</label><input id="encoding" name="encoding" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="encoding-note"><p class="note" id="encoding-note">Of text, where names look wrong: utf-8, windows-1251, shift_jis … Empty: as it is recognised.</p></div>`}`;
}

/** Asks what a list is one of. */
export function kindField(): Html {
  return choice('kind', 'It is a list of', [['', 'as it is recognised'], ...KINDS], '');
}

interface ReadingFacts {
  readonly sheet?: string | undefined;
  /** All sheets, where that is known; none: it is no workbook, or has one. */
  readonly sheets?: readonly string[] | undefined;
  readonly headerRow?: number | undefined;
}

function sheetField(sheets: readonly string[] | undefined, taken: string | undefined): Child {
  if (sheets === undefined) {
    return html`<div class="field"><label for="sheet">Sheet</label><input id="sheet" name="sheet" autocomplete="off" aria-describedby="sheet-note"><p class="note" id="sheet-note">Of a workbook: its name or number; the one that fits best unless given.</p></div>`;
  }
  if (sheets.length === 0) return false;
  const offered = sheets.map((sheet) => [sheet, sheet] as const);
  return choice('sheet', 'Sheet', offered, taken ?? '');
}

/** How the list of a job was read. JSON has neither sheets nor a header. */
export function readingOf({ source }: Job): ReadingFacts | undefined {
  const { format, headerRow, sheet, sheets } = source as ListSource;
  if (format === 'json' || format === 'ndjson') return undefined;
  return { sheet: sheet?.name, sheets: sheets?.map(({ name }) => name) ?? [], headerRow };
}

/** What a form with {@link readingFields} says. */
export function readingIn(field: (name: string) => string): ListReading {
  const sheet = field('sheet').trim();
  const headerRow = headerRowIn(field('headerRow').trim());
  const kind = kindIn(field);
  const encoding = field('encoding').trim();
  return {
    ...(encoding !== '' && { encoding }),
    ...(sheet !== '' && { sheet }),
    ...(headerRow !== undefined && { headerRow }),
    ...(kind && { kind }),
  };
}

/** What {@link kindField} says. */
export function kindIn(field: (name: string) => string): Job['kind'] | undefined {
  return KINDS.find(([value]) => value === field('kind'))?.[0];
}
