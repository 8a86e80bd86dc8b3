const MOST_CHARACTERS = 60;
/** Control characters, line separators, and those that turn the direction of the text around them. */
const UNSHOWABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * A label as it is shown: one line of 1 to 60 characters without control characters. `undefined` when
 * nothing is left, or when somebody put the key itself into it.
 */
export function cleanLabel(label: string | undefined, key: string): string | undefined {
  if (label === undefined || label.includes(key)) return undefined;
  const line = label.replace(UNSHOWABLE, ' ').replace(/\s+/g, ' ').trim();
  const cut = [...line].slice(0, MOST_CHARACTERS).join('').trim();
  return cut.includes(key) || cut === '' ? undefined : cut;
}
