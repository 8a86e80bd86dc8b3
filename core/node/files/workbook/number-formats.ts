import { dateText, numberText } from '../cell-text.ts';
import { attribute } from './xml.ts';

/** The formats of dates and times that a workbook names by number alone (ECMA-376, 18.8.30). */
const BUILT_IN = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
] as const;

const DAY_MS = 86_400_000;
/** Days from the first day of a sheet's calendar to 1970 (ECMA-376, 18.17.4.1). */
const DAYS_BEFORE_1970 = { 1900: 25_569, 1904: 24_107 } as const;
/** The last day that a sheet knows is the end of 9999; a larger number is no date. */
const MOST_DAYS = 2_958_466;

/** How a workbook shows its numbers: it keeps dates and numbers alike, and only a cell's style tells. */
export class NumberFormats {
  readonly #dates: ReadonlySet<number>;
  readonly #digits: ReadonlyMap<number, number>;
  readonly #daysBefore: number;

  /** `styles`, `workbook`: the XML of `xl/styles.xml` and `xl/workbook.xml`. */
  constructor(styles: string, workbook: string) {
    const custom = new Map(
      [...styles.matchAll(/<(?:\w+:)?numFmt\s[^>]*>/g)].map(([format]) => [
        Number(attribute(format, 'numFmtId')),
        attribute(format, 'formatCode') ?? '',
      ]),
    );
    const cells = /<(?:\w+:)?cellXfs\b[^>]*>([\s\S]*?)<\/(?:\w+:)?cellXfs>/.exec(styles)?.[1] ?? '';
    const formats = [...cells.matchAll(/<(?:\w+:)?xf\b[^>]*>/g)].map(([style]) =>
      Number(attribute(style, 'numFmtId') ?? 0),
    );
    this.#dates = new Set(formats.flatMap((id, style) => (isDate(id, custom.get(id)) ? [style] : [])));
    this.#digits = new Map(
      formats.flatMap((id, style) => {
        const zeros = /^(0{2,})(?:;.*)?$/.exec(custom.get(id) ?? '')?.[1];
        return zeros === undefined ? [] : [[style, zeros.length] as const];
      }),
    );
    this.#daysBefore =
      DAYS_BEFORE_1970[/<(?:\w+:)?workbookPr\b[^>]*\sdate1904="(1|true)"/.test(workbook) ? 1904 : 1900];
  }

  /** A number as a person sees it in a cell with this style: a date in ISO form, a postal code with its zeros. */
  text(stored: string, style: number): string {
    const number = Number(stored);
    if (this.#dates.has(style) && number >= 0 && number < MOST_DAYS) {
      return dateText(new Date((number - this.#daysBefore) * DAY_MS));
    }
    const text = numberText(stored);
    const digits = this.#digits.get(style);
    return digits !== undefined && /^\d+$/.test(text) ? text.padStart(digits, '0') : text;
  }
}

/** A format's own code overrides what its number says. */
function isDate(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN.some(([first, last]) => id >= first && id <= last);
  // Text in quotes, colours and currencies in brackets, and escaped letters stand for themselves.
  const letters = code.replace(/".*?"|\[[^\]]*\]|\\.|_./g, '');
  return /[dmyhs]/i.test(letters) && !/general/i.test(letters);
}
