import { isGivenName } from './given-names.ts';
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
/** Of the given names, those that follow a family name which is a given name elsewhere ("Kim Min"). */
const EASTERN = new Set(
  phrases('wei, ming, jie, fang, xiaoming, min, yuna, minho, jisoo, jihoon, seojun, mei'),
);
