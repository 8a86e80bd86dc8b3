import { areFatherAndSon, isGenerationMark, isGenerationWord } from './generation.ts';
import { isSameGivenName, mayBeginWith } from './nicknames.ts';
import { isSameAcrossScripts } from './scripts.ts';
import { isLatin, isSlip, latin, spelling } from './spelling.ts';
import { phrases } from './text.ts';

/** A person's name as a lead or an answer has it. */
export interface NameParts {
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  /** The whole, where it is not known apart. */
  readonly name?: string | undefined;
  /** Which of the family, where it is said: `jr`, `sr`, `iii`. */
  readonly generation?: string | undefined;
}

/**
 * `same`: one name, however it is spelled. `partly`: what there is of it agrees, but it is no whole name. `surname`: the
 * given name agrees and the surname is another, as after a wedding. `different`: two names. `unknown`: there is nothing
 * to compare, or it is written in another script.
 */
export interface NameComparison {
  readonly verdict: 'same' | 'partly' | 'surname' | 'different' | 'unknown';
  /** How they agree where they are not written alike, in words. */
  readonly how?: 'by a short form' | 'by another spelling' | 'by an initial';
}

/** How two words agree; the more, the better. */
const SPELLED = 4;
const SLIP = 3;
const SHORT = 2;
const INITIAL = 1;

type Role = 'given' | 'family' | 'either';

interface Word {
  /** As {@link spelling} writes it. */
  readonly text: string;
  readonly role: Role;
  /** Its first letter as it is written. */
  readonly initial: string;
  /** In Latin letters, as it is written; letters of other scripts stay as they are. */
  readonly written: string;
  /** As it is spelled where Г is an H, as in Ukraine. */
  readonly other?: string;
  /** The letters of a word that may be initials: "JD". */
  readonly initials?: string;
}

/** Whether two names can be one person's. Order, accents, hyphens, particles and middle names make no difference. */
export function compareNames(asked: NameParts, answer: NameParts): NameComparison {
  const a = wordsOf(asked);
  const b = wordsOf(answer);
  if (a.length === 0 || b.length === 0) return { verdict: 'unknown' };
  if (areFatherAndSon(asked.generation, answer.generation)) return { verdict: 'different' };
  const isOne = joined(a) === joined(b) || turned(a) === joined(b) || inOne(asked) === inOne(answer);
  if (isOne) return whole(a, b, alike(asked, answer));
  if (!areComparable(a, b)) return acrossScripts(a, b);
  return judge(...withJoins(withInitials(a, b), withInitials(b, a)));
}

/** Whether two names are written with the same letters: more than one spelling can be of one name, and of two people. */
export const alike = (asked: NameParts, answer: NameParts) =>
  plain(asked) !== '' && plain(asked) === plain(answer);
/** With particles, which some write as a part of the name ("van den Berg", "Vandenberg"). */
const inOne = ({ firstName = '', lastName = '', name = '' }: NameParts) =>
  (`${firstName} ${lastName}`.trim() || name)
    .split(/[^\p{L}\p{M}]+/u)
    .map((part) => spelling(part))
    .join('');
const plain = ({ firstName = '', lastName = '', name = '' }: NameParts) =>
  (firstName + lastName || name).toLowerCase().replace(/[\s.'’-]+/g, '');

function whole(a: readonly Word[], b: readonly Word[], isWrittenAlike: boolean): NameComparison {
  const isWhole = [a, b].every((words) => words.filter(({ text }) => text.length > 1).length > 1);
  const isOneWord = [a, b].every(([first, ...more]) => more.length === 0 && (first?.text.length ?? 0) > 1);
  const how = isWrittenAlike ? {} : { how: 'by another spelling' as const };
  // Written in one word on both sides, as names in Chinese characters are, it is still the whole name.
  return {
    verdict: isWhole || (isOneWord && !a.every(({ text }) => isLatin(text))) ? 'same' : 'partly',
    ...how,
  };
}

/** Particles of surnames: often left out, and joined to the name or not as people please. */
const PARTICLES = new Set(
  phrases(`
  van, von, vom, zu, zum, zur, der, den, dem, de, di, da, do, dos, das, du, del, della, delle, dello, degli, des, la,
  le, lo, los, las, ter, ten, te, op, al, el, ul, ur, bin, ibn, ben, bint, abu, af, av, t, y, e, i, und, und, mc, mac
`).map(latin),
);

function wordsOf({ firstName, lastName, name }: NameParts): Word[] {
  if (firstName === undefined && lastName === undefined) return split(name, 'either');
  return [...split(firstName, 'given'), ...middleInitials(split(lastName, 'family'))];
}

/** Initials that stand before a surname in its cell ("B. Smith") are of given names. */
function middleInitials(family: readonly Word[]): Word[] {
  const first = family.findIndex(({ text }) => text.length > 1);
  return family.map((word, index) => (index < first ? { ...word, role: 'given' } : word));
}

function split(text: string | undefined, role: Role): Word[] {
  const parts = (text ?? '')
    .normalize('NFC')
    .replace(/(?<=\p{L})['’ʼ`](?=\p{L})/gu, '')
    .split(/[^\p{L}\p{M}]+/u)
    .filter((part) => part !== '' && !isGenerationMark(part) && !isGenerationWord(part))
    .map((part) => part.replace(/^st$/i, 'saint'));
  const words = parts
    .map((part) => ({
      text: spelling(part),
      role,
      initial: latin(part)[0] ?? '',
      written: latin(part),
      ...(/г/i.test(part) && { other: spelling(part.replace(/г/gi, 'h')) }),
      ...(role !== 'family' && /^[bcdfghjklmnpqrstvwxz]{2,3}$/i.test(part) && { initials: latin(part) }),
    }))
    .filter(({ text: word }) => word !== '');
  // A particle stands before a surname: at the end, or as the whole, it is one ("Das", "Le"), and so it may be at the start.
  const isSurname = (index: number) =>
    role !== 'given' && (index === words.length - 1 || (index === 0 && role === 'either'));
  const names = words.filter(({ written }, index) => isSurname(index) || !PARTICLES.has(written));
  return names.length > 0 ? names : words;
}

const joined = (words: readonly Word[]) => words.map(({ text }) => text).join('');
/** Family name first, as in Hungary and China. */
const turned = (words: readonly Word[]) => {
  const family = words.filter(({ role }) => role !== 'given');
  const given = words.filter(({ role }) => role === 'given');
  if (given.length > 0) return joined([...family, ...given]);
  return joined([...words.slice(-1), ...words.slice(0, -1)]);
};

/** Letters of other scripts can only be compared with each other. */
function areComparable(a: readonly Word[], b: readonly Word[]): boolean {
  const latin = [a, b].map((words) => words.every(({ text }) => isLatin(text)));
  return latin[0] === latin[1];
}

function acrossScripts(a: readonly Word[], b: readonly Word[]): NameComparison {
  const isFirstLatin = a.every(({ text }) => isLatin(text));
  const [latin, other] = (isFirstLatin ? [a, b] : [b, a]).map((words) => words.map(({ written }) => written));
  const isSame = isSameAcrossScripts(other ?? [], latin ?? []);
  return isSame ? { verdict: 'same', how: 'by another spelling' } : { verdict: 'unknown' };
}

/** "JD" is two initials where the other has two names for them. */
function withInitials(words: readonly Word[], others: readonly Word[]): Word[] {
  return words.flatMap((word) => {
    const { text, role, initials } = word;
    if (initials === undefined || others.some((other) => other.text.startsWith(text))) return [word];
    return [...initials].map((letter) => ({ text: letter, role, initial: letter, written: letter }));
  });
}

/** Words that are one on the other side ("Anne Marie", "Annemarie") made one. */
function withJoins(a: readonly Word[], b: readonly Word[]): [Word[], Word[]] {
  return [joinLike(a, b), joinLike(b, a)];
}

function joinLike(words: readonly Word[], others: readonly Word[]): Word[] {
  const result: Word[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const next = words[at + 1];
    if (!word) continue;
    const both = next && word.text + next.text;
    if (next && both && others.some(({ text }) => text === both)) {
      result.push({ ...word, text: both, role: next.role });
      at += 1;
    } else result.push(word);
  }
  return result;
}

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly score: number;
}

function judge(a: readonly Word[], b: readonly Word[]): NameComparison {
  const all = pairUp(a, b);
  const isCrossed = ({ a: ia, b: ib }: Pair) =>
    [a[ia]?.role, b[ib]?.role].toSorted().join() === 'family,given';
  const isTurned = all.length > 1 && all.length === a.length && a.length === b.length && all.every(isCrossed);
  // An initial is of the other part of the name only where all of it is turned round ("Ramakrishnan S").
  const pairs = isTurned ? all : all.filter((pair) => pair.score > INITIAL || !isCrossed(pair));
  const isSplit = (words: readonly Word[]) => words.some(({ role }) => role !== 'either');
  const turnedRound = pairs.map((pair) => ({ ...pair, a: pair.b, b: pair.a }));
  const roles = isSplit(b) ? b : isSplit(a) ? guessedFrom(b, a, turnedRound) : guessed(b);
  const own = isSplit(a) ? a : guessedFrom(a, roles, pairs);
  const leftA = own.filter((_, index) => !pairs.some((pair) => pair.a === index));
  const leftB = roles.filter((_, index) => !pairs.some((pair) => pair.b === index));
  const agreed = (role: Role) =>
    pairs.filter((pair) => roles[pair.b]?.role === role && fits(own, roles, pair)).map(({ score }) => score);
  const given = Math.max(0, ...agreed('given'));
  const family = Math.max(0, ...agreed('family'));
  const isSwapped = pairs.length > 1 && pairs.every((pair) => own[pair.a]?.role !== roles[pair.b]?.role);
  if (isSwapped && leftA.length + leftB.length === 0) return agreement(pairs);
  const clash = (role: Role) =>
    leftA.some((word) => word.role === role) && leftB.some((word) => word.role === role);
  if (family >= SLIP && clash('family')) return { verdict: given > 0 ? 'surname' : 'different' };
  if (clash('given')) return { verdict: 'different' };
  if (given > 0 && family >= SLIP) return agreement(pairs);
  const hasBoth = [own, roles].every((words) =>
    (['given', 'family'] as const).every((role) => words.some((word) => word.role === role)),
  );
  if (!hasBoth) return { verdict: pairs.some(({ score }) => score > 0) ? 'partly' : 'different' };
  if (given >= SHORT && family === 0) return { verdict: 'surname' };
  if (family === INITIAL && given > 0) return { verdict: 'partly', how: 'by an initial' };
  return { verdict: 'different' };
}

/** A word of a role agrees with one of the same role. */
function fits(a: readonly Word[], b: readonly Word[], pair: Pair): boolean {
  const roleA = a[pair.a]?.role;
  return roleA === 'either' || roleA === b[pair.b]?.role;
}

/** Where nothing says it: the last word is the family's. */
function guessed(words: readonly Word[]): Word[] {
  return words.map((word, index) => ({
    ...word,
    role: words.length > 1 && index === words.length - 1 ? 'family' : 'given',
  }));
}

/** The roles that the words have on the other side; of the rest, what stands before the family's is given. */
function guessedFrom(words: readonly Word[], others: readonly Word[], pairs: readonly Pair[]): Word[] {
  const roleOf = (index: number) => others[pairs.find((pair) => pair.a === index)?.b ?? -1]?.role;
  const isFamilyKnown = words.some((_, index) => roleOf(index) === 'family');
  const family = words.findIndex((_, index) => roleOf(index) === 'family');
  return words.map((word, index) => {
    const role = roleOf(index);
    if (role) return { ...word, role };
    if (isFamilyKnown) return { ...word, role: index < family ? 'given' : 'family' };
    return { ...word, role: words.length > 1 && index === words.length - 1 ? 'family' : 'given' };
  });
}

function agreement(pairs: readonly Pair[]): NameComparison {
  const scores = pairs.map(({ score }) => score);
  if (scores.includes(SHORT)) return { verdict: 'same', how: 'by a short form' };
  if (scores.includes(SLIP)) return { verdict: 'same', how: 'by another spelling' };
  const whole = scores.filter((score) => score > INITIAL).length;
  if (scores.includes(INITIAL) && whole < 2) return { verdict: 'same', how: 'by an initial' };
  return { verdict: 'same' };
}

/** Each word with at most one, those that agree best first, and of these the ones of one role. */
function pairUp(a: readonly Word[], b: readonly Word[]): Pair[] {
  const all: (Pair & { readonly inRole: boolean })[] = [];
  for (const [ia, x] of a.entries()) {
    for (const [ib, y] of b.entries()) {
      const score = agree(x, y);
      if (score > 0) all.push({ a: ia, b: ib, score, inRole: x.role === y.role });
    }
  }
  all.sort((x, y) => y.score - x.score || Number(y.inRole) - Number(x.inRole));
  const pairs: Pair[] = [];
  for (const pair of all) {
    if (!pairs.some((taken) => taken.a === pair.a || taken.b === pair.b)) pairs.push(pair);
  }
  return pairs;
}

function agree(x: Word, y: Word): number {
  if (x.text === y.text || (x.other ?? x.text) === (y.other ?? y.text)) return SPELLED;
  const [short, long] = x.text.length <= y.text.length ? [x, y] : [y, x];
  if (short.text.length === 1) {
    return short.initial === long.initial ? INITIAL : 0;
  }
  if (x.role !== 'family' && y.role !== 'family' && isSameGivenName(x.text, y.text)) return SHORT;
  if (isSlip(x.text, y.text)) return SLIP;
  const isFamily = x.role !== 'given' && y.role !== 'given';
  return isFamily && isSameFamily(x.text, y.text) ? SLIP : 0;
}

/** Endings by which the surnames of women differ from those of men (Ivanov, Ivanova; Kowalski, Kowalska; Novák, Nováková). */
const FEMALE: readonly (readonly [RegExp, string])[] = [
  [/ova$/, 'ov'],
  [/eva$/, 'ev'],
  [/ina$/, 'in'],
  [/ska(?:ia|ja)?$/, 'ski'],
  [/ska(?:ia|ja)?$/, 'skii'],
  [/ka$/, 'ki'],
  [/ova$/, ''],
  [/kova$/, 'ek'],
  [/pulu$/, 'pulos'],
];

function isSameFamily(a: string, b: string): boolean {
  return FEMALE.some(([ending, male]) => {
    const [ofA, ofB] = [a, b].map((word) => (ending.test(word) ? word.replace(ending, male) : undefined));
    return (ofA !== undefined && ofA === b) || (ofB !== undefined && ofB === a);
  });
}

/** How the part of an address before the @, or a LinkedIn name, goes with somebody's name. */
export function fitsHandle(handle: string, name: NameParts): 'fits' | 'against' | 'unclear' {
  const words = wordsOf(name);
  const parts = handle
    .split(/[^\p{L}\p{M}]+/u)
    .map((part) => spelling(part))
    .filter((part) => part !== '');
  const text = parts.join('');
  if (words.length === 0 || text === '') return 'unclear';
  // Of "czielinski" the first letter is another word than the rest, and is spelled apart.
  const rest = spelling(
    latin(handle)
      .replace(/[^\p{L}]/gu, '')
      .slice(1),
  );
  if (isOthersInitial(handle, words)) return 'against';
  const long = words.filter((word) => word.text.length > 2);
  const named = long.some(
    (word) =>
      text.includes(word.text) || rest.includes(word.text) || parts.some((part) => isNameLike(part, word)),
  );
  const [first = '', last = ''] = [words[0]?.text, words.at(-1)?.text];
  const initials = words.map((word) => word.text[0] ?? '').join('');
  const shortened = [initials, [...initials].reverse().join(''), first.slice(0, 1) + last.slice(0, 2)];
  if (
    named ||
    shortened.includes(text) ||
    last.startsWith(text) ||
    text.startsWith(first.slice(0, 3) + last.slice(0, 1))
  )
    return 'fits';
  // Two words or a long one are somebody's name, and it is not this one.
  const others = parts.filter((part) => part.length > 2 && isLatin(part));
  return isLatin(text) && words.every((word) => isLatin(word.text)) && others.length > 0
    ? 'against'
    : 'unclear';
}

/** An initial beside the surname ("jstone", "stone.j") that no other part of the name begins with: a colleague of that name. */
function isOthersInitial(handle: string, words: readonly Word[]): boolean {
  const letters = latin(handle).replace(/[^\p{L}]/gu, '');
  const family = words.at(-1);
  if (words.length < 2 || !family || family.text.length < 3) return false;
  const isFamily = (text: string) => spelling(text) === family.text;
  if (isFamily(letters)) return false;
  const initial = isFamily(letters.slice(1))
    ? letters[0]
    : isFamily(letters.slice(0, -1))
      ? letters.at(-1)
      : undefined;
  if (initial === undefined) return false;
  return !words.some(
    (word) => word !== family && (word.initial === initial || mayBeginWith(word.text, initial)),
  );
}

function isNameLike(part: string, word: Word): boolean {
  if (part.length < 2) return false;
  return (word.role !== 'family' && isSameGivenName(part, word.text)) || isSlip(part, word.text);
}
