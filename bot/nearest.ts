import { closest, distance } from 'fastest-levenshtein';

/** Further away than this, a word is another word. */
const MOST_MISTAKES = 3;

/** The one of `words` that was probably meant; none where nothing is near. */
export function nearestTo(word: string, words: readonly string[]): string | undefined {
  const nearest = closest(word, words);
  return distance(word, nearest) <= Math.min(MOST_MISTAKES, nearest.length - 2) ? nearest : undefined;
}
