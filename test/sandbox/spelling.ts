/** One form for every spelling, so that a lead gets the same answer however it is written. */

const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};

/** Lower case, without accents. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßøłđðþæœı]/g, (letter) => UNDECOMPOSED[letter] ?? letter)
    .normalize('NFC');
}

/** Letters alone: `O’Neill`, `O-NEILL` and `oneill` are one. */
export function letters(text: string): string {
  return fold(text).replace(/[^\p{L}]/gu, '');
}

export interface Name {
  readonly first: string;
  readonly last: string;
}

const TITLES = new Set(['dr', 'prof', 'mr', 'mrs', 'ms', 'mx', 'herr', 'frau', 'ing', 'dipl']);

/** A name as it is printed: without titles, degrees and emoji, accents folded, each part capitalised. */
export function printedName(text: string): string {
  const cleaned = fold(text)
    .replace(/\(.*?\)/g, ' ')
    .replace(/,.*$/s, '')
    .replace(/[’ʼ`´]/g, "'")
    .replace(/[^\p{L}'\- .]/gu, ' ');
  const words = cleaned
    .split(/[\s.]+/)
    .map((word) => word.replace(/^['-]+|['-]+$/g, ''))
    .filter((word) => word !== '' && !TITLES.has(word));
  return words.join(' ').replace(/(^|[\s'-])(\p{L})/gu, (_, before: string, letter: string) => {
    return before + letter.toUpperCase();
  });
}

/** First word and the rest; `undefined` when there is only one word. */
export function splitName(whole: string): Name | undefined {
  const [first, ...rest] = printedName(whole).split(' ');
  if (!first || rest.length === 0) return undefined;
  return { first, last: rest.join(' ') };
}

/** The name in the local part of `first.last@…` or `first_last@…`. */
export function nameInEmail(email: string): Name | undefined {
  const local = email.slice(0, email.lastIndexOf('@')).replace(/\+.*$/, '');
  const parts = /^([\p{L}'-]{2,})[._]([\p{L}'-]{2,})$/u.exec(local);
  if (!parts?.[1] || !parts[2]) return undefined;
  return splitName(`${parts[1]} ${parts[2]}`);
}

/** The name in a LinkedIn slug such as `ada-lovelace-1b2c3d`; a last part with a digit in it is no name. */
export function nameInSlug(slug: string): Name | undefined {
  const words = slug.split('-').filter((word) => word !== '');
  if (words.length > 2 && /\d/.test(words.at(-1) ?? '')) words.pop();
  if (words.some((word) => !/^\p{L}+$/u.test(word))) return undefined;
  return splitName(words.join(' '));
}

/**
 * The slug of a public LinkedIn profile, from any spelling of its address: http or https, any LinkedIn
 * host, upper case, percent-encoding, locale, query, trailing slash. `undefined` for other addresses; a
 * Sales Navigator lead is no public profile.
 */
export function linkedinSlug(address: string, kind: 'in' | 'company'): string | undefined {
  const trimmed = address.trim().replace(/^[a-z]+:\/\//i, '');
  const parts = /^(?:[a-z]+\.)*linkedin\.com\/([a-z]+)\/([^/?#\s]+)/i.exec(trimmed);
  if (parts?.[1]?.toLowerCase() !== kind || !parts[2]) return undefined;
  try {
    return decodeURIComponent(parts[2]).normalize('NFC').toLowerCase();
  } catch {
    return undefined;
  }
}

/** A bare domain in lower case. What Apollo asks not to be sent (`www.`, `@`, a scheme) is no domain. */
export function bareDomain(text: string): string | undefined {
  const domain = text.trim().toLowerCase();
  if (domain.startsWith('www.')) return undefined;
  return /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]+$/u.test(domain)
    ? domain
    : undefined;
}

/** The domain of a web address. */
export function websiteDomain(address: string): string | undefined {
  const host = address
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[/?#:].*$/s, '');
  return bareDomain(host.replace(/^www\./i, ''));
}
