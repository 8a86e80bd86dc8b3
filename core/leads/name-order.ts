import { foldWords, phrases } from './text.ts';

/**
 * Frequent given names of the world, without accents. They only tell in which order a name stands, where its form
 * leaves that open ("García Márquez, Gabriel" and "Ada Lovelace, Berlin"): a name that is not here is never
 * dropped or changed for it.
 */
const GIVEN = new Set(
  phrases(`
  aaron, abdul, abdullah, abel, abigail, abraham, ada, adam, adel, adele, adrian, adriana, adrien, agata, agnes,
  agnieszka, ahmad, ahmed, aida, aisha, aino, ajay, akash, akira, alain, alan, alana, alba, albert, alberto, ale,
  alejandra, alejandro, aleksandar, aleksandr, aleksandra, alena, ales, alessandra, alessandro, alessia, alessio, alex,
  alexander, alexandra, alexandre, alexandru, alexei, alexey, alexis, alfonso, alfred, alfredo, ali, alice, alicia,
  alina, alison, allison, alma, alvaro, amanda, amber, amelia, amelie, amina, amir, amit, amy, ana, anais, anastasia,
  anders, andre, andrea, andreas, andreea, andrei, andrej, andres, andrew, andrey, andrzej, andy, angel, angela,
  angelica, angelina, angelo, anil, anita, anja, anjali, ann, anna, anne, annette, annika, anthony, antoine, anton,
  antonella, antoni, antonia, antonino, antonio, antony, anya, aria, ariana, ariel, arjun, arnaud, arne, arnold, arthur,
  artur, arturo, arun, asa, ashley, ashok, astrid, attila, audrey, august, augusto, aurelie, aurora, axel, aylin,
  aysha, ayse, barbara, barry, bartosz, bas, bastian, bastien, beata, beatrice, beatriz, bea, ben, benedikt, benjamin,
  benoit, bernard, bernardo, bernd, bert, beth, betty, bettina, bianca, bill, birgit, bjorn, blanca, bo, bob, bogdan,
  boris, bozena, brad, brandon, brenda, brent, brian, bridget, brigitte, britta, bruce, bruno, bryan, burak, caitlin,
  camila, camille, can, carina, carl, carla, carlo, carlos, carmen, carol, carole, carolin, carolina, caroline, caterina,
  catherine, cathy, cecilia, cecile, cedric, celia, celine, cem, cesar, charles, charlotte, chloe, chris, christa,
  christel, christian, christiane, christina, christine, christoph, christophe, christopher, cindy, claire, clara,
  claude, claudia, claudio, claus, clemens, clement, colin, connie, conor, constantin, corinna, corinne, cornelia,
  craig, cristian, cristiano, cristina, cynthia, dagmar, daisy, dale, dan, dana, daniel, daniela, daniele, danielle,
  danilo, danny, daphne, dariusz, darko, darren, dave, david, davide, dawn, dean, deborah, deepak, delphine, denis,
  denise, dennis, derek, diana, diane, didier, diego, dieter, dietmar, dilip, dimitri, dina, dirk, dmitri, dmitry,
  dominic, dominik, dominique, don, donald, donna, dora, doris, dorota, dorothea, dorothy, doug, douglas, duncan, dylan,
  ed, eddie, edgar, edith, edoardo, eduard, eduardo, edward, edwin, eileen, elaine, elena, eleni, eleonora, eli, elias,
  elif, elina, elisa, elisabeth, elise, elizabeth, elke, ella, ellen, elodie, els, elsa, emanuele, emil, emilia, emilie,
  emily, emma, emmanuel, emre, enrico, enrique, eric, erica, erich, erik, erika, erin, ernest, ernesto, ernst, erwin,
  esra, esteban, esther, ethan, eugen, eugene, eugenia, eva, eve, eveline, evelyn, evgeny, ewa, fabian, fabien, fabio,
  fabrice, fatima, fatma, federica, federico, felipe, felix, ferdinand, ferenc, fernanda, fernando, filip, filippo,
  fiona, flavia, flavio, flora, florence, florian, frances, francesca, francesco, francis, francisca, francisco,
  franck, francois, francoise, frank, franz, franziska, fred, frederic, frederick, frederik, fredrik, friedrich, frieda,
  fumiko, gabor, gabriel, gabriela, gabriele, gabriella, gabrielle, gael, gareth, gary, gavin, gemma, geoffrey, georg,
  george, georges, georgia, gerald, gerard, gerardo, gerd, gergely, gerhard, gert, giacomo, gianluca, giancarlo, gilles,
  gina, giorgio, giorgia, giovanna, giovanni, gisela, giulia, giulio, giuseppe, gloria, gonzalo, graham, grace, graeme,
  greg, gregor, gregory, greta, grzegorz, guido, guillaume, guillermo, gunnar, gunter, gunther, gustav, gustavo, guy,
  haakon, hakan, halina, hanako, hanna, hannah, hannes, hans, harald, harold, harry, hasan, hassan, heather, hector,
  heide, heidi, heike, heiko, heinrich, heinz, helen, helena, helene, helga, helmut, hendrik, henri, henrik, henry,
  herbert, hermann, hilda, hiroshi, holger, horst, howard, hugh, hugo, huseyin, ian, ibrahim, ida, ignacio, igor, ilaria,
  ildiko, ilse, imre, ines, inga, inge, ingo, ingrid, inigo, irena, irene, irina, iris, isaac, isabel, isabella,
  isabelle, isla, ismail, istvan, ivan, ivana, ivo, iwona, jack, jackie, jacob, jacqueline, jacques, jaime, jakob, jakub,
  james, jamie, jan, jana, jane, janet, janine, janos, janusz, jared, jaroslav, jasmin, jason, javier, jay, jean,
  jeanette, jeanne, jeff, jeffrey, jelena, jennifer, jenny, jens, jeremy, jerome, jerry, jerzy, jesper, jesse, jessica,
  jesus, jill, jim, jimmy, jiri, jo, joachim, joan, joana, joanna, joanne, joao, joaquin, jochen, joe, joel, joelle,
  joerg, johan, johanna, johannes, john, johnny, jon, jonas, jonathan, joost, jordan, jordi, jorg, jorge, jos, jose,
  josef, joseph, josephine, joshua, josip, joyce, jozef, juan, juana, judith, judit, judy, juergen, juha, jules, julia,
  julian, juliana, julie, julien, juliette, julio, julius, justin, justyna, jurgen, jutta, kai, kamil, kamila, karen,
  karel, karin, karina, karl, karolina, kasper, katalin, katarina, katarzyna, kate, katerina, katharina, katherine,
  kathleen, kathrin, kathryn, kathy, katia, katja, katrin, kavita, kazimierz, keith, keiko, kelly, ken, kenji, kenneth,
  kenta, kerstin, kevin, khalid, kim, kirsten, klara, klaus, konrad, konstantin, krista, kristian, kristina, kristin,
  kristof, krystyna, krzysztof, kumar, kurt, kyle, lara, larry, lars, laszlo, laura, lauren, laurence, laurent, lea,
  leah, leila, lena, leo, leon, leonard, leonardo, leonie, leopold, leslie, leticia, lewis, liam, lidia, lili, lilian,
  lily, lina, linda, lisa, lise, liv, livia, liz, ljubica, lluis, lola, lora, lorena, lorenzo, lothar, lotte, lou,
  louis, louisa, louise, luc, luca, lucas, lucia, luciano, lucie, lucy, ludovic, ludwig, luigi, luis, luisa, luiz, luka,
  lukas, lukasz, luke, luna, luz, lydia, lynn, maarten, mads, magda, magdalena, magnus, mahmoud, maia, maja, malcolm,
  malgorzata, malin, manfred, manon, manuel, manuela, marc, marcel, marcela, marcello, marcelo, marcin, marco, marcos,
  marcus, marek, margaret, margarita, margit, margot, maria, mariana, marianne, marie, mariam, marija, marijke, marina,
  mario, marion, marisa, marius, mariusz, mark, marketa, marko, markus, marlene, marta, marten, martha, martin, martina,
  martine, mary, maryam, mateo, mateusz, mathias, mathieu, mathilde, matilda, mats, matt, matteo, matthew, matthias,
  matthieu, maureen, maurice, mauricio, maurizio, max, maxim, maxime, maximilian, maya, megan, mehdi, mehmet, mei,
  melanie, melissa, meral, mercedes, meryem, mia, michael, michaela, michal, michel, michela, michele, michelle, miguel,
  mihai, mika, mike, mikael, mikhail, mikkel, mila, milan, milena, milos, mina, mira, miranda, mireille, mirela,
  miriam, miroslav, mohamed, mohammad, mohammed, moira, molly, mona, monica, monika, monique, morgan, morten, moritz,
  muhammad, murat, mustafa, nadia, nadine, nancy, naomi, natalia, natalie, natasha, nathan, nathalie, neha, neil, nele,
  nelson, nia, nicholas, nick, nicola, nicolae, nicolas, nicole, niels, nigel, nikita, nikola, nikolai, nikolas, nils,
  nina, noah, noel, noelle, nora, norbert, norma, norman, nuno, nuria, odile, olaf, ole, oleg, olena, olga, oliver,
  olivia, olivier, oluf, omar, orsolya, oscar, oskar, otto, owen, pablo, pal, pamela, paola, paolo, pascal, pascale,
  patricia, patricio, patrick, patrik, patrizia, paul, paula, pauline, paulo, pavel, pawel, pedro, peer, peggy, penelope,
  per, peter, petr, petra, phil, philip, philipp, philippe, phillip, phoebe, pia, pierre, piero, pieter, pietro, pilar,
  piotr, priya, rachel, radek, rafael, rafal, raffaele, rahul, rainer, raj, raja, rajesh, ralf, ralph, ramona, ramon,
  raphael, raquel, raul, ravi, ray, raymond, rebecca, regina, reinhard, rene, renata, renate, ricardo, riccardo, richard,
  rick, rita, rob, robert, roberta, roberto, robin, rocio, rodrigo, roger, rohit, roland, rolf, roman, romain, ron, ronald,
  rory, rosa, rosalie, rosemary, ross, roxana, ruben, rudolf, rui, rupert, russell, ruth, ryan, sabina, sabine, sabrina,
  said, sally, salvatore, sam, samantha, samir, samuel, sandeep, sandra, sandro, sandy, sanjay, santiago, sara, sarah,
  sascha, scott, sean, sebastian, sebastiano, sebastien, selin, selma, serge, sergei, sergey, sergio, shane, shannon,
  sharon, shaun, sheila, shirley, sigrid, silke, silvia, silvio, simon, simona, simone, siobhan, sofia, sofie, sonia,
  sonja, sophia, sophie, soren, srinivas, stacy, stan, stanislav, stanislaw, stefan, stefania, stefanie, stefano, steffen,
  stella, stephan, stephane, stephanie, stephen, steve, steven, stig, stuart, sue, sunil, suresh, susan, susana, susanna,
  susanne, suzanne, sven, svetlana, sylvain, sylvia, sylvie, tadeusz, takashi, takeshi, tamara, tamas, tania, tanja,
  tanya, tara, taro, tatiana, ted, teodor, teresa, terry, thea, theo, theodor, theodore, theresa, therese, thiago, thierry,
  thomas, thorsten, tibor, tiffany, tim, timo, timothy, tina, tobias, todd, tom, tomas, tomasz, tommaso, tommy, tomoko,
  toni, tony, torben, torsten, tove, tracy, trevor, tristan, udo, ugo, ulf, uli, ulrich, ulrike, urs, ursula, ute, uwe,
  vaclav, valentin, valentina, valeria, valerie, vanessa, vera, veronica, veronika, veronique, vicente, vicky, victor,
  victoria, vijay, viktor, viktoria, vikram, vincent, vincenzo, viola, virginia, virginie, vito, vittoria, vivian,
  vladimir, volker, waldemar, walter, waltraud, wanda, wayne, wendy, werner, wilhelm, will, willem, william, wiebke,
  winfried, wojciech, wolfgang, wouter, xavier, ximena, yan, yann, yannick, yasmin, yasmine, yolanda, yosef, youssef,
  yuki, yuri, yusuf, yves, yvette, yvonne, zbigniew, zdenek, zeynep, zoe, zofia, zoltan, zuzana, zsolt, zsofia,
  zsuzsanna, jozsef, erzsebet, eniko, balazs, bence, gyula, lajos, sandor, mihaly, csaba, reka, piroska, miklos,
  wei, ming, jie, fang, xiaoming, min, yuna, minho, jisoo, jihoon, seojun, haruto, sakura, yuto, naoki, ichiro, jiro,
  imi, imogen, moshe, shlomo, yael, noa, avi, chaim, omer, tal, kwame, kofi, chidi, ngozi, amara, oluwaseun, fatou,
  sunita, pooja, sneha, swati, manish, vivek, nikhil, aditya, ananya, divya, lakshmi, meera, usha
`),
);

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
  return GIVEN.has(firstWord(text));
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
  return beginsWithGivenName(second) && !(GIVEN.has(family) && !EASTERN.has(foldWords(second)));
}
/** Of the given names, those that follow a family name which is a given name elsewhere ("Kim Min"). */
const EASTERN = new Set(
  phrases('wei, ming, jie, fang, xiaoming, min, yuna, minho, jisoo, jihoon, seojun, mei'),
);
