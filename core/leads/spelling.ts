import { BoundedMap } from './bounded-map.ts';
import { isAscii, UNDECOMPOSED } from './text.ts';

/**
 * Words of names in one spelling, for comparing alone: scripts that have usual Latin spellings are written in Latin
 * letters, and what people and passports spell differently (ü and ue, sh and sch, y and j) is written alike.
 */

/** Russian, Ukrainian, Bulgarian, Serbian, Macedonian and Belarusian letters. */
const CYRILLIC: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  ђ: 'dj',
  е: 'e',
  ё: 'e',
  є: 'ie',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  ї: 'i',
  й: 'i',
  ј: 'j',
  к: 'k',
  л: 'l',
  љ: 'lj',
  м: 'm',
  н: 'n',
  њ: 'nj',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  ћ: 'c',
  у: 'u',
  ў: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  џ: 'dz',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
};
/** Pairs first. */
const GREEK: readonly (readonly [string, string])[] = [
  ['ου', 'ou'],
  ['αυ', 'av'],
  ['ευ', 'ev'],
  ['μπ', 'b'],
  ['γγ', 'ng'],
  ['γκ', 'gk'],
  ['τζ', 'tz'],
  ...Object.entries({ α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 'th', ι: 'i', κ: 'k' }),
  ...Object.entries({ λ: 'l', μ: 'm', ν: 'n', ξ: 'x', ο: 'o', π: 'p', ρ: 'r', σ: 's', ς: 's', τ: 't' }),
  ...Object.entries({ υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o' }),
];
/** Latin letters that Unicode does not take apart. */
const LATIN: Readonly<Record<string, string>> = { ...UNDECOMPOSED, ß: 'ss', ı: 'i', ə: 'e', ŋ: 'n' };

/** A word in lower-case Latin letters; letters of other scripts stay as they are. */
export function latin(word: string): string {
  // As most names are.
  if (isAscii(word)) return word.toLowerCase().replace(/['`]/g, '');
  // Cyrillic й and ї would come apart with their marks.
  let text = word.normalize('NFC').toLowerCase();
  if (/\p{Script=Cyrillic}/u.test(text))
    text = text.replace(/[Ѐ-ӿ]/g, (letter) => CYRILLIC[letter] ?? letter);
  if (/\p{Script=Greek}/u.test(text)) {
    text = text.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
    for (const [greek, letters] of GREEK) text = text.replaceAll(greek, letters);
  }
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßøłđðæœþħıəŋ]/g, (letter) => LATIN[letter] ?? letter)
    .replace(/['’ʼ`´]/g, '');
}

/** Rules that write spellings alike, in this order. Capitals stand for sounds until the end. */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/shch|schtsch|stsch/g, 'S'],
  [/tsch|tch/g, 'C'],
  [/sch|sh|sz/g, 'S'],
  [/ch|cz/g, 'C'],
  [/zh/g, 'z'],
  [/kh/g, 'h'],
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/dzh|dz/g, 'z'],
  [/dj/g, 'd'],
  [/ck|qu|q/g, 'k'],
  [/c(?=[eiy])/g, 's'],
  [/c/g, 'k'],
  [/ts|tz/g, 's'],
  [/ae/g, 'a'],
  [/oe/g, 'o'],
  [/ue/g, 'u'],
  [/oo|ou/g, 'u'],
  [/w/g, 'v'],
  [/x/g, 'ks'],
  [/^[iy]e/, 'e'],
  // Russian ё: Solovyov, Solovev.
  [/(?<=[^aeiouy])yo(?=[^aeiouy])/g, 'e'],
  [/[yj]/g, 'i'],
  [/off?$/, 'ov'],
  [/eff?$/, 'ev'],
  [/(?<=.)z$/, 's'],
  [/(.)\1+/g, '$1'],
  [/(?<=.)h$/, ''],
];

const spellings = new BoundedMap<string>(50_000);

/** The spelling that all usual spellings of a word have in common. Two words that share it are said alike, not always written so. */
export function spelling(word: string): string {
  return spellings.getOrCompute(word, (given) => {
    let text = latin(given).replace(/[^\p{L}\p{N}]/gu, '');
    for (const [pattern, letters] of ALIKE) text = text.replace(pattern, letters);
    return text.toLowerCase();
  });
}

/** Whether a word can be compared with one in Latin letters. */
export function isLatin(word: string): boolean {
  return /^[a-z0-9]*$/.test(spelling(word));
}

const VOWEL = /^[aeiou]$/;

/**
 * Whether two spellings differ by no more than a slip of the pen: a vowel or h too many or another vowel, or two
 * letters in the wrong order. Not at the start, and not at the end, where names of men and women differ (Eric, Erica).
 */
export function isSlip(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 5 || long.length - short.length > 1) return false;
  if (short[0] !== long[0] || short.slice(-2) !== long.slice(-2)) return false;
  let at = 0;
  while (short[at] === long[at]) at += 1;
  const [x = '', y = ''] = [short[at], long[at]];
  if (long.length > short.length) return isSoft(y) && short.slice(at) === long.slice(at + 1);
  if (VOWEL.test(x) && VOWEL.test(y)) return short.slice(at + 1) === long.slice(at + 1);
  const swapped = short[at] === long[at + 1] && short[at + 1] === long[at];
  return swapped && short.slice(at + 2) === long.slice(at + 2);
}

function isSoft(letter: string): boolean {
  return letter === 'h' || VOWEL.test(letter);
}
