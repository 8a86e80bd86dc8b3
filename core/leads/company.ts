import { BoundedMap } from './bounded-map.ts';
import { cleanCell, fold, foldWords, isFormula, phrases, withoutPictures } from './text.ts';

const COMPANY_MAX = 200;
const CACHE_ENTRIES = 20_000;

/** What people put where a company is asked for and which, as an identity, would make strangers one. */
const NO_COMPANY = new Set(
  phrases(`
  self employed, selfemployed, self, myself, me, freelance, freelancer, freelancing, independent,
  contractor, independent contractor, independent professional, sole trader, sole proprietor, unemployed, not employed,
  not working, currently not working, between jobs, in between jobs, between roles, in transition, career transition,
  career break, on a career break, sabbatical, on sabbatical, maternity leave, parental leave, homemaker,
  stay at home mom, stay at home dad, retired, retiree, semi retired, student, university student, confidential,
  confidential company, undisclosed, not disclosed, anonymous, hidden, private, private person, private individual,
  personal, various, various companies, multiple, multiple companies, job seeker, jobseeker, job search, job hunting,
  actively looking, actively seeking, available, immediately available, open for work, no company, no employer, nothing,
  nil, company name, your company, entrepreneur, serial entrepreneur, founder, co founder, cofounder, ceo, owner, business owner,
  own business, my own business, own company, my own company, my company, consultant, tba, tbc, test, home, volunteer, gap year, myself inc,
  opentowork, currently seeking, currently looking, currently available, na,
  selbststandig, selbstandig, selbststaendig, freiberuflich, freiberufler, freiberuflerin, freier mitarbeiter,
  arbeitslos, arbeitssuchend, arbeitsuchend, rentner, rentnerin, pensionar, im ruhestand, privat, privatperson,
  privatier, studentin, elternzeit, in elternzeit, ohne, keine, kein unternehmen, keine firma,
  independant, independante, auto entrepreneur, micro entrepreneur, a mon compte, sans emploi, demandeur d emploi,
  demandeuse d emploi, demandeur demploi, demandeuse demploi, retraite, retraitee, etudiant, etudiante, particulier,
  aucune, aucun, en recherche, en transition,
  autonomo, autonoma, trabajador autonomo, por cuenta propia, independiente, trabajador independiente, desempleado,
  desempleada, en paro, sin empleo, jubilado, jubilada, estudiante, ninguna, ninguno, particular, sin empresa,
  profissional autonomo, desempregado, desempregada, aposentado, aposentada, estudante, nenhuma, em transicao,
  libero professionista, libera professionista, disoccupato, disoccupata, pensionato, pensionata, studente, studentessa,
  nessuna, privato, in proprio,
  zelfstandig, zelfstandige, zzp, zzper, eigen bedrijf, werkloos, werkzoekend, gepensioneerd, met pensioen, geen, nvt,
  n v t, particulier,
  bezrobotny, bezrobotna, wolny zawod, jednoosobowa dzialalnosc gospodarcza, egen foretagare, studerande, emeryt, emerytka, wlasna dzialalnosc, dzialalnosc wlasna, samozatrudnienie, brak, osvc,
  nezamestnany, duchodce, egenforetagare, frilans, frilansare, arbetslos, pensionar, arbetssokande, selvstaendig,
  selvstendig, selvstendig naeringsdrivende, ledig, arbejdssogende, arbeidsledig, pensjonist, yrittaja, tyoton,
  elakkeella, opiskelija, nyugdijas, munkanelkuli, egyeni vallalkozo, pensionar, somer, liber profesionist, serbest,
  serbest meslek, issiz, emekli, ogrenci,
  фриланс, фрилансер, самозанятыи, безработныи, пенсионер, студент, ип, фрілансер, безробітнии,
  フリーランス, 自営業, 無職, 学生, 求職中, 自由职业, 自由职业者, 无业, 待业, 学生, 退休, 自由業, 個人,
  個人事業主, 個人事業, フリー, 主婦, 个人, 个体户, 프리랜서, 개인, 개인사업자, 학생, 자영업, 무직, 구직중
`).map(foldWords),
);
/** Beginnings of the same, without accents. A company's name may begin alike ("Seeking Alpha", "Open Text"). */
const NO_COMPANY_BEGINNING = new RegExp(
  `^(?:${[
    '(?:(?:actively|currently|now|always) )*(?:looking|searching|hunting) (?:for|to)',
    '(?:(?:actively|currently|now) )*(?:seeking|exploring|pursuing) (?:a |an |my |the |for |out )?(?:new|next|opportunit|job|jobs|work|employ|role|roles|position|career|full ?time|part ?time|freelance|challenge|internship|options)',
    'open (?:to|for) (?:work|new|opportunit|job|hire|hiring|roles|offers|freelance|all)',
    '(?:available|ready) (?:for|to|immediately)',
    'free ?lanc(?:e|er|ing) (?:as |for |work|project|consult|design|develop|writ|market|photo|journal|transl|engineer|software|web|graphic|self|professional|recruit|sales|artist|it |contractor)',
    'self ?employed',
    'independent (?:consult|contract|advis|professional|director|freelanc)',
    'student (?:at|of|in) ',
    'between (?:jobs|roles|opportunities|positions)',
    '(?:auf |aktiv )?(?:auf )?(?:der )?(?:job)?suche(?: nach)?(?:$| )|auf jobsuche|suche neue',
    '(?:a la |en )?recherche (?:d|active|un)|en (?:quete|recherche)|en reconversion',
    '(?:en busca|en busqueda|busco|buscando|em busca|procuro|procurando|a procura) ',
    '(?:in cerca|alla ricerca|cerco) ',
    '(?:op zoek|szukam|w poszukiwaniu|poszukuje|hledam|soker|soger|jobbsoker) ',
    '(?:ищу|в поиске|шукаю)',
  ].join('|')})`,
);
/** "ex-Contoso", "formerly at Contoso": an employer that is one no more. */
const FORMER =
  /^(?:ex[-–—]\s?|ex\s(?=\p{Lu}\p{Ll})(?!libris|machina)|former(?:ly)?\s|previously\s|ehem(?:als|alig\p{L}*|\.)\s|vormals\s|anciennement\s|anteriormente\s|antiguo\s|był\p{L}*\s|бывш\p{L}*\s)/iu;
const STEALTH_WORDS = new Set(
  phrases(`
  stealth, in, a, an, the, mode, startup, start, up, startups, company, co, inc, ai, saas, fintech, healthtech, b2b, b2c,
  tech, venture, ventures, something, new, early, stage, currently, building, founder, project, business, still, at
`),
);

function namesNobody(name: string): boolean {
  if (FORMER.test(name)) return true;
  const folded = foldWords(name.replace(/\s*[([].*$/, '') || name);
  if (NO_COMPANY.has(folded) || NO_COMPANY_BEGINNING.test(folded)) return true;
  return folded.includes('stealth') && folded.split(' ').every((word) => STEALTH_WORDS.has(word));
}

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
      // Notion and Airtable write the address of a linked record behind its name.
      .replace(/\s*[([<]https?:\/\/[^\s)\]>]*[)\]>]/g, '')
      .replace(/^["“”„«]+|["“”»]+$/g, '')
      .replace(/^@(?=[\p{L}\p{N}])/u, ''),
  );
  if (name === undefined || name.length > COMPANY_MAX || !/[\p{L}\p{N}]/u.test(name)) return undefined;
  return namesNobody(name) ? undefined : name;
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

/** Forms that are written out or abbreviated; empty: they tell nothing. */
const SAME_FORM: Readonly<Record<string, string>> = {
  incorporated: 'inc',
  corporation: 'corp',
  limited: 'ltd',
  private: 'pvt',
  ltda: 'lda',
  haftungsbeschrankt: '',
  co: '',
  company: '',
  kabushiki: 'kk',
  kaisha: '',
  株式会社: 'kk',
  '㈱': 'kk',
  有限会社: 'yk',
  '㈲': 'yk',
  合同会社: 'gk',
};

/** A company's name as companies are compared by it. */
interface FoldedCompany {
  /** Letters and digits alone, no accents, no legal form. */
  readonly base: string;
  /** The legal form, `gmbhkg` of "GmbH & Co. KG"; empty without one. */
  readonly form: string;
}

const folded = new BoundedMap<FoldedCompany>(CACHE_ENTRIES);

/**
 * The name in the form in which companies are compared: letters and digits alone, no accents, no legal
 * form ("Fabrikam Robotics GmbH & Co. KG" is `fabrikamrobotics`).
 */
export function foldCompany(name: string): string {
  return folded.getOrCompute(name, foldName).base;
}

/** What {@link foldCompany} leaves out: "Mercury Inc" and "Mercury GmbH" are two companies. Empty without one. */
export function legalFormOf(name: string): string {
  return folded.getOrCompute(name, foldName).form;
}

/** True when the name ends with a legal form: a sign that it is a company's. */
export function hasLegalForm(name: string): boolean {
  return foldCompany(name) !== fold(name.replaceAll('&', ' and '));
}

function foldName(name: string): FoldedCompany {
  const words = joinInitials(
    foldWords(name.replace(EAST_ASIAN_FORMS, ' ').replace(/[&+]/g, ' and ')).split(' '),
  );
  const all = words.join('');
  let end = words.length;
  // "Sp. z o.o.", "Sp z oo"; a zoo without it is a zoo.
  if (words[end - 1] === 'zoo' && words[end - 2] === 'sp') end--;
  else if (words[end - 1] === 'oo' && words[end - 2] === 'z' && words[end - 3] === 'sp') end -= 2;
  while (end > 1 && isLegal(words, end - 1)) end--;
  const start = end > 1 && words[0] === 'the' ? 1 : 0;
  const base = words.slice(start, end).join('');
  const forms = [
    ...words.slice(end).filter((word) => !JOINING.has(word)),
    ...(name.match(EAST_ASIAN_FORMS) ?? []),
  ];
  return { base: base || all || fold(name), form: forms.map((word) => SAME_FORM[word] ?? word).join('') };
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
