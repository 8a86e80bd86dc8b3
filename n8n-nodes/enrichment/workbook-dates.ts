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

/** Which numbers of a workbook are dates: it keeps both alike, and only a cell's style tells. */
export class WorkbookDates {
  readonly #dateStyles: ReadonlySet<number>;
  readonly #daysBefore: number;

  /** `styles`, `workbook`: the XML of `xl/styles.xml` and `xl/workbook.xml`. */
  constructor(styles: string, workbook: string) {
    const custom = new Map(
      [...styles.matchAll(/<numFmt\s[^>]*>/g)].map(([format]) => [
        Number(/\snumFmtId="(\d+)"/.exec(format)?.[1]),
        /\sformatCode="([^"]*)"/.exec(format)?.[1] ?? '',
      ]),
    );
    const cells = /<cellXfs\b[^>]*>([\s\S]*?)<\/cellXfs>/.exec(styles)?.[1] ?? '';
    const formats = [...cells.matchAll(/<xf\b[^>]*>/g)].map(([style]) =>
      Number(/\snumFmtId="(\d+)"/.exec(style)?.[1] ?? 0),
    );
    this.#dateStyles = new Set(formats.flatMap((id, style) => (isDate(id, custom.get(id)) ? [style] : [])));
    this.#daysBefore =
      DAYS_BEFORE_1970[/<workbookPr\b[^>]*\sdate1904="(1|true)"/.test(workbook) ? 1904 : 1900];
  }

  /** The date of a number in a cell with this style, as UTC; `undefined`: it is no date. */
  dateOf(value: number, style: number): Date | undefined {
    if (!this.#dateStyles.has(style) || !(value >= 0 && value < MOST_DAYS)) return undefined;
    return new Date((value - this.#daysBefore) * DAY_MS);
  }
}

/** A format's own code overrides what its number says. */
function isDate(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN.some(([first, last]) => id >= first && id <= last);
  // Text in quotes, colours and currencies in brackets, and escaped letters stand for themselves.
  const letters = code.replace(/&quot;.*?&quot;|\[[^\]]*\]|\\.|_./g, '');
  return /[dmyhs]/i.test(letters) && !/general/i.test(letters);
}
