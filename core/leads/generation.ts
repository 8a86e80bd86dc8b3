/** What tells bearers of one name in one family apart: Jr., Sr., III. */

const MARK = 'jr|sr|ii|iii|iv|2nd|3rd';
const WORD = 'junior|senior';

const IS_MARK = new RegExp(String.raw`^(?:${MARK})\.?$`, 'i');
const IS_WORD = new RegExp(`^(?:${WORD})$`, 'i');

/** "Jr.", "III", "2nd" beside a name. */
export function isGenerationMark(word: string): boolean {
  return IS_MARK.test(word);
}

/** The same in words, behind a whole name; "Junior Smith" and "Neymar Junior" are names. */
export function isGenerationWord(word: string): boolean {
  return IS_WORD.test(word);
}

/** Whether a text that stands in a cell of its own, beside a first name, is no family name. */
export function isGenerationAlone(text: string): boolean {
  return /^(?:jr|sr)\.?$/i.test(text);
}

/** The generation that a cell of its own names ("Jr.", "III", "Junior"), as it would stand behind a whole name. */
export function generationOf(cell: string | undefined): string | undefined {
  return cell === undefined || cell === '' ? undefined : generationIn(`x x ${cell.trim()}`);
}

/** A mark behind a name; a word only behind two names. */
const GENERATION_IN_CELL = new RegExp(
  String.raw`[\p{L}.][\s,]+(${MARK}|(?:${WORD})(?<=\p{L}+\s+\p{L}[\p{L}.'’-]*[\s,]+\p{L}+))\b\.?(?=$|[\s,)])(?! degree)`,
  'iu',
);
const SEVERAL_WORDS = /[\s,]/;
const SAME_GENERATION: Readonly<Record<string, string>> = {
  '2nd': 'ii',
  '3rd': 'iii',
  junior: 'jr',
  senior: 'sr',
};

/** The generation that a cell with a name names: `jr`, `sr`, `ii` … */
export function generationIn(cell: string | undefined): string | undefined {
  if (cell === undefined || !SEVERAL_WORDS.test(cell)) return undefined;
  const found = GENERATION_IN_CELL.exec(cell)?.[1]?.toLowerCase();
  return found === undefined ? undefined : (SAME_GENERATION[found] ?? found);
}

/** Whether two of one name say that they are two of the family. A son is a junior, and the second of his name. */
export function areFatherAndSon(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const number = (generation: string) => (generation === 'jr' ? 'ii' : generation);
  return number(one) !== number(other);
}
