import { spelling } from './spelling.ts';
import { phrases } from './text.ts';

/**
 * Words in scripts that leave vowels out, or are written in Latin letters in many ways: each letter says how it may stand
 * in a word as `spelling` writes it (kh is h there, sh is s, j and y are i; a last f is v, a last z is s).
 */
type Letters = Readonly<Record<string, string>>;

/** "ב [bv], א": letters, each with its pattern; without one it only carries a vowel. */
function letters(text: string): Letters {
  return Object.fromEntries(
    phrases(text)
      .map((entry) => entry.split(' '))
      .map(([letter = '', pattern = '']) => [letter, pattern]),
  );
}

const HEBREW = letters(`
  א, ב [bv], ג g, ד d, ה h?, ו [vou], ז [zs], ח [hc]?, ט t, י [ie], כ [khc], ך [khc], ל l, מ m, ם m, נ n, ן n, ס s, ע,
  פ [pf], ף [fv], צ [szc]+, ץ [szc]+, ק k, ר r, ש s, ת t
`);
const ARABIC = letters(`
  ا, أ, إ, آ, ى, ء, ئ, ؤ, ع, ة [ht]?, ب [bp], پ p, ت t, ث [ts], ج [igz], چ c, ح h?, خ [hk], د d, ذ [dz]h?, ر r, ز [zs],
  ژ [zs], س s, ش s, ص s, ض dh?, ط t, ظ [dzs]h?, غ gh?, ف [fv], ق [kg], ك k, ک k, گ g, ل l, م m, ن n, ه h?, و [vou],
  ي [ie], ی [ie]
`);
const THAI = letters(`
  ก [kg], ข [khc], ค [khc], ฆ [khc], ง ng?, จ [cit], ฉ c, ช c, ซ s, ฌ c, ญ [in], ฎ [dt], ฏ t, ฐ t, ฑ [td], ฒ t, ณ n,
  ด [dt], ต t, ถ t, ท t, ธ [td], น n, บ [bp], ป [pb], ผ [pf], ฝ [fv], พ [pf], ฟ [fv], ภ [pf], ม m, ย i, ร [rn]+, ล [ln],
  ว [vou], ศ [st], ษ [st], ส [st], ห h?, ฬ [ln], อ, ฮ h
`);
/** Of Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Telugu, Kannada and Malayalam: Unicode lays their blocks out alike. */
const INDIC = letters(`
  15 k, 16 [kh]h?, 17 g, 18 gh?, 19 n, 1a c, 1b c, 1c [iz]h?, 1d [iz]h?, 1e n, 1f t, 20 t, 21 [dr]h?, 22 [dr]h?, 23 n, 24 t,
  25 t, 26 dh?, 27 dh?, 28 n, 29 n, 2a p, 2b [fp], 2c [bv], 2d [bv]h?, 2e m, 2f i, 30 r, 31 r, 32 l, 33 l, 34 [lz]h?,
  35 [bvu], 36 s, 37 s, 38 s, 39 h?, 01 [nm]?g?, 02 [nm]?g?
`);
/** Tamil has one letter for k, g and h, and so on. */
const TAMIL: Letters = { ...INDIC, '15': '[kgh]', '1a': '[sc]', '1f': '[td]', '24': '[td]h?', '2a': '[pb]' };
/** Alphabets with all their vowels. */
const GEORGIAN = letters(`
  ა a, ბ b, გ g, დ d, ე e, ვ v, ზ [zs], თ t, ი i, კ k, ლ l, მ m, ნ n, ო o, პ p, ჟ [zs], რ r, ს s, ტ t, უ u, ფ [pf], ქ [kc],
  ღ gh?, ყ k, შ s, ჩ c, ც [sc], ძ [dz]+, წ [sc], ჭ c, ხ [hk], ჯ [iz], ჰ h
`);
const ARMENIAN = letters(`
  ա a, բ [bp], գ [gk], դ [dt], ե [ie]+, զ [zs], է e, ը [eiu], թ t, ժ [zs], ի i, լ l, խ [hk], ծ [sdz]+, կ [kg], հ h, ձ [dzs]+,
  ղ gh?, ճ [ci], մ m, յ [ih]?, ն n, շ s, ո [vou]+, չ c, պ [pb], ջ [icz], ռ r, ս s, վ v, տ [td], ր r, ց [sc], ւ [vu]?,
  փ [pf], ք k, և ev, օ o, ֆ [fv]
`);

const VOWELS = '[aeiou]*';
const HA_OF_SINGH = '(?:gh?|h)';
const A_VOWEL = '[aeiou]+';
const FIRST_OF_INDIC = 0x900;
const LAST_OF_INDIC = 0xd7f;
const BLOCK = 0x80;
const TAMIL_BLOCK = 0xb80;
const VIRAMA = '\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d';
/** The second of two letters that are one: Latin spellings are compared without doubled letters. */
const DOUBLED = new RegExp(`(\\p{L})[${VIRAMA}\u0651]?(?=\\1)`, 'gu');
/** Thai letters that are not heard, and a pair of them that is a vowel. */
const SILENT = /.\u0e4c|รร/gu;
/** Marks of vowels and tones; the Thai vowels are letters. */
const MARK = /[\p{M}ะาำเแโใไๅ]/u;
/** At the start. */
const ARTICLE = /^ال(?=..)/;

/** What a word of such a script may be in Latin letters; `undefined` for other scripts, and for what says too little. */
function patternFor(written: string): RegExp | undefined {
  const word = written
    .normalize('NFC')
    .toLowerCase()
    .replace(ARTICLE, '')
    .replace(SILENT, '')
    .replace(DOUBLED, '');
  const alphabet = [GEORGIAN, ARMENIAN].find((each) => [...word].every((letter) => letter in each));
  if (alphabet) return new RegExp(`^${[...word].map((letter) => alphabet[letter]).join('')}$`);
  const patterns = [...word].map((letter, index, all) =>
    isHaOfSingh(letter, all[index - 1]) ? HA_OF_SINGH : patternOf(letter),
  );
  const heard = patterns.filter((pattern) => pattern !== undefined && pattern !== '' && pattern !== A_VOWEL);
  if (patterns.includes(undefined) || heard.length < 2) return undefined;
  // A name begins with a vowel where a letter carries one, and ends with one where it is written: Daniel is not Daniela.
  const start = patterns[0] === '' && !MARK.test(word.charAt(0)) ? A_VOWEL : '';
  const last = patterns.at(-1) ?? '';
  // Where long vowels are letters, what is not written is a short one.
  const between = /[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(word) ? '[aeiou]?' : VOWELS;
  const middle = patterns
    .slice(0, -1)
    .map((pattern, index) => (index === 0 ? pattern?.replace(/^(h|\[hc\])\?$/, '$1') : pattern) + between);
  // A last h is not compared.
  const isPerhapsH = last.includes('h') && last !== HA_OF_SINGH;
  return new RegExp(`^${start}${middle.join('')}${isPerhapsH ? `(?:${last})?` : last}${endOf(word)}h?$`);
}

/** The vowels that may follow the last letter. */
function endOf(word: string): string {
  const last = word.at(-1) ?? '';
  if (MARK.test(last) || /[אהةاىعا]/.test(last)) return VOWELS;
  return isIndic(last) ? '[ae]?' : '';
}

/** An h after the sign of a nasal is heard as g. */
function isHaOfSingh(letter: string, before = ''): boolean {
  const place = (text: string) => (isIndic(text) ? (text.codePointAt(0) ?? 0) % BLOCK : undefined);
  return place(letter) === 0x39 && place(before) === 0x02;
}

function isIndic(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  return code >= FIRST_OF_INDIC && code <= LAST_OF_INDIC;
}

function patternOf(letter: string): string | undefined {
  if (isIndic(letter)) {
    const code = letter.codePointAt(0) ?? 0;
    const place = code % BLOCK;
    const script = code - place === TAMIL_BLOCK ? TAMIL : INDIC;
    return script[place.toString(16).padStart(2, '0')] ?? (MARK.test(letter) ? '' : A_VOWEL);
  }
  if (MARK.test(letter)) return '';
  return [HEBREW, ARABIC, THAI].find((script) => letter in script)?.[letter];
}

/**
 * Whether a name of at least two words can be the other in Latin letters: each word of one goes with a word of its own of
 * the other. That it does not says nothing: there are more ways to spell than are known here.
 */
export function isSameAcrossScripts(words: readonly string[], latin: readonly string[]): boolean {
  // Abdel, Abdul: the article of the next word.
  const left = latin.map((word) => spelling(word).replace(/^(abd)[aeu]l$/, '$1'));
  let open = 0;
  for (const word of words) {
    const pattern = patternFor(word) ?? new RegExp(`^${spelling(word)}$`, 'u');
    const at = left.findIndex((one) => pattern.test(one));
    if (at < 0) open += 1;
    else left.splice(at, 1);
  }
  return words.length - open >= 2 && (open === 0 || left.length === 0);
}
