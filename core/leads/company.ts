import { BoundedMap } from './bounded-map.ts';
import { cleanCell, fold, foldWords, isFormula, phrases, withoutPictures } from './text.ts';

const COMPANY_MAX = 200;
const CACHE_ENTRIES = 20_000;

/** What people put where a company is asked for and which, as an identity, would make strangers one. */
const NO_COMPANY = new Set(
  phrases(`
  self employed, selfemployed, freelance, freelancer, independent, independent consultant, unemployed,
  retired, student, confidential, stealth, stealth startup, stealth mode startup, stealth mode, private,
  various, looking for opportunities, open to work, seeking opportunities, selbststandig, selbstandig,
  selbststaendig, freiberuflich, freiberufler, independant, auto entrepreneur, autonomo,
  trabajador autonomo, por cuenta propia, profissional autonomo
`),
);

/** The company's name as it may be sent; `undefined` when the cell names none. */
export function companyName(cell: string | undefined): string | undefined {
  return cell === undefined || cell === '' ? undefined : names.getOrCompute(cell, findName);
}

const names = new BoundedMap<string | undefined>(CACHE_ENTRIES);

function findName(cell: string): string | undefined {
  const text = cleanCell(cell);
  if (text === undefined || isFormula(text)) return undefined;
  // "Contoso · Full-time": LinkedIn's contract type.
  const name = cleanCell(
    withoutPictures(text)
      .replace(/\s[·•|]\s.*$/, '')
      .replace(/^["“”„«]+|["“”»]+$/g, ''),
  );
  if (name === undefined || name.length > COMPANY_MAX || !/[\p{L}\p{N}]/u.test(name)) return undefined;
  return NO_COMPANY.has(foldWords(name)) ? undefined : name;
}

/** Legal forms as {@link foldWords} leaves them, letters standing alone joined ("S. A." is "sa"). */
const LEGAL_FORMS = new Set(
  phrases(`
  inc, incorporated, corp, corporation, co, company, llc, llp, lp, lllp, pllc, pc, ltd, limited, plc, cic,
  pty, pte, pvt, private, sdn, bhd, tbk, pt, cv, dac, gmbh, ggmbh, mbh, ag, kg, kgaa, ohg, gbr, ug,
  haftungsbeschrankt, ek, ev, eg, se, sa, sas, sasu, sarl, eurl, snc, sci, sca, scs, scop, sl, slu, slne,
  sc, sapi, srl, srls, spa, sapa, lda, ltda, eireli, mei, epp, bv, nv, vof, bvba, sprl, cvba, ab, hb, as,
  asa, ans, aps, ivs, oy, oyj, ky, ehf, hf, ou, uab, sia, sro, as, doo, dd, dooel, ood, eood, ad, kft, zrt,
  nyrt, bt, sp, ooo, zao, pao, oao, ao, tov, kk, gk, yk, kabushiki, kaisha, fze, fzco, wll, jsc
`),
);
/** Words that only join what stood before a legal form. */
const JOINING = new Set(['and', 'und', 'et', 'y', 'e', 'i']);
const EAST_ASIAN_FORMS =
  /株式会社|有限会社|合同会社|合資会社|㈱|㈲|股份有限公司|有限责任公司|有限公司|주식회사|유한회사|\(주\)|（주）/gu;

const folded = new BoundedMap<string>(CACHE_ENTRIES);

/**
 * The name in the form in which companies are compared: letters and digits alone, no accents, no legal
 * form ("Fabrikam Robotics GmbH & Co. KG" is `fabrikamrobotics`).
 */
export function foldCompany(name: string): string {
  return folded.getOrCompute(name, foldName);
}

/** True when the name ends with a legal form: a sign that it is a company's. */
export function hasLegalForm(name: string): boolean {
  return foldCompany(name) !== fold(name.replaceAll('&', ' and '));
}

function foldName(name: string): string {
  const words = joinInitials(
    foldWords(name.replace(EAST_ASIAN_FORMS, ' ').replace(/[&+]/g, ' and ')).split(' '),
  );
  const all = words.join('');
  let end = words.length;
  // "Sp. z o.o."; a zoo without it is a zoo.
  if (words[end - 1] === 'zoo' && words[end - 2] === 'sp') end--;
  while (end > 1 && isLegal(words, end - 1)) end--;
  const start = end > 1 && words[0] === 'the' ? 1 : 0;
  return words.slice(start, end).join('') || all || fold(name);
}

function isLegal(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  return LEGAL_FORMS.has(word) || (JOINING.has(word) && LEGAL_FORMS.has(words[index + 1] ?? ''));
}

/** Runs of single letters as one word, since "B. V." and "BV", "I B M" and "IBM" are the same. */
function joinInitials(words: readonly string[]): string[] {
  const joined: string[] = [];
  let run = '';
  for (const word of words) {
    if (word.length === 1) {
      run += word;
      continue;
    }
    if (run !== '') joined.push(run);
    run = '';
    joined.push(word);
  }
  if (run !== '') joined.push(run);
  return joined;
}
