import { isGivenName } from './given-names.ts';
import { readHeader } from './header-words.ts';
import { foldWords, phrases } from './text.ts';

/** Family names that their bearers write before the given name: Hungarian, Japanese, Chinese, Korean, Vietnamese. */
const FAMILY_FIRST = new Set(
  phrases(`
  nagy, kovacs, toth, szabo, horvath, varga, kiss, molnar, nemeth, farkas, balogh, papp, takacs, juhasz, lakatos,
  meszaros, olah, racz, fekete, szilagyi, torok, feher, gal, szucs, kocsis, pinter, fodor, szalai, sipos, lukacs,
  gulyas, biro, kiraly, laszlo, bogdan, balog, katona, jakab, boros, somogyi, fazekas, bodnar, antal, orosz, vincze,
  tanaka, suzuki, sato, takahashi, watanabe, ito, yamamoto, nakamura, kobayashi, kato, yoshida, yamada, sasaki,
  yamaguchi, matsumoto, inoue, kimura, hayashi, shimizu, yamazaki, mori, abe, ikeda, hashimoto, ishikawa, ogawa,
  wang, li, zhang, liu, chen, yang, huang, zhao, wu, zhou, xu, sun, zhu, hu, guo, he, lin, gao, luo, liang, zheng,
  xie, tang, feng, deng, cao, peng, zeng, xiao, tian, dong, pan, yuan, cai, jiang, yu, du, ye, cheng, wei, lu,
  kim, lee, park, choi, jung, kang, cho, yoon, jang, lim, han, shin, seo, kwon, hwang, song, ahn, hong,
  nguyen, tran, le, pham, hoang, phan, vu, dang, bui, ngo, duong, ly
`),
);

/** Of these, those that are given names elsewhere, as Kim is. */
const GIVEN_ELSEWHERE = new Set(phrases('laszlo, bogdan, wei, kim'));

/** Places that stand behind a name in lists, and words of work that do. */
const PLACES = new Set(
  phrases(`
  germany, deutschland, austria, osterreich, switzerland, schweiz, france, italy, italia, spain, espana, portugal, uk,
  england, scotland, wales, ireland, usa, us, canada, mexico, brazil, brasil, argentina, chile, peru, colombia, india,
  china, japan, korea, singapore, australia, israel, turkey, turkiye, poland, polska, ukraine, sweden, sverige, norway,
  norge, denmark, danmark, finland, suomi, netherlands, nederland, belgium, belgie, belgique, luxembourg, greece,
  hungary, romania, bulgaria, croatia, serbia, slovenia, slovakia, czechia, russia, uae, dubai, berlin, hamburg, munich,
  munchen, cologne, koln, frankfurt, stuttgart, dusseldorf, leipzig, dresden, hannover, nuremberg, nurnberg, bremen,
  vienna, wien, zurich, geneva, geneve, basel, bern, paris, lyon, marseille, lille, toulouse, bordeaux, nantes, nice,
  london, manchester, birmingham, leeds, bristol, edinburgh, glasgow, dublin, cork, rome, roma, milan, milano, turin,
  torino, naples, napoli, madrid, barcelona, seville, sevilla, bilbao, lisbon, lisboa, porto, amsterdam, rotterdam,
  utrecht, brussels, bruxelles, antwerp, antwerpen, copenhagen, stockholm, oslo, helsinki, warsaw, warszawa, krakow,
  prague, praha, brno, budapest, bucharest, sofia, athens, istanbul, ankara, kyiv, moscow, york, boston, chicago, seattle,
  denver, dallas, houston, miami, atlanta, philadelphia, toronto, montreal, vancouver, sydney, melbourne, brisbane,
  perth, auckland, tokyo, osaka, seoul, beijing, shanghai, shenzhen, bangalore, bengaluru, mumbai, delhi, pune,
  hyderabad, chennai, california, texas, florida, europe, emea, dach, apac, remote
`),
);

const firstWord = (text: string): string => foldWords(text).split(' ')[0] ?? '';

/** Whether the text begins with a frequent given name. */
export function beginsWithGivenName(text: string): boolean {
  return isGivenName(firstWord(text));
}

/** Whether the last word, or the one word, is a place ("Berlin", "New York"). */
export function endsWithPlace(text: string): boolean {
  return PLACES.has(foldWords(text).split(' ').at(-1) ?? '');
}

/** Whether two words look like a family name and a given name, as Hungarians and East Asians write them. */
export function mayBeFamilyFirst(first: string, second: string): boolean {
  const family = foldWords(first);
  if (!FAMILY_FIRST.has(family)) return false;
  if (/^\p{L}+-\p{Ll}+$/u.test(second)) return true;
  return beginsWithGivenName(second) && !(GIVEN_ELSEWHERE.has(family) && !EASTERN.has(foldWords(second)));
}

/** So many names, and given names at the end of so many of them, prove an order that no header says. */
const PROOF = 5;
const FAMILY_FIRST_SHARE = 0.6;
/** Words that are no family name by themselves: "De Luca Anna". */
const PARTICLE = /^(?:de|di|da|del|della|dos|das|du|la|le|el|al|van|von|der|den|st)$/i;
const PLAIN_NAME = /^[\p{L}\p{M}'’.-]+(?: [\p{L}\p{M}'’.-]+)+$/u;

/** "Сергеевич", "Сергіївна": what stands behind the given name. */
const PATRONYMIC = /(?:ович|евич|ич|овна|евна|ична|инична|івна|ївна|йович)$/iu;

function isGivenWord(word: string): boolean {
  return beginsWithGivenName(word) || (word.length > 4 && PATRONYMIC.test(word));
}

/**
 * Whether a column of whole names has the family name first, without a comma: most of its names end with a given name
 * and do not begin with one. Under a header that says so ("Cognome e nome"), more than do the other way are enough.
 * `perhaps`: the names are too few to prove it.
 */
export function isFamilyFirst(header: string, cells: readonly (string | undefined)[]): boolean | 'perhaps' {
  const names = cells.filter((cell) => cell !== undefined && PLAIN_NAME.test(cell));
  let turned = 0;
  let plain = 0;
  for (const name of names) {
    const words = name?.split(' ') ?? [];
    const begins = beginsWithGivenName(words[0] ?? '');
    const ends = isGivenWord(words.at(-1) ?? '');
    if (ends && !begins) turned++;
    if (begins && !ends) plain++;
  }
  if (saysFamilyFirst(header)) return turned > plain;
  if (turned === 0 || turned < names.length * FAMILY_FIRST_SHARE || plain * 5 > turned) return false;
  return names.length >= PROOF || 'perhaps';
}

/** Headers of whole names in languages that write the family name first: Hungarian, Russian, Ukrainian, Vietnamese. */
const FAMILY_FIRST_HEADERS = new Set(
  ['név', 'teljes név', 'neve', 'фио', 'ф.и.о.', 'піб', 'п.і.б.', 'họ và tên', 'họ tên'].map(foldWords),
);

function saysFamilyFirst(header: string): boolean {
  if (FAMILY_FIRST_HEADERS.has(foldWords(header))) return true;
  const parts = foldWords(header)
    .split(' ')
    .map((word) => {
      const meaning = readHeader(word);
      if (meaning.kind === 'field') return meaning.field;
      return meaning.kind === 'name-like' ? meaning.part : undefined;
    });
  const family = parts.indexOf('last_name');
  return family !== -1 && family < parts.indexOf('first_name');
}

/** A name out of a column that {@link isFamilyFirst}, with a comma behind the family name: "De Luca, Anna". */
export function withComma(name: string): string {
  const plain = name.trim().replace(/\s+/g, ' ');
  if (!PLAIN_NAME.test(plain)) return name;
  const words = plain.split(' ');
  const isGiven = words.map(isGivenWord);
  let given = words.length;
  while (given > 1 && isGiven[given - 1]) given--;
  while (given < words.length - 1 && words.slice(0, given).every((word) => PARTICLE.test(word))) given++;
  // Some are written the other way all the same.
  if (given === words.length && (words.length > 2 || isGiven[0])) return name;
  const at = Math.min(given, words.length - 1);
  return `${words.slice(0, at).join(' ')}, ${words.slice(at).join(' ')}`;
}

/** Of the given names, those that follow a family name which is a given name elsewhere ("Kim Min"). */
const EASTERN = new Set(
  phrases('wei, ming, jie, fang, xiaoming, min, yuna, minho, jisoo, jihoon, seojun, mei'),
);
