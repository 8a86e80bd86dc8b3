import { foldCompany } from './company.ts';
import { isLatin, latin, spelling } from './spelling.ts';
import { foldWords, phrases } from './text.ts';

/** Words that say what kind of company it is or where, not which: a name is the same with and without them. */
const GENERAL = new Set(
  phrases(`
  the, and, of, for, a, group, gruppe, groupe, grupo, gruppo, holding, holdings, international, global, worldwide,
  company, companies, corporation, technologies, technology, tech, solutions, systems, services, service, software,
  labs, lab, digital, consulting, consultants, partners, associates, industries, enterprises, ventures, studio,
  studios, agency, media, online, web, inc, ltd, limited, llc, llp, plc, gmbh, ag, se, kg, sa, sas, sarl, srl, spa, bv,
  nv, ab, as, oy, aps, co, corp, pty, pvt, private, ooo, zao, pao, oao, usa, us, uk, eu, emea, apac, americas, america,
  europe, germany, deutschland, france, spain, espana, italy, italia, india, china, japan, canada, australia, brasil,
  brazil, mexico, netherlands, nederland, switzerland, schweiz, austria, osterreich, poland, polska, sweden, sverige
`),
);

const wordsOf = (name: string) =>
  foldWords(latin(name))
    .split(' ')
    .filter((word) => word !== '');
const coreOf = (words: readonly string[]) => words.filter((word) => !GENERAL.has(word));

/** The shortest beginning that two names may share and still say something. */
const TELLING = 5;

/**
 * Whether two names are one company's. Legal forms, countries and words such as "Group" make no difference; one may be
 * short for the other ("IBM", "International Business Machines"). `undefined` where they cannot be compared.
 */
export function isSameCompany(a: string, b: string): boolean | undefined {
  const [foldedA, foldedB] = [foldCompany(latin(a)), foldCompany(latin(b))];
  if (spelling(foldedA) === spelling(foldedB)) return true;
  if (isLatin(foldedA) !== isLatin(foldedB)) return undefined;
  const [wordsA, wordsB] = [wordsOf(a), wordsOf(b)];
  const [coreA, coreB] = [coreOf(wordsA), coreOf(wordsB)];
  if (coreA.length > 0 && coreB.length > 0 && (isPart(coreA, coreB) || isPart(coreB, coreA))) return true;
  return isShortFor(foldedA, wordsB) || isShortFor(foldedB, wordsA);
}

function isPart(some: readonly string[], all: readonly string[]): boolean {
  const spelled = new Set(all.map(spelling));
  return some.every((word) => spelled.has(spelling(word)));
}

function isShortFor(short: string, words: readonly string[]): boolean {
  if (short.length < 2 || short.length > 6 || words.length < 2) return false;
  const initials = (of: readonly string[]) => of.map((word) => word[0] ?? '').join('');
  return [initials(words), initials(words.filter((word) => !/^(?:the|and|of|for|a)$/.test(word)))].includes(
    short,
  );
}

/** Whether two registrable domains are one company's: `contoso.com` and `contoso.de`, `contoso-group.com` too. */
export function isSameDomain(a: string, b: string): boolean {
  return a === b || isSameLabel(labelOf(a), labelOf(b));
}

/** Whether a domain goes with a company's name. */
export function isDomainOf(domain: string, name: string): boolean {
  const label = labelOf(domain);
  const words = wordsOf(name);
  return (
    isSameLabel(label, foldCompany(latin(name))) ||
    isSameLabel(label, words.join('')) ||
    isShortFor(label, words)
  );
}

const labelOf = (domain: string) => (domain.split('.')[0] ?? '').replaceAll('-', '');

function isSameLabel(a: string, b: string): boolean {
  if (a === '' || b === '') return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short === long || (short.length >= TELLING && (long.startsWith(short) || long.endsWith(short)));
}
