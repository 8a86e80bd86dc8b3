import { isEastAsianSurname } from './given-names.ts';
import { EAST_ASIAN, type PersonName } from './person-name.ts';
import { foldWords } from './text.ts';

const INITIAL = /^\p{L}[.…]*$/u;
/**
 * "Mueller" for "Müller": before a consonant, within a word; "ae" only before those that stand behind "ä", since Paez and
 * Paz, Saenz and Sanz, Michael and Michal are two names. So are Bauer and Baur, Yuen and Yun: no umlaut follows a vowel, or
 * stands before a last "n".
 */
const SPELT_UMLAUT = /(?<![aeiou])([ou])e(?!n\b)(?=[b-df-hj-np-tv-z])|(a)e(?=ch|ck|f|g|tz)/g;

/** A name as people are compared by it. */
export interface FoldedName {
  /**
   * First name first, without accents, case, punctuation, spaces and middle initials. Jr. and Sr. are kept apart, and
   * so is whoever has neither: a father and a son share all the rest.
   */
  readonly base: string;
  /**
   * What some leave out: `f` of "John F. Kennedy", `~sales` of "John Kennedy (Sales)"; empty without any.
   */
  readonly initials: string;
}

/**
 * The name in the form in which people are compared. `undefined` where it is not a whole name: one word tells nobody
 * from their colleagues, nor does a last name of which only the initial is there.
 */
export function foldPersonName({
  firstName,
  lastName,
  name,
  generation,
  middleName = '',
  bracketed = '',
}: PersonName): FoldedName | undefined {
  const isSplit = firstName !== undefined && lastName !== undefined;
  if (isSplit ? INITIAL.test(lastName) && !EAST_ASIAN.test(lastName) : name === undefined) return undefined;
  const whole = isSplit ? `${firstName} ${lastName}` : (name ?? '');
  const isWhole =
    isSplit ||
    whole.includes(' ') ||
    (EAST_ASIAN.test(whole) && !INITIAL.test(whole) && !isEastAsianSurname(whole));
  const words = foldWords(whole).replace(SPELT_UMLAUT, '$1$2').split(' ');
  let key = '';
  let initials = '';
  for (const [index, word] of words.entries()) {
    if (isMiddleInitial(words, index)) initials += word;
    else key += word;
  }
  if (!isWhole || key === '') return undefined;
  if (initials === '' && middleName !== '') initials = initialsOf(middleName);
  const told = initials + (bracketed === '' ? '' : `~${bracketed}`);
  return { base: generation === undefined ? key : `${key}~${generation}`, initials: told };
}

function initialsOf(names: string): string {
  return foldWords(names)
    .split(' ')
    .map((word) => word.charAt(0))
    .join('');
}

const ALPHABETIC = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]$/u;
/** What is left of "O'Neill" and "D'Angelo" where the apostrophe is a space. */
const ELIDED = new Set(['o', 'd', 'l']);

/** A letter after a whole given name. In "J. R. Smith" the letters are the given name. */
function isMiddleInitial(words: readonly string[], index: number): boolean {
  const [first = ''] = words;
  const word = words[index] ?? '';
  if (word.length !== 1 || first.length === 1 || index === 0 || index > words.length - 2) return false;
  const isElided = word === 'o' || (ELIDED.has(word) && /^[aeiouh]/.test(words[index + 1] ?? ''));
  return ALPHABETIC.test(word) && !(isElided && index === words.length - 2);
}
