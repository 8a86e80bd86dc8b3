/**
 * Whether a decoded text reads as words of some language. A wrong encoding gives itself away word by word:
 * letters of two scripts in one word ("Hιlθne"), a capital after a small letter ("иВАН"), a sign in the middle of
 * a word ("Pawe³"), or letters that no language has side by side ("Dvoøák").
 */

/** Letters beyond A to Z of a language's names (lower case), and what never occurs in it although its letters do. */
interface Alphabet {
  readonly letters: ReadonlySet<string>;
  readonly never?: RegExp;
}

const alphabet = (letters: string, never?: RegExp): Alphabet => ({
  letters: new Set(letters),
  ...(never && { never }),
});

const WESTERN: readonly Alphabet[] = [
  alphabet('äöüßé'),
  alphabet('àâæçéèêëîïôœùûüÿ', /ç[ei]|[èê](?:[aeiou]|$)|[^a]ÿ/),
  alphabet('áéíóúüñç', /ñ(?:[^aeiouáéíóú]|$)/),
  alphabet('áâãàçéêíóôõúü', /õ(?!e)|ã(?![oens]|$)|ç[ei]|ê$/),
  alphabet('àèéìíòóùú', /[àìòù](?=[^'’\s-])|è[aeiou]/),
  alphabet('åäöéüà'),
  alphabet('æøåéöäü', /æ$/),
  alphabet('áéíóúýþæöð'),
  alphabet('ëïéèöüáóä', /è[aeiou]/),
  alphabet('àçéèíïóòúü·'),
  alphabet('ëç'),
];
/** As in Hélène, Lefèvre, Danièle read in a Central European encoding. */
const FRENCH = /č(?:n|v?r|t|l|m|d|s)es?$/;
const CENTRAL: readonly Alphabet[] = [
  alphabet('ąćęłńóśźżü'),
  alphabet('áčďéěíňóřšťúůýžöü', FRENCH),
  alphabet('áäčďéíĺľňóôŕšťúýžöü', FRENCH),
  alphabet('áéíóöőúüűä'),
  alphabet('ăâîșțşţáéöőóü'),
  alphabet('čćđšžáéöü', FRENCH),
  alphabet('äöüß'),
];
const TURKISH: readonly Alphabet[] = [alphabet('çğıiöşüâîû̇'), alphabet('äöüß')];
const BALTIC: readonly Alphabet[] = [
  alphabet('ąčęėįšųūžõ'),
  alphabet('āčēģīķļņšūž'),
  alphabet('õäöüšž'),
  alphabet('ąćęłńóśźż'),
];

/** The languages whose names an encoding's Latin letters are for; other scripts need none. */
const ALPHABETS: Readonly<Record<string, readonly Alphabet[]>> = {
  'windows-1252': WESTERN,
  macintosh: WESTERN,
  cp850: WESTERN,
  'windows-1250': CENTRAL,
  'iso-8859-2': CENTRAL,
  cp852: CENTRAL,
  'windows-1254': TURKISH,
  'windows-1257': BALTIC,
};

/**
 * The largest share of the words beyond ASCII that are of one language, 0 to 1; 0 where `encoding` is not for the same
 * languages as `other`, or is for another script.
 */
export function shareOfOneLanguage(text: string, encoding: string, other: string): number {
  const alphabets = ALPHABETS[encoding];
  if (alphabets === undefined || alphabets !== ALPHABETS[other]) return 0;
  const words = wordsBeyondAscii(text);
  return Math.max(
    ...alphabets.map((each) => words.filter((word) => isPlausible(word, [each])).length / words.length),
  );
}

/** Words, those of ASCII alone left out. */
function wordsBeyondAscii(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything beyond ASCII
  return text.split(/[\s;,|"'<>()[\]/&@.:+_-]+/).filter((word) => /[^\x00-\x7f]/.test(word));
}

const SCRIPTS = [
  /^[\p{Script=Latin}\p{M}]+$/u,
  /^[\p{Script=Cyrillic}\p{M}]+$/u,
  /^[\p{Script=Greek}\p{M}]+$/u,
  /^[\p{Script=Hebrew}\p{M}]+$/u,
  /^[\p{Script=Arabic}\p{M}ـ]+$/u,
  /^[\p{Script=Thai}\p{M}]+$/u,
  // These have Latin abbreviations at one end of a word.
  /^\p{Lu}*[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々]+$|^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々]+\p{Lu}*$/u,
  /^\p{Lu}*[\p{Script=Hangul}\p{Script=Han}]+$|^[\p{Script=Hangul}\p{Script=Han}]+\p{Lu}*$/u,
];

/** Signs beyond ASCII that stand in or at words of every language. */
const USUAL_SIGNS = /[’‘‚“”„´–—·•ªº°®™©€£§…«»¡¿\u00a0\u3000、。・（）「」：／＆－＠．，,．]/gu;
const IMPOSSIBLE = /[\uFFFD\p{Cc}\p{Co}\p{Cn}]/u;
const CASE_BREAK = /\p{Ll}(?!\p{ASCII})\p{Lu}|(?!\p{ASCII})\p{Ll}\p{Lu}|\p{Lu}(?!\p{ASCII})\p{Lu}\p{Ll}/u;
/** Signs that stand beside a word, not in it. */
const SIGN_INSIDE = /\p{L}[‚“”„•™©®€£§…«»¡¿°]\p{L}|^[™®©°]\p{L}/u;

/** A name has a capital where the script has capitals; all small, it may be another script read wrongly. */
const UNCAPITALISED = /^[\p{Ll}&&[\p{Script=Greek}\p{Script=Cyrillic}]]+$/v;

/**
 * The share of words beyond ASCII that read as words, 0 to 1; 1 where there is none. `encoding`: the one that the
 * text was decoded from.
 */
export function plausibility(text: string, encoding: string): number {
  const words = wordsBeyondAscii(text);
  let plausible = 0;
  for (const word of words) {
    if (isPlausible(word, ALPHABETS[encoding])) plausible += UNCAPITALISED.test(word) ? 0.95 : 1;
  }
  return words.length === 0 ? 1 : plausible / words.length;
}

function isPlausible(word: string, alphabets: readonly Alphabet[] | undefined): boolean {
  if (IMPOSSIBLE.test(word) || SIGN_INSIDE.test(word)) return false;
  const bare = word.replace(/^[¡¿]/, '').replaceAll(USUAL_SIGNS, '').replace(/\d/g, '');
  if (/[¡¿]/.test(word.slice(1))) return false;
  if (/[^\p{L}\p{M}\p{ASCII}]/u.test(bare)) return false;
  const letters = bare.replace(/[^\p{L}\p{M}ー々]/gu, '');
  if (letters === '') return true;
  if (/^\p{M}/u.test(letters)) return false;
  if (!SCRIPTS.some((script) => script.test(letters))) return false;
  if (CASE_BREAK.test(letters)) return false;
  if (!/\p{Script=Latin}/u.test(letters) || /[\p{Script=Han}\p{Script=Hangul}]/u.test(letters)) return true;
  if (alphabets === undefined) return false;
  const small = letters.toLowerCase();
  return alphabets.some(
    ({ letters: own, never }) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII letters need no alphabet
      [...small].every((letter) => /[\x00-\x7f]/.test(letter) || own.has(letter)) && !never?.test(small),
  );
}
