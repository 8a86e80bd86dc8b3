import { count, plural } from './words.ts';

/** How numbers are written for one reader. */
export interface Reader {
  readonly locale: string;
  count(value: number): string;
  /** "1 row", "2,000 rows". */
  plural(value: number, one: string, many?: string): string;
  /** "52%", or as the locale writes it. `part` of a `whole` that is not 0. */
  share(part: number, whole: number): string;
}

/** A reader for a locale (BCP 47); one that nobody knows reads as American English. */
export function readerFor(locale: string): Reader {
  const known = isKnown(locale) ? locale : 'en-US';
  const percents = new Intl.NumberFormat(known, { style: 'percent' });
  return {
    locale: known,
    count: (value) => count(value, known),
    plural: (value, one, many) => plural(value, one, many, known),
    share: (part, whole) => percents.format(part / whole),
  };
}

function isKnown(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}
