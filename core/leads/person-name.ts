import { hasLegalForm } from './company.ts';
import { generationIn, isGenerationAlone, isGenerationMark, isGenerationWord } from './generation.ts';
import { beginsWithGivenName, endsWithPlace, mayBeFamilyFirst } from './name-order.ts';
import { cleanCell, foldWords, isFormula, phrases, withoutPictures } from './text.ts';
import { AT_WORK, EMPLOYER } from './work-behind-name.ts';

/** Longer than any real name: what is longer is a mistake and would be refused. */
const NAME_MAX = 100;

export interface PersonName {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly name?: string;
  /** What tells bearers of one name apart: `jr`, `sr`, `ii` … It is compared, not sent. */
  readonly generation?: string;
  /** Out of a column of its own: it is compared, not sent. */
  readonly middleName?: string;
  /** What stands in brackets beside the name, folded: it is compared, not sent. */
  readonly bracketed?: string;
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
  const name = nameIn(firstCell, lastCell, wholeCell);
  const generation = generationIn(lastCell) ?? generationIn(wholeCell) ?? generationIn(firstCell);
  const isNamed = name.lastName !== undefined || name.name !== undefined;
  return generation === undefined || !isNamed ? name : { ...name, generation };
}

/**
 * What tells bearers of one name apart who work together: "(Sales)" beside one John Smith and "(Legal)" beside another,
 * and "John Smith 2". Neither pronouns nor a degree.
 */
export function bracketedIn(cell: string | undefined): string | undefined {
  if (cell === undefined) return undefined;
  if (!BRACKET.test(cell)) return NUMBERED.exec(cell)?.[1];
  const words = [...cell.replace(PRONOUNS, ' ').matchAll(BRACKETED)]
    .flatMap(([inside]) => inside.split(/[^\p{L}\p{M}\p{N}.]+/u))
    .filter((word) => /\p{L}/u.test(word) && !word.includes('@') && wordKind(word) === undefined);
  return words.length === 0 ? undefined : foldWords(words.join(' ')).replaceAll(' ', '');
}
const BRACKET = /[([{（【]/;
const NUMBERED = /\p{L}\s+#?(\d{1,3})\s*$/u;

function nameIn(
  firstCell: string | undefined,
  lastCell: string | undefined,
  wholeCell: string | undefined,
): PersonName {
  const first = namePart(firstCell);
  const last = namePart(lastCell);
  if (first !== undefined && last !== undefined) return bothParts(first, last);
  const whole = wholeCell && NOBODY.has(foldWords(wholeCell)) ? undefined : wholeName(wholeCell);
  if (whole === undefined) return onePart(first, firstCell, last, lastCell);
  if (whole.name === undefined) return whole;
  return completed(whole.name, first, last) ?? whole;
}

/** Some exports repeat a part, or the whole name, in the column of the other. */
function bothParts(first: string, last: string): PersonName {
  const both = `${first} ${last}`;
  if (NOT_A_NAME.test(both) || FIRM.test(both) || NOBODY.has(foldWords(both))) return {};
  if (!first.includes(' ') && !last.includes(' ')) return { firstName: first, lastName: last };
  if (first === last) return split(first);
  const firstName = beforeEnding(first, last) ?? afterBeginning(first, last) ?? first;
  return withParticles(firstName, afterBeginning(last, firstName) ?? last);
}

/** "Ada Lovelace" before its ending "lovelace" is "Ada". */
function beforeEnding(text: string, ending: string): string | undefined {
  const at = text.length - ending.length - 1;
  const ends = at > 0 && text[at] === ' ' && text.slice(at + 1).toLowerCase() === ending.toLowerCase();
  return ends ? text.slice(0, at) : undefined;
}

function afterBeginning(text: string, beginning: string): string | undefined {
  const begins = text.toLowerCase().startsWith(`${beginning.toLowerCase()} `);
  return begins ? text.slice(beginning.length + 1) : undefined;
}

/** One part alone: the whole name may stand in its column. "José Luis" is no whole name. */
function onePart(
  first: string | undefined,
  firstCell: string | undefined,
  last: string | undefined,
  lastCell: string | undefined,
): PersonName {
  if (first !== undefined) {
    if (!first.includes(' ') && !firstCell?.includes(',')) return { firstName: first };
    const whole = wholeName(firstCell);
    const allGiven = first.split(' ').every(beginsWithGivenName);
    return whole === undefined || (allGiven && whole.lastName !== undefined) ? { firstName: first } : whole;
  }
  if (last === undefined) return {};
  const holdsGiven = (last.includes(' ') && beginsWithGivenName(last)) || lastCell?.includes(', ');
  return (holdsGiven ? wholeName(lastCell) : undefined) ?? { lastName: last };
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
export const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function wholeName(cell: string | undefined): PersonName | undefined {
  const text = decorationFree(cell, 'whole');
  if (text === undefined) return undefined;
  const [main = '', ...rest] = text
    .split(COMMA)
    .map((segment) => segment.trim())
    .filter((segment) => bareName(segment) !== undefined);
  // "Berg, van den, Jan"
  const particles = rest.length > 1 && rest[0]?.split(' ').every(isParticle) ? rest.shift() : undefined;
  const name = bareName(particles === undefined ? main : `${particles} ${main}`);
  if (name === undefined || FIRM.test(main) || (name.includes(' ') && DEPARTMENT.test(name)))
    return undefined;
  const given = rest.find((segment) => isGivenNameAfter(name, segment));
  const firstName = given === undefined ? undefined : bareName(given);
  return firstName === undefined ? split(name) : withParticles(firstName, name);
}
const COMMA = /[,，、]/;
/** A part of a firm in a column of names: "Sales Team", "Info Contoso". */
const DEPARTMENT =
  /^(?:info|the|team|equipo|équipe|equipe) |\s(?:team|department|dept|desk|office|helpdesk|hotline|service|support|abteilung|buchhaltung|sekretariat|empfang)$/i;
/** A firm in a column of names; of the legal forms those that are nobody's family name. */
const FIRM =
  /(?<=\S\s)(?:gmbh|inc|llc|llp|ltd|limited|corp|plc|sarl|srl|kft|ohg|gbr|pty ltd|sdn bhd)\.?$|株式会社|有限公司|有限会社/i;

/**
 * Whether "name, second" is a name turned round ("Márquez, José Luis"), and not a name and its bearer's degree,
 * place or work. Where nothing tells, it is turned round, since a given name must not be lost.
 */
function isGivenNameAfter(name: string, second: string): boolean {
  const words = second.split(' ');
  if (isWholeName(name) && isWholeName(second)) return false;
  if (words.length > 4 || WORK.test(second) || isPostNominal(second, name)) return false;
  const isGiven = beginsWithGivenName(second);
  if (isGiven && !endsWithPlace(second)) return true;
  const family = name.split(' ');
  if (family.length === 1 || isParticle(family[0] ?? '')) return isGiven || !endsWithPlace(second);
  if (beginsWithGivenName(name) || endsWithPlace(second)) return false;
  return words.length <= 2;
}
/** Whether a text is somebody's given name and their family name, and so no half of a name that is turned round. */
function isWholeName(text: string): boolean {
  const words = text.split(' ');
  const last = words.at(-1) ?? '';
  return (
    words.length > 1 &&
    beginsWithGivenName(text) &&
    !beginsWithGivenName(last) &&
    !isInitials(last) &&
    !isParticle(last)
  );
}
const WORK =
  /(?:^|[\s/&-])(?:c[a-z]o|[es]?vp|hr|it|head|lead|chief|partner|owner|co-?founder|founder|president|principal|coach|chef|student|phd|inc|llc|ltd|gmbh|ag|corp|group|\p{L}*(?:manager|director|consultant|engineer|developer|officer|analyst|architect|specialist|recruiter|designer|scientist|accountant|assistant|leiter|leiterin|berater|beraterin|fuhrer|führer|direktor|directeur|directrice|gerente|diretor|direttore))\.?(?=$|[\s/&-])/iu;

function split(name: string): PersonName {
  if (EAST_ASIAN.test(name)) return { name };
  const words = name.split(' ');
  const capital = splitByCapitals(words);
  if (capital !== undefined) return capital;
  const [one = '', two = ''] = words;
  if (words.length === 2 && mayBeFamilyFirst(one, two)) return { name };
  // "Иванов И.И.", "Smith J.R.": more than one initial stands for given names.
  if (words.length === 2 && TWO_INITIALS.test(two) && !beginsWithGivenName(one))
    return { firstName: two, lastName: one };
  const particle = words.findIndex((word, index) => index > 0 && isParticle(word));
  const at = words.length === 2 ? 1 : particle;
  const told =
    at > 0 && at < words.length && !LOWER_PARTICLES.has(words[0] ?? '') && !isParticle(words.at(-1) ?? '');
  if (!told) return { name };
  return { firstName: words.slice(0, at).join(' '), lastName: words.slice(at).join(' ') };
}

const TWO_INITIALS = /^(?:\p{L}\.-?){2,3}$/u;

/** "DUPONT Jean", "Jean Pierre DUPONT": the family name is the one in capitals. */
function splitByCapitals(words: readonly string[]): PersonName | undefined {
  const inCapitals = (word: string) =>
    word.length > 1 && !word.includes('.') && isCapital(word.replace(/^Ma?c(?=\p{Lu}{2})/u, ''));
  const family = words.filter(inCapitals);
  if (family.length === 0 || family.length === words.length || words.length === 1) return undefined;
  const given = words.filter((word) => !inCapitals(word));
  const parts = { firstName: given.join(' '), lastName: family.join(' ') };
  const [first = ''] = words;
  if (words.slice(0, family.length).every(inCapitals)) {
    const isGiven = beginsWithGivenName(given[0] ?? '');
    // "JP Morgan": initials without stops.
    if (isGiven && family.length === 1 && first.length === 2 && !mayBeFamilyFirst(first, given[0] ?? ''))
      return { name: words.join(' ') };
    const isLong = first.length > 3 || (isParticle(first) && family.length > 1);
    const sure = beginsWithGivenName(first) ? isGiven : isLong || (words.length === 2 && isGiven);
    return sure && given.every((word) => /\p{L}/u.test(word)) ? parts : undefined;
  }
  const isLast = words.slice(-family.length).every(inCapitals);
  return isLast && words.length > 2 && given.every((word) => word.length < 3 || beginsWithGivenName(word))
    ? parts
    : undefined;
}

const ONE_WORD = /^\p{L}(?:[\p{L}\p{M}’'-]*[\p{L}\p{M}])?$/u;

function namePart(cell: string | undefined): string | undefined {
  const text = decorationFree(cell, 'part');
  if (text === undefined) return undefined;
  if (isGenerationAlone(text)) return undefined;
  if (ONE_WORD.test(text)) return isTitle(text) || isSureCredential(text) ? undefined : capped(text);
  for (const segment of text.split(COMMA)) {
    const name = bareName(segment.trim());
    if (name !== undefined) return name;
  }
  return undefined;
}

function capped(name: string): string | undefined {
  return name.length > NAME_MAX ? undefined : name;
}

/** What forms, templates and exports write where there is no name. */
const NOBODY = new Set(
  phrases(`
  test test, test user, asdf asdf, first last, first name last name, firstname lastname, your name, name surname, no name,
  linkedin member, linkedin user, linkedin mitglied, linkedin lid, linkedin medlem, unknown unknown, unknown, none none, na na, n a n a, null null, undefined undefined, undefined, vorname nachname,
  prenom nom, nombre apellido, nome cognome, nome sobrenome, xxx xxx, xx xx, guest user, anonymous user, anonymous, anonym,
  anonyme, anonimo, deleted user, former user, removed user, private user, hidden, private, not disclosed, undisclosed,
  not specified, withheld, name withheld, redacted, confidential, info, tbc, tba, to be confirmed, to be announced,
  to be determined, to be defined, vacant, vacancy, vacant position, position vacant, vakant, unbesetzt, n n, nn,
  kein name, ohne name, ohne namen, nicht bekannt, sans nom, non communique, sin nombre, sem nome, senza nome,
  geen naam, zonder naam, onbekend, brak, bez nazwy, nieznany, nieznana, okand, ukjent, ukendt, tuntematon, neznamy,
  ismeretlen, necunoscut, bilinmiyor, isimsiz, неизвестно, неизвестныи, без имени, нет, невідомо, αγνωστο,
  無し, なし, 不明, 未定, 匿名, 未登録, 無, 无, 未知, 暂无, 暫無, 没有, 미정, 없음, 모름, 익명, 担当, 担当者, ご担当, ご担当者, 御担当者,
  담당자
`).map(foldWords),
);
const NOT_A_NAME =
  /@|:\/\/|\bwww\.|^\+?[\d ()/-]+$|^linkedin[- ]\S+$|^(?:\S+ ){1,2}linkedin$|(?:membre|miembro|membro|usu[aá]rio) (?:de |do |da )?linkedin|\{\{|\*\||\$\{|<<|%[A-Z_]{4,}%|ご?担当者様?$/iu;
/** What a page of LinkedIn writes around a name. */
const OF_A_PAGE =
  /^view\s+(?=.*[’']s? profile)|[’']s? (?:verified )?(?:profile|graphic link).*$|\s(?:is open to work|is hiring|has a (?:verified|premium|linkedin)\s.*|\d(?:st|nd|rd)\+? degree connection.*|on linkedin)$/giu;
const PRONOUNS =
  /[([]?\b(?:she|he|they|sie|er|elle|il|ella|él|ela|ele)\s?\/\s?(?:her|him|them|hers|his|ihr|ihm|elle|il|la|le|ella|ela|dela|dele)(?:\s?\/\s?\p{L}+)?\b[)\]]?/giu;
const BRACKETED =
  /\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|<[^<>]*>|«[^«»]*»|（[^（）]*）|【[^【】]*】|「[^「」]*」/g;
/** A quoted word or two between spaces; an apostrophe inside a name has a letter on both sides. */
const QUOTED = /(?<=^|\s)(?:["“”„‟][^"“”„‟]*["“”‟]|['‘’`][^\s'‘’`]+(?: [^\s'‘’`]+)?['‘’`])(?=[\s,]|$)/g;
const UNCLOSED = /[([{<«].*$/;
/** A second person in the cell: "Ada Lovelace & Charles Babbage". */
const SECOND_PERSON = /\s(?:&|\+|and|und|et|AND|UND|ET)\s+\p{Lu}[\p{L}-]*\s.*$/u;
/** What stands before the name of whom a letter is for: "Attn: Ada Lovelace", "Name: Ada Lovelace". */
const ADDRESSED =
  /^\s*(?:(?:attn|att|attention|fao|c\/o|z\. ?hd\.?|zu händen|à l['’]attention de)[.:]?\s+|\p{L}+:\s+(?=\p{L}+\s+\p{L}))/iu;
/** A name as Slack and Markdown write it with its link. */
const LINKED = /^\s*(?:\[([^\]]+)\]\([^()]*\)|<[^<>|]*\|([^<>]+)>)\s*$/;
/** Firms, parts of them and posts before a name in Chinese, Japanese and Korean, and posts behind it. */
const POST_BEFORE =
  /^(?:(?:株式会社|有限会社|주식회사|\(株\))\S+|\S+(?:株式会社|有限公司)|(?:営業|総務|人事|開発|経理|企画|技術|管理|広報|製造|購買|法務|情報システム|マーケティング|事業)\S*[部課]|\S*(?:取締役|取締役社長|社長|部長|課長|係長|所長|店長))\s+(?=\S)/u;
const POST_BEHIND =
  /\s(?:代表取締役|取締役|社長|部長|課長|係長|主任|次長|所長|店長|经理|經理|总经理|總經理|总监|總監|董事长|董事長|董事|主管|主任|工程师|工程師|대표이사|대표|이사|사장|부장|차장|과장|대리|사원|팀장|실장|주임|연구원|교수)$/u;
const SEPARATED = /(?:\s*[|｜•;\\]|\s[/·:»>~]\s|:\s|\/\/|\s#).*$/;
/** The same without a word that says so: "Ada Lovelace (Contoso)", "Ada Lovelace | Contoso". */
const PERHAPS_EMPLOYER = /\p{L}\s+(?:\((\p{Lu}[^()]*)\)|[|·•–—-]\s+(\p{Lu}[^|·•]*))$/u;
const BIRTH_NAME = /^(?:n[eé]e|geb|born|formerly|ehem|vormals)/i;
/** "Anna Müller geb. Schmidt", "Bob Smith aka Robert" */
const WITH_BIRTH_NAME = /(?<=\p{L}.*\s.*)\s(?:n[ée]e|geb\.|geborene|rozená|z d\.|aka|a\.k\.a\.|alias)\s.*$/iu;

/**
 * The employer that stands behind a name in its cell.
 * @param isAlone the list has nothing but names, so that what stands in brackets or behind a bar is an employer too.
 */
export function employerBehind(cell: string | undefined, isAlone: boolean): string | undefined {
  const text = cleanCell(cell);
  if (text === undefined || !text.includes(' ')) return undefined;
  const sure = EMPLOYER.exec(text)?.[1];
  if (sure !== undefined) return sure.replace(/\)+$/, '').trim();
  if (!isAlone) return undefined;
  const [, inBrackets, behind] = PERHAPS_EMPLOYER.exec(text.replace(PRONOUNS, '').trim()) ?? [];
  const perhaps = (inBrackets ?? behind)?.trim();
  if (perhaps === undefined || BIRTH_NAME.test(perhaps) || wordKind(perhaps) !== undefined) return undefined;
  return WORK.test(perhaps) && !hasLegalForm(perhaps) ? undefined : perhaps;
}

const SPACED_DASH = /\s+[-–—]+\s*|[-–—]+\s+|—+/;
/** "様", "先生", "님": forms of address that stand behind. */
const EAST_ASIAN_ADDRESS =
  /(?<=[\p{Script=Han}\p{Script=Hangul}\p{Script=Katakana}]) ?(?:様|さま|さん|氏|殿|先生|女士|小姐|博士|님|선생님)$/u;

/** One word, with nothing around it. Scripts without spaces may have a form of address in the same word. */
const isOneWord = (text: string): boolean => ONE_WORD.test(text) && !EAST_ASIAN.test(text.slice(-1));

/** "L•••••" is an initial; "Love***" is a part of a name that would be somebody else's. */
function withoutMasks(text: string): string {
  return MASK.test(text)
    ? text.replace(MASKED, (_, letters: string) => (letters.length === 1 ? `${letters}.` : ' '))
    : text;
}
const MASK = /[*•●]{2}|…|\.{3}/;
const MASKED = /([\p{L}\p{M}'’-]+)(?:[*•●]{2,}|…|\.{3,})/gu;

/** The cell without what surrounds a name; `undefined` when there is no name in it. */
function decorationFree(cell: string | undefined, kind: 'part' | 'whole'): string | undefined {
  const cleaned = cleanCell(cell);
  if (cleaned === undefined || (isOneWord(cleaned) && cleaned.length <= NAME_MAX)) return cleaned;
  if (isFormula(cleaned)) return undefined;
  const [, named, shown] = LINKED.exec(cleaned) ?? [];
  const text = (named ?? shown ?? cleaned).replace(ADDRESSED, '').replace(OF_A_PAGE, '');
  const plain = withoutPictures(
    withoutMasks(text).replace(
      /<[^<>]*@[^<>]*>|\([^()]*@[^()]*\)|\[[^[\]]*@[^[\]]*\]|<https?:[^<>]*>|(?<=\p{L} )\S+@\S+\.\S+$/gu,
      ' ',
    ),
  ).replace(PRONOUNS, ' ');
  if (NOT_A_NAME.test(plain.replace(AT_WORK, ''))) return undefined;
  const outside = plain.replace(BRACKETED, ' ').replace(QUOTED, ' ');
  const chosen = /\p{L}/u.test(outside) ? outside : plain.replace(/[()[\]{}<>«»"“”„]/g, ' ');
  const cut = chosen
    .trim()
    .replace(/^[^\p{L}\p{N}'’]+/u, '')
    .replace(UNCLOSED, '')
    .replace(SEPARATED, '')
    .replace(AT_WORK, '')
    .replace(WITH_BIRTH_NAME, '')
    .replace(SECOND_PERSON, (second, at: number, whole: string) =>
      isWholeName(whole.slice(0, at)) ? '' : second,
    )
    .replace(EAST_ASIAN_ADDRESS, '')
    .replace(POST_BEFORE, '')
    .replace(POST_BEHIND, '')
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
  const hasSpaces = / [-–—]+ /.test(text);
  if (kind === 'whole' && !left.includes(' ')) {
    if (!hasSpaces) return text;
    if (WORK.test(left)) return second;
  }
  const isDouble = kind === 'part' && right.length === 1 && !left.includes(' ') && !second.includes(' ');
  return isDouble && !isPostNominal(second, left) ? `${left}-${second}` : left;
}

/** Forms of address that are nobody's name, without dots and hyphens. */
const TITLES = new Set(
  phrases(`
  dr, drs, prof, professor, professeur, profesor, profesora, mr, mrs, ms, miss, mx, sir, dame, herr, herrn, frau,
  mme, mmes, mlle, monsieur, madame, mademoiselle, maitre, maître, señor, señora, señorita, srta, sra, sras, sres, dña, dn,
  senhor, senhora, doctor, doctora, docteur, dra, profa, dott, dottor, dottore, dottoressa, dottssa, sigra, signor,
  signora, signorina, avv, geom, rag, dhr, mevr, mevrouw, meneer, mw, ir, fru, rouva, herra, pani, inż,
  mudr, judr, phdr, rndr, mvdr, paeddr, pharmdr, thdr, bc, doc, csc, drsc, господин, госпожа, пан, пані, datuk, engr, atty, cllr, dring, drmed, drrernat, drphil, drjur, driur, droec, profdr, univprof, dipl, dipling, diplkfm,
  diplkffr, diplinf, diplinform, diplbetriebsw, diplvolksw, diplphys, diplmath, diplpsych, diplbw, priv, privdoz, pd,
  habil, exmo, exma, ilmo, ilma, sheikh, shaikh, κος, κα, κύριος, κυρία, ddr, dddr, ктн, дтн, кмн, дмн, кэн, дэн, кюн, дюн, sayın
`),
);
/** Titles with a dot, or before a whole name: without either they are names or initials. */
const DOTTED_TITLES = new Set(
  phrases(`
  sr, mag, ing, lic, eng, rev, hon, capt, col, gen, lt, sgt, arch, arq, adv, m, d, st, pan, don, doña, shri, smt, dato, mgr, hr, fr, sig, ca, er, ds,
  κ, lord, lady, sister, chef, coach, maj, cmdr, hj, br, gospodin, gospođa, г, гн, гжа, проф, др, инж, nob, mons, pr, abg, cp, tan
`),
);
/** Those of {@link DOTTED_TITLES} that are an initial too: titles only before a frequent given name. */
const INITIAL_TITLES = new Set(
  phrases(
    'm, d, г, κ, pan, don, ca, er, st, pr, eng, col, gen, br, tan, ds, cp, lord, lady, sister, chef, coach',
  ),
);
/** What may follow a title and belongs to it ("Dr. rer. nat."). */
const TITLE_TAIL = new Set(
  phrases(`
  rer, nat, med, phil, jur, iur, oec, pol, ing, kfm, kffr, inf, inform, betriebsw, volksw, math, phys, psych, biol, chem, päd, hc, mult, habil, hab, dent, vet, techn, dr, h, c
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
  mres, dipling, mcom, bcom, ceng, fcca, msced, bsced, med, mscs, mba, mbas, mim, macc, mtech, btech, mca, bca, pgdm,
  pmiacp, capm, pgmp, csat, cissp, cipp, cippe, crisc, comptia, gmat, dba, jd, phr, sphri, dnp, fnp, aprn, msw, mswlcsw,
  rph, dds, mbbs, frcs, mrcp, frcp, mrcs, cpcc, ccxp, cmrp, lpc, cfre, dsc, drph, mdiv, cerp, crcm, leedap, rhia, cphq,
  mdb, mdl, mdep, ssbb, lssgb, csmc, safe5, togaf, cobit, mcse, mct, mcp
`),
);
/** Degrees written with dots inside: "M.Sc.Ed.", "B.Tech." */
const DOTTED_DEGREE =
  /^(?:(?:m|b|d|ll|dipl|mag|bacc|lic|cand|dr)\.?(?:[a-z]{1,5}\.){1,3}[a-z]{0,5}|[a-z]{2,5}\.[a-z]{2,5})\.?$/i;
/** Ones that are also names or words: only in capitals, where the rest of the name is not. */
const CAPITAL_CREDENTIALS = new Set(
  phrases(`
  MA, BA, BS, MS, MD, JD, RN, BSN, MSN, NP, PA, PE, PT, DPT, DO, DDS, DVM, CA, CMA, CIA, CAMS, FRM, CAIA,
  ACA, ACCA, CIMA, CIPD, FCIPD, MCIPD, MRICS, FRICS, MPA, MPP, MFA, BFA, LCSW, LMFT, PCC, ACC, MCC, ICF,
  PHR, GPHR, CHRP, CHRL, SAFE, CEO, CTO, CFO, COO, CMO, CRO, CIO, CPO, VP, SVP, EVP, LION, OBE, MBE, CBE,
  FRSA, PSM, PSPO, CSP, CBAP, CEH, OSCP, CCSP, AWS, LSSBB, CPIM, EA, PGCE, AIA, LEED, AI
`),
);
const CAPITALS = /^[\p{Lu}\d.\-®]{2,9}$/u;

function isSureCredential(word: string): boolean {
  return (
    SURE_CREDENTIALS.has(letters(word)) ||
    (word.includes('.') && letters(word).length > 3 && DOTTED_DEGREE.test(word))
  );
}

function isCapitalCredential(word: string, restIsCapital: boolean): boolean {
  return !restIsCapital && CAPITAL_CREDENTIALS.has(word.replace(/[.-]/g, ''));
}

const isCapital = (text: string): boolean => text === text.toUpperCase() && text !== text.toLowerCase();

/** Whether what follows a comma is degrees and certificates ("Ph.D.", "PMP, CSM", "Jr."). */
function isPostNominal(segment: string, name: string): boolean {
  // A name of one word needs another: "Smith, JOHN", "Lee, MA".
  const unsure = isCapital(name) || !name.includes(' ');
  if (unsure && INITIALS.test(segment)) return false;
  return segment
    .split(' ')
    .every(
      (word) =>
        isSureCredential(word) ||
        isGenerationMark(word) ||
        (!unsure &&
          CAPITALS.test(word) &&
          isCapital(word) &&
          !beginsWithGivenName(word) &&
          !isInitials(word)) ||
        !/\p{L}/u.test(word),
    );
}

const INITIALS = /^(?:\p{L}\.[ -]?){1,4}$/u;
/** "J.R.", and not "M.A.". */
function isInitials(word: string): boolean {
  return INITIALS.test(word) && !CAPITAL_CREDENTIALS.has(word.replace(/[.-]/g, ''));
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
const TRAILING = /[^\p{L}\p{M}\p{Nd}.]+$/u;

function withoutEdges(word: string): string {
  return word.replace(LEADING, '').replace(TRAILING, '');
}

function isTitleAt(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  // "Mª" is María.
  if (/^m\.?ª$/i.test(word)) return false;
  if (isTitle(word)) return true;
  if (index > 0 && /^(?:and|und|et|y)$/i.test(word) && isTitle(words[index + 1] ?? '')) return true;
  if (DOTTED_TITLES.has(letters(word)) && isTitleBefore(word, words.slice(index + 1))) return true;
  return index > 0 && word.includes('.') && TITLE_TAIL.has(letters(word));
}

function isTitleBefore(word: string, after: readonly string[]): boolean {
  if (after.length === 0) return false;
  if (!INITIAL_TITLES.has(letters(word))) return word.endsWith('.') || after.length > 1;
  return after.length > 1 && beginsWithGivenName(after[0] ?? '');
}

function isTailAt(words: readonly string[], start: number, index: number): boolean {
  const word = words[index] ?? '';
  if (isSureCredential(word)) return true;
  if (index === start) return false;
  if (isGenerationWord(word)) return index - start > 1;
  // "Jun MA": somebody's family name.
  if (index - start === 1 && /^(?:MA|DO)$/.test(word)) return false;
  return isGenerationMark(word) || isCapitalCredential(word, isCapital(words.slice(start, index).join(' ')));
}

/** What stands after an opening bracket or quote that is not closed: it is inside. */
export const STANDS_IN_BRACKETS = /[([{<«"“„（【「][^)\]}>»"”）】」]*$/;

/** What a word beside a name is. */
export function wordKind(word: string): 'title' | 'degree' | 'generation' | undefined {
  if (isGenerationMark(word) || isGenerationWord(word)) return 'generation';
  if (isSureCredential(word) || CAPITAL_CREDENTIALS.has(word.replace(/[.-]/g, ''))) return 'degree';
  const isTail = TITLE_TAIL.has(letters(word)) && word.includes('.');
  return isTail || isTitle(word) || DOTTED_TITLES.has(letters(word)) ? 'title' : undefined;
}
