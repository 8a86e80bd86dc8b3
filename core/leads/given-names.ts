import { fold, phrases } from './text.ts';

/**
 * Given names that are common somewhere, from general knowledge: enough to tell a column of people from one
 * of places, jobs or products. Not a list to reject names by.
 */
const GIVEN_NAMES = new Set(
  phrases(`
  aaron, abdul, abdullah, abigail, ada, adam, adele, adrian, adriana, agata, agnes, agnieszka, ahmad, ahmed, aidan,
  aileen, aisha, akira, alain, alan, albert, alberto, aleksandra, aleksander, alejandra, alejandro, aleksandr,
  alessandra, alessandro, alessia, alex, alexander, alexandra, alexandre, alexandros, alexei, alexey, alexis, alfred, ali, alice, alicia,
  alina, alison, allan, allison, alma, amanda, amber, amelia, amelie, amina, amir, amit, amy, ana, anastasia, anders,
  andre, andrea, andreas, andrei, andrej, andres, andrew, andrey, andrzej, angela, angelika, angelo, aniket, anil, anita, anja,
  ankit, ann, anna, anne, annette, annika, anthony, antje, antoine, anton, antonella, antoni, antonia, antonio, anu,
  anya, ari, ariel, arjun, arnaud, arne, arthur, arturo, ashley, astrid, aurelie, axel, ayse, aysegul, barbara, barry,
  bartosz, bastian, beata, beatrice, beatriz, ben, benedikt, benjamin, benoit, bernard, bernd, bernhard, bert, beth,
  bettina, bianca, bill, birgit, bjorn, bob, bogdan, boris, brad, bradley, brandon, brenda, brian, brigitte, britta,
  bruce, bruno, bryan, burak, caitlin, camila, camille, can, carina, carl, carla, carlo, carlos, carmen, carol,
  carolina, caroline, carsten, catalina, catarina, caterina, catherine, cathy, cecilia, cedric, celine, charles,
  charlie, charlotte, chen, cheryl, chiara, chloe, chris, christa, christian, christiane, christina, christine,
  christoph, christophe, christopher, christos, cindy, claire, clara, claudia, claudio, claus, clement, colin, connor,
  constantin, cornelia, craig, cristian, cristina, cynthia, dagmar, daisuke, damian, damien, dan, dana, daniel, daniela,
  daniele, daniella, danielle, danny, dario, dariusz, darren, dave, david, davide, dawid, dawn, deborah, debra, deepak,
  delphine, denis, denise, dennis, derek, derya, diana, diane, didier, diego, dieter, dimitri, dimitris, dirk, dmitri,
  dmitry, dominic, dominik, dominique, donald, donna, dora, doris, dorota, dorothy, doug, douglas, duncan, dusan, dustin,
  ebru, eda, eddie, edgar, edith, edsger, eduardo, edward, edwin, eileen, ekaterina, elaine, eleanor, elena, elias, elif,
  elin, elina, elisa, elisabeth, elise, elizabeth, ella, ellen, elodie, emil, emilia, emilie, emily, emine, emma, emmanuel,
  emre, eric, erica, erich, erik, erika, ernst, erwin, esra, esther, etienne, eugen, eugene, eugenia, eva, evan, evelyn,
  ewa, fabian, fabien, fabio, fabrice, fanny, fatih, fatima, fatma, federica, federico, felipe, felix, ferdinand,
  fernanda, fernando, filip, filipe, fiona, florence, florian, frances, francesca, francesco, francis, francisco,
  franck, franco, francois, francoise, frank, franz, fred, frederic, frederik, fredrik, friedrich, fritz, gabriel, gabriela, gabriele, gabriella,
  gareth, gary, gavin, gemma, geoffrey, georg, george, georges, georgia, georgios, gerald, gerard, gerd, gerhard, gianluca, gina, giorgio,
  giorgos, giovanni, giulia, giulio, giuseppe, glenn, gloria, gonzalo, gordon, grace, graham, grant, greg, gregor, gregory, grzegorz, guido,
  guillaume, guillermo, gunnar, gunther, gustav, gustavo, guy, hakan, hal, hanna, hannah, hanne, hannes, hans, harald, harold, harry, hasan,
  hassan, hatice, heather, hector, hedy, heidi, heike, heiko, heinrich, heinz, helen, helena, helene, helga, helmut, hendrik, henri,
  henrik, henrike, henry, herbert, hermann, hideo, hilda, hiroshi, holger, holly, horst, howard, hubert, hugo, huseyin, ian, ibrahim, ida,
  ignacio, igor, ilaria, ilona, ilse, ines, inga, inge, ingrid, ioana, ioannis, irena, irene, irina, iris, isaac, isabel,
  isabella, isabelle, ismail, ivan, ivana, ivo, iwona, jaap, jack, jacek, jackie, jacob, jacqueline, jacques, jaime, jakob, jakub, james, jamie,
  jan, jana, jane, janet, janine, janos, jari, jaroslav, jasmin, jasmine, jason, javier, jay, jean, jeff, jeffrey, jelena, jen, jenna, jennifer,
  jenny, jens, jeremy, jerome, jerry, jesper, jesse, jessica, jesus, jill, jim, jimmy, jin, jiri, joachim, joan, joana, joanna, joanne, joao, joaquin, jochen,
  joe, joel, joelle, johan, johann, johanna, johannes, john, johnny, jon, jonas, jonathan, jordan, jorg, jorge, jose, josef, joseph, josephine, josh, joshua,
  joy, joyce, juan, juana, judith, judy, juha, jukka, jules, julia, julian, juliana, julie, julien, juliette, julio, jun, jurgen, justin, justyna,
  kai, kamil, karel, karen, karim, karin, karina, karl, karla, karoline, karsten, kasia, kate, katarina, katarzyna, katerina, katharina, katherine, kathleen, kathrin,
  kathryn, kathy, katie, katja, katrin, kay, kazuo, keith, kelly, ken, kenji, kenneth, kerstin, kevin, khaled, kim, kimberly, kirsten, klara, klaus, konrad,
  konstantin, konstantinos, kristen, kristian, kristin, kristina, kristine, krzysztof, kurt, kyle, lara, larry, lars, lasse, laszlo, laura, laure, lauren, laurent, laurence, lea, leah,
  lee, leila, lena, leo, leon, leonardo, leonie, leslie, lewis, liam, lidia, lila, lili, lily, lina, linda, lindsay, lisa, lise, liz, lois, lorena, lorenzo, lothar, lou, louis, louisa,
  louise, luc, luca, lucas, lucia, luciano, lucie, lucy, ludovic, ludwig, luigi, luis, luisa, luiz, lukas, lukasz, lydia, lynn, maciej, madeleine, magdalena, magnus,
  mahmoud, maja, malte, malgorzata, manfred, manon, manuel, manuela, mara, marc, marcel, marcelo, marcin, marco, marcos, marcus, marek, margaret, margareta, margarita, margit, maria, mariam, marianne,
  marie, marija, marina, mario, marion, maris, marisa, marissa, marit, marius, mark, marko, markus, marlene, marta, martha, martin, martina, mary, maryam, mateo, mateusz, matej, mateus, mathias, mathieu, mathilde,
  matt, matteo, matthew, matthias, mattias, maureen, maurice, mauricio, mauro, max, maxim, maxime, maximilian, maya, megan, mehmet, mei, melanie, melissa, mercedes, meredith, merve, mia, michael, michaela, michal,
  michel, michela, michele, michelle, miguel, mihai, mika, mike, mikael, mikhail, mikko, milan, milena, milos, mina, ming, miriam, mirjam, mitchell, mohamed, mohammad, mohammed, moira, molly, mona, monica, monika, monique, morgan, moritz,
  morten, muhammad, muriel, murat, mustafa, nadia, nadine, naomi, natalia, natalie, natasha, nathalie, nathan, neha, neil, nelly, nick, nicola, nicolas, nicole, niels, nigel, nikhil, nikita, niklas, nikola, nikolai, nikolaos, nikos, nils, nina,
  noah, noel, noemi, nora, norbert, norman, olaf, ole, oleg, oleh, oleksandr, olena, olga, oliver, olivia, olivier, olof, omar, ondrej, oscar, oskar, osman, otto, pablo, pamela, paola, paolo, pascal, patricia,
  patrick, patrik, patrizia, paul, paula, paulina, pauline, paulo, pavel, pawel, pedro, peggy, per, peter, petr, petra, petros, phil, philip, philipp, philippe, phillip, pia, pierre, pieter, pilar, piotr, priya, rachel, radia, rafael, raffaele, rahul,
  raimund, rainer, raj, rajesh, ralf, ralph, ramon, raphael, raquel, rasmus, raul, ravi, ray, raymond, rebecca, regina, reinhard, remi, rene, renata, renate, rene, ricardo, riccardo, richard, rick, rikke, rita, rob, robert, roberta, roberto, robin, rodrigo,
  roger, rohan, rohit, roland, rolf, roman, romain, ron, ronald, rosa, rose, rosemary, ross, roy, ruben, rudolf, rui, rupert, russell, ruth, ryan, sabine, sabrina, salma, sally, sam, samantha, samir, samuel, sandeep, sandra, sandro, sandy, sanjay, santiago, sara,
  sarah, sascha, satoshi, scott, sean, sebastian, sebastien, selin, selma, serena, serge, sergei, sergey, serhii, sergio, shannon, sharon, shawn, sheila, shirley, sigrid, silke, silvia, simon, simona, simone, siobhan, sofia, sofie, sonia, sonja, sophia, sophie, stacy, stan, stefan,
  stefania, stefanie, stefano, steffen, stella, stephan, stephane, stephanie, stephen, steve, steven, stuart, sue, sunil, susan, susana, susanne, suzanne, sven, svetlana, sylvia, sylvie, szymon, tamara, tania, tanja, tara, tatiana, ted, terence, teresa, teresa, terry, tess, thea, theo, theodor, theresa,
  thierry, thomas, thorsten, tiago, tim, timo, timothy, tina, tobias, todd, tom, tomas, tomasz, tommy, toni, tony, torsten, tracy, trevor, tristan, tuomas, tyler, udo, ulf, uli, ulla, ulrich, ulrike, ursula, ute, uwe, vaclav, valentin, valentina, valeria, valerie, vanessa, vasile, vera, veronica, veronika,
  veronique, vicky, victor, victoria, viktor, viktoria, vincent, vincenzo, viola, virginia, virginie, vivek, vivian, vladimir, volker, walter, wanda, wayne, wei, wendy, werner, wiebke, wilhelm, will, william, wojciech, wolfgang, xavier, xin, yan, yann, yannick, yasmin, yasmine, yi, ying, yolanda,
  yousef, yu, yuki, yukihiro, yulia, yusuf, yuri, yves, yvette, yvonne, zachary, zainab, zeynep, zoe, zofia, zoltan, zsofia, zuzana,
  александр, александра, алексей, алексеи, алена, алина, алла, анастасия, анатолий, анатолии, андрей, андреи, анна, антон, артем, артур, богдан, борис, вадим, валентина, валерия, валерии, василий, василии, вера, виктор, виктория, виталии, владимир, владислав,
  галина, георгии, григории, данил, дарья, денис, дмитрии, дмитрий, евгении, евгения, екатерина, елена, иван, игорь, илья, инна, ирина, кирилл, константин, ксения, лариса, леонид, людмила, максим, маргарита, марина, мария, михаил, надежда, наталья, никита,
  николаи, олег, ольга, павел, петр, полина, роман, руслан, светлана, сергеи, степан, тамара, татьяна, юлия, юрии, яна, ярослав, олександр, олена, наталія, юлія, андрій, сергій, тарас, оксана, микола, дмитро, володимир, ігор, ірина, марія, катерина,
  γιωργος, γιαννης, δημητρης, νικος, κωστας, μαρια, ελενη, κατερινα, αννα, παναγιωτης, βασιλης, χρηστος, σοφια, ιωαννης, γεωργιος, νικολαος, αλεξανδρος
`).map(fold),
);

export function isGivenName(word: string): boolean {
  return GIVEN_NAMES.has(fold(word));
}

/** Family names of Chinese, Japanese and Korean people that are common, as a name in those scripts begins. */
const EAST_ASIAN_SURNAME =
  /^(?:[王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文]|佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|斎藤|斉藤|清水|山崎|森|池田|橋本|阿部|石川|中島|前田|藤田|小川|後藤|岡田|長谷川|村上|近藤|石井|坂本|遠藤|青木|藤井|西村|福田|太田|三浦|藤原|岡本|松田|中川|中野|原田|小野|竹内|金子|和田|中山|石田|上田|[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반])/u;

/** Whether a text in Chinese, Japanese or Korean script is written as a person's name. */
export function isEastAsianName(text: string): boolean {
  return (
    /^[\p{Script=Han}\p{Script=Hangul}々]{1,4}[ 　]?[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}々]{1,4}$/u.test(
      text,
    ) &&
    EAST_ASIAN_SURNAME.test(text) &&
    text.length <= 6
  );
}
