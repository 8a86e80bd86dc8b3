import { cleanCell, fold, isFormula, phrases, withoutPictures } from './text.ts';

/** Longer than any real name: what is longer is a mistake and would be refused. */
const NAME_MAX = 100;

export interface PersonName {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly name?: string;
}

/**
 * The name of a person from the cells of a list: first and last name where both are there or can be told
 * apart safely, else what there is. Titles, degrees, nicknames, emoji and LinkedIn decoration are gone.
 */
export function personName(
  firstCell: string | undefined,
  lastCell: string | undefined,
  wholeCell: string | undefined,
): PersonName {
  const last = namePart(lastCell);
  const first = withoutRepeatedLast(namePart(firstCell), last);
  if (first !== undefined && last !== undefined) return withParticles(first, last);
  const whole = wholeName(wholeCell);
  if (whole === undefined) return parts(first, last);
  if (whole.name === undefined) return whole;
  return completed(whole.name, first, last) ?? whole;
}

function parts(firstName: string | undefined, lastName: string | undefined): PersonName {
  return {
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
  };
}

/** Some exports put the whole name into the first-name column too. */
function withoutRepeatedLast(first: string | undefined, last: string | undefined): string | undefined {
  if (first === undefined || last === undefined || !first.endsWith(` ${last}`)) return first;
  return first.slice(0, -last.length - 1);
}

/** "Guido van" + "Rossum": the particle belongs to the last name. */
function withParticles(first: string, last: string): PersonName {
  const words = first.split(' ');
  const given = words.findLastIndex((word) => !LOWER_PARTICLES.has(word)) + 1;
  if (given === 0 || given === words.length) return { firstName: first, lastName: last };
  return { firstName: words.slice(0, given).join(' '), lastName: [...words.slice(given), last].join(' ') };
}

/** Splits a whole name by the one part of it that the list gave. */
function completed(
  name: string,
  first: string | undefined,
  last: string | undefined,
): PersonName | undefined {
  if (last !== undefined && name.endsWith(` ${last}`)) {
    return { firstName: name.slice(0, -last.length - 1), lastName: last };
  }
  const rest = first !== undefined && name.startsWith(`${first} `) ? name.slice(first.length + 1) : undefined;
  if (first === undefined || rest === undefined || rest.includes(' ')) return undefined;
  return { firstName: first, lastName: rest };
}

/** Words that begin a last name wherever they stand inside a name. */
const LOWER_PARTICLES = new Set(
  phrases(`
  van, von, vom, zu, zum, zur, der, den, dem, de, di, da, do, dos, das, du, del, della, delle, dello, degli,
  la, le, lo, los, las, ter, ten, te, op, al, el, bin, ibn, bint, abu, af, av, 't, st, saint, santa, mc,
  mac
`),
);
const isParticle = (word: string): boolean => LOWER_PARTICLES.has(word.toLowerCase().replace('’', "'"));

/** Scripts that write the family name first, or without a space: nothing to split safely. */
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function wholeName(cell: string | undefined): PersonName | undefined {
  const text = decorationFree(cell, 'whole');
  if (text === undefined) return undefined;
  const segments = text.split(/[,，]/).map((segment) => segment.trim());
  const [main = '', ...rest] = segments.filter((segment) => segment !== '');
  const second = rest.find((segment) => !isPostNominal(segment, main));
  if (second !== undefined && isGivenNameAfter(main, second)) {
    const lastName = bareName(main);
    const firstName = bareName(second);
    if (firstName !== undefined && lastName !== undefined) return withParticles(firstName, lastName);
  }
  const name = bareName(main);
  return name === undefined ? undefined : split(name);
}

/** Whether "main, second" is a name turned round, and not a name and what its bearer does. */
function isGivenNameAfter(main: string, second: string): boolean {
  const words = main.split(' ');
  if (words.length === 1 || isParticle(words[0] ?? '')) return second.split(' ').length <= 3;
  return !second.includes(' ') && !OCCUPATION.test(second);
}
const OCCUPATION = /(?:er|or|ist|ant|ent|coach|chef|lead|ceo|cto|cfo|hr)$/i;

function split(name: string): PersonName {
  const words = name.split(' ');
  if (EAST_ASIAN.test(name)) return { name };
  const particle = words.findIndex((word, index) => index > 0 && isParticle(word));
  const at = words.length === 2 ? 1 : particle;
  const told =
    at > 0 && at < words.length && !LOWER_PARTICLES.has(words[0] ?? '') && !isParticle(words.at(-1) ?? '');
  if (!told) return { name };
  return { firstName: words.slice(0, at).join(' '), lastName: words.slice(at).join(' ') };
}

const ONE_WORD = /^\p{L}(?:[\p{L}\p{M}’'-]*[\p{L}\p{M}])?$/u;

function namePart(cell: string | undefined): string | undefined {
  const text = decorationFree(cell, 'part');
  if (text === undefined) return undefined;
  if (ONE_WORD.test(text)) return isTitle(text) || isSureCredential(text) ? undefined : capped(text);
  const main = text.split(/[,，]/).find((segment) => /\p{L}/u.test(segment));
  return main === undefined ? undefined : bareName(main);
}

function capped(name: string): string | undefined {
  return name.length > NAME_MAX ? undefined : name;
}

const NOT_A_NAME =
  /@|:\/\/|\bwww\.|^\+?[\d ()/-]+$|^linkedin[- ](?:member|mitglied)$|(?:membre|miembro|membro|usu[aá]rio) (?:de |do |da )?linkedin/i;
const PRONOUNS =
  /[([]?\b(?:she|he|they|sie|er|elle|il|ella|él|ela|ele)\s?\/\s?(?:her|him|them|hers|his|ihr|ihm|elle|il|la|le|ella|ela|dela|dele)(?:\s?\/\s?\p{L}+)?\b[)\]]?/giu;
const BRACKETED = /\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|<[^<>]*>|«[^«»]*»/g;
/** A quoted word or two between spaces; an apostrophe inside a name has a letter on both sides. */
const QUOTED = /(?<=^|\s)(?:["“”„‟][^"“”„‟]*["“”‟]|['‘’`][^\s'‘’`]+(?: [^\s'‘’`]+)?['‘’`])(?=[\s,]|$)/g;
const UNCLOSED = /[([{<«].*$/;
const SEPARATED = /(?:\s*[|•;\\]|\s[/·:»>~]\s|\/\/|\s#).*$/;
const SPACED_DASH = /\s[-–—]+\s/;

/** The cell without what surrounds a name; `undefined` when there is no name in it. */
function decorationFree(cell: string | undefined, kind: 'part' | 'whole'): string | undefined {
  const text = cleanCell(cell);
  if (text === undefined || (ONE_WORD.test(text) && text.length <= NAME_MAX)) return text;
  if (isFormula(text) || NOT_A_NAME.test(text)) return undefined;
  const plain = withoutPictures(text).replace(PRONOUNS, ' ');
  const outside = plain.replace(BRACKETED, ' ').replace(QUOTED, ' ');
  const chosen = /\p{L}/u.test(outside) ? outside : plain.replace(/[()[\]{}<>«»"“”„]/g, ' ');
  const cut = chosen
    .trim()
    .replace(/^[^\p{L}\p{N}'’]+/u, '')
    .replace(UNCLOSED, '')
    .replace(SEPARATED, '')
    .replace(/["“”„)\]}>»]/g, ' ')
    .replace(/\bPh\.?\s?D\b\.?/gi, 'PhD')
    .replace(/\b([BM])\. ?((?:Sc|Eng|Ed)\b\.?|A\.)(?=\s*(?:,|$))/g, '$1$2')
    .replace(/\b(Prof|Dr|Mrs?|Ms)\.(?=[\p{Lu}])/gu, '$1. ');
  const name = cleanCell(undashed(cut, kind));
  return name === undefined || NOT_A_NAME.test(name) ? undefined : name;
}

/** "Lovelace - Contoso" ends at the dash; "Smith - Jones" in a last-name column is one double name. */
function undashed(text: string, kind: 'part' | 'whole'): string {
  const [left = '', ...right] = text.split(SPACED_DASH);
  if (right.length === 0) return text;
  const second = right[0] ?? '';
  const isDouble = kind === 'part' && right.length === 1 && !left.includes(' ') && !second.includes(' ');
  return isDouble && !isPostNominal(second, left) ? `${left}-${second}` : left;
}

/** Forms of address that are nobody's name, without dots and hyphens. */
const TITLES = new Set(
  phrases(`
  dr, drs, prof, professor, professeur, profesor, mr, mrs, ms, miss, mx, herr, frau, mme, mlle, monsieur,
  madame, srta, sra, doctor, docteur, dra, profa, dott, dottssa, dring, drmed, drrernat, drphil, drjur,
  driur, droec, profdr, univprof, dipl, dipling, diplkfm, diplkffr, diplinf, diplinform, diplbetriebsw,
  diplvolksw, diplphys, diplmath, diplpsych, diplbw, priv, privdoz, pd, habil
`),
);
/** Titles only with their dot: without it they are names or initials. */
const DOTTED_TITLES = new Set(
  phrases(`
  sr, mag, ing, lic, eng, rev, hon, capt, col, gen, lt, sgt, fr, hr, sig, arch
`),
);
/** What may follow a title and belongs to it ("Dr. rer. nat."). */
const TITLE_TAIL = new Set(
  phrases(`
  rer, nat, med, phil, jur, iur, oec, pol, ing, hc, habil, dent, vet, techn, dr, h, c
`),
);

const letters = (word: string): string => word.replace(/[.\-–·ªº°]/g, '').toLowerCase();

function isTitle(word: string): boolean {
  return TITLES.has(letters(word));
}

const SURE_CREDENTIALS = new Set(
  phrases(`
  phd, dphil, phdc, mba, emba, msc, bsc, mphil, pmp, cfa, cpa, cissp, esq, llm, llb, edd, psyd, pharmd,
  meng, beng, mph, bba, shrmcp, shrmscp, sphr, cscp, csm, cspo, cfp, pgdip, cisa, cism, itil, prince2, ccna,
  mres, dipling, mcom, bcom, ceng, fcca
`),
);
/** Ones that are also names or words: only in capitals, where the rest of the name is not. */
const CAPITAL_CREDENTIALS = new Set(
  phrases(`
  MA, BA, BS, MS, MD, JD, RN, BSN, MSN, NP, PA, PE, PT, DPT, DO, DDS, DVM, CA, CMA, CIA, CAMS, FRM, CAIA,
  ACA, ACCA, CIMA, CIPD, FCIPD, MCIPD, MRICS, FRICS, MPA, MPP, MFA, BFA, LCSW, LMFT, PCC, ACC, MCC, ICF,
  PHR, GPHR, CHRP, CHRL, SAFE, CEO, CTO, CFO, COO, CMO, CRO, CIO, CPO, VP, SVP, EVP, LION, OBE, MBE, CBE,
  FRSA, PSM, PSPO, CSP, CBAP, CEH, OSCP, CCSP, AWS, LSSBB, CPIM, EA, PGCE, AIA, LEED, AI
`),
);
const GENERATION = /^(?:jr|sr|ii|iii|iv)\.?$/i;
const CAPITALS = /^[\p{Lu}\d.\-®]{2,9}$/u;

function isSureCredential(word: string): boolean {
  return SURE_CREDENTIALS.has(letters(word));
}

function isCapitalCredential(word: string, restIsCapital: boolean): boolean {
  return !restIsCapital && CAPITAL_CREDENTIALS.has(word.replace(/[.-]/g, ''));
}

const isCapital = (text: string): boolean => text === text.toUpperCase() && text !== text.toLowerCase();

/** Whether what follows a comma is degrees and certificates ("Ph.D.", "PMP, CSM", "Jr."). */
function isPostNominal(segment: string, name: string): boolean {
  const allCapital = isCapital(name);
  return segment
    .split(' ')
    .every(
      (word) =>
        isSureCredential(word) ||
        GENERATION.test(word) ||
        (!allCapital && CAPITALS.test(word) && isCapital(word)) ||
        !/\p{L}/u.test(word),
    );
}

/** The words that are the name: titles in front, degrees behind and stray punctuation removed. */
function bareName(text: string): string | undefined {
  const words = text
    .split(' ')
    .map(withoutEdges)
    .filter((word) => /\p{L}/u.test(word));
  let start = 0;
  while (start < words.length && isTitleAt(words, start)) start++;
  let end = words.length;
  while (end > start && isTailAt(words, start, end - 1)) end--;
  const name = words
    .slice(start, end)
    .map((word) => word.replace(FULL_STOP, ''))
    .join(' ');
  return name === '' ? undefined : capped(name);
}

/** A stop after an initial belongs to it; after a word it is a slip. */
const FULL_STOP = /(?<=\p{L}{2})\.+$/u;
const LEADING = /^(?!['’][ts](?:$|-))[^\p{L}\p{N}]+/u;
const TRAILING = /[^\p{L}\p{M}\p{N}.]+$/u;

function withoutEdges(word: string): string {
  return word.replace(LEADING, '').replace(TRAILING, '');
}

function isTitleAt(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  if (isTitle(word)) return true;
  if (word.endsWith('.') && DOTTED_TITLES.has(letters(word)) && index < words.length - 1) return true;
  return index > 0 && word.includes('.') && TITLE_TAIL.has(letters(word));
}

function isTailAt(words: readonly string[], start: number, index: number): boolean {
  const word = words[index] ?? '';
  if (isSureCredential(word)) return true;
  if (index === start) return false;
  return GENERATION.test(word) || isCapitalCredential(word, isCapital(words.slice(start, index).join(' ')));
}

const INITIAL = /^\p{L}$/u;

/**
 * The name in the form in which people are compared, first name first: no accents, case, punctuation or
 * spaces. `undefined` where it is not a whole name: one word tells nobody from their colleagues.
 */
export function foldPersonName({ firstName, lastName, name }: PersonName): string | undefined {
  if (firstName !== undefined && lastName !== undefined) return fold(firstName + lastName) || undefined;
  if (name === undefined) return undefined;
  const key = fold(name);
  const isWhole = name.includes(' ') || (EAST_ASIAN.test(name) && !INITIAL.test(name));
  return isWhole && key !== '' ? key : undefined;
}
