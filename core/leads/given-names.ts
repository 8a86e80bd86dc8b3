import { fold, phrases } from './text.ts';

/**
 * Given names that are common somewhere, from general knowledge: enough to tell a column of people from one
 * of places, jobs or products, and in which order a name stands where its form leaves that open ("García Márquez,
 * Gabriel" and "Ada Lovelace, Berlin"). Not a list to reject or change names by.
 */
const GIVEN_NAMES = new Set(
  phrases(`
  aaron, abdul, abdullah, abel, abigail, abraham, ada, adam, adel, adele, aditya, adrian, adriana, adrien,
  agata, agnes, agnieszka, ahmad, ahmed, aida, aidan, aileen, aino, aisha, ajay, akash, akira, alain,
  alan, alana, alba, albert, alberto, ale, alejandra, alejandro, aleksandar, aleksander, aleksandr,
  aleksandra, alena, ales, alessandra, alessandro, alessia, alessio, alex, alexander, alexandra,
  alexandre, alexandros, alexandru, alexei, alexey, alexis, alfonso, alfred, alfredo, ali, alice, alicia,
  alina, alison, allan, allison, alma, alvaro, amanda, amara, amber, amelia, amelie, amina, amir, amit,
  amy, ana, anais, ananya, anastasia, anders, andre, andrea, andreas, andreea, andrei, andrej, andres,
  andrew, andrey, andrzej, andy, angel, angela, angelica, angelika, angelina, angelo, aniket, anil, anita,
  anja, anjali, ankit, ann, anna, anne, annette, annika, anthony, antje, antoine, anton, antonella,
  antoni, antonia, antonino, antonio, antony, anu, anya, ari, aria, ariana, ariel, arjun, arnaud, arne,
  arnold, arthur, artur, arturo, arun, asa, ashley, ashok, astrid, attila, audrey, august, augusto,
  aurelie, aurora, avi, axel, aylin, ayse, aysegul, aysha, balazs, barbara, barry, bartosz, bas, bastian,
  bastien, bea, beata, beatrice, beatriz, ben, bence, benedikt, benjamin, benoit, bernard, bernardo,
  bernd, bernhard, bert, beth, bettina, betty, bianca, bill, birgit, bjorn, blanca, bo, bob, bogdan,
  boris, bozena, brad, bradley, brandon, brenda, brent, brian, bridget, brigitte, britta, bruce, bruno,
  bryan, burak, caitlin, camila, camille, can, carina, carl, carla, carlo, carlos, carmen, carol, carole,
  carolin, carolina, caroline, carsten, catalina, catarina, caterina, catherine, cathy, cecile, cecilia,
  cedric, celia, celine, cem, cesar, chaim, charles, charlie, charlotte, chen, cheryl, chiara, chidi,
  chloe, chris, christa, christel, christian, christiane, christina, christine, christoph, christophe,
  christopher, christos, cindy, claire, clara, claude, claudia, claudio, claus, clemens, clement, colin,
  connie, connor, conor, constantin, corinna, corinne, cornelia, craig, cristian, cristiano, cristina,
  csaba, cynthia, dagmar, daisuke, daisy, dale, damian, damien, dan, dana, daniel, daniela, daniele,
  daniella, danielle, danilo, danny, daphne, dario, dariusz, darko, darren, dave, david, davide, dawid,
  dawn, dean, deborah, debra, deepak, delphine, denis, denise, dennis, derek, derya, diana, diane, didier,
  diego, dieter, dietmar, dilip, dimitri, dimitris, dina, dirk, divya, dmitri, dmitry, dominic, dominik,
  dominique, don, donald, donna, dora, doris, dorota, dorothea, dorothy, doug, douglas, duncan, dusan,
  dustin, dylan, ebru, ed, eda, eddie, edgar, edith, edoardo, edsger, eduard, eduardo, edward, edwin,
  eileen, ekaterina, elaine, eleanor, elena, eleni, eleonora, eli, elias, elif, elin, elina, elisa,
  elisabeth, elise, elizabeth, elke, ella, ellen, elodie, els, elsa, emanuele, emil, emilia, emilie,
  emily, emine, emma, emmanuel, emre, eniko, enrico, enrique, eric, erica, erich, erik, erika, erin,
  ernest, ernesto, ernst, erwin, erzsebet, esra, esteban, esther, ethan, etienne, eugen, eugene, eugenia,
  eva, evan, eve, eveline, evelyn, evgeny, ewa, fabian, fabien, fabio, fabrice, fang, fanny, fatih,
  fatima, fatma, fatou, federica, federico, felipe, felix, ferdinand, ferenc, fernanda, fernando, filip,
  filipe, filippo, fiona, flavia, flavio, flora, florence, florian, frances, francesca, francesco,
  francis, francisca, francisco, franck, franco, francois, francoise, frank, franz, franziska, fred,
  frederic, frederick, frederik, fredrik, frieda, friedrich, fritz, fumiko, gabor, gabriel, gabriela,
  gabriele, gabriella, gabrielle, gael, gareth, gary, gavin, gemma, geoffrey, georg, george, georges,
  georgia, georgios, gerald, gerard, gerardo, gerd, gergely, gerhard, gert, giacomo, giancarlo, gianluca,
  gilles, gina, giorgia, giorgio, giorgos, giovanna, giovanni, gisela, giulia, giulio, giuseppe, glenn,
  gloria, gonzalo, gordon, grace, graeme, graham, grant, greg, gregor, gregory, greta, grzegorz, guido,
  guillaume, guillermo, gunnar, gunter, gunther, gustav, gustavo, guy, gyula, haakon, hakan, hal, halina,
  hanako, hanna, hannah, hanne, hannes, hans, harald, harold, harry, haruto, hasan, hassan, hatice,
  heather, hector, hedy, heide, heidi, heike, heiko, heinrich, heinz, helen, helena, helene, helga,
  helmut, hendrik, henri, henrik, henrike, henry, herbert, hermann, hideo, hilda, hiroshi, holger, holly,
  horst, howard, hubert, hugh, hugo, huseyin, ian, ibrahim, ichiro, ida, ignacio, igor, ilaria, ildiko,
  ilona, ilse, imi, imogen, imre, ines, inga, inge, ingo, ingrid, inigo, ioana, ioannis, irena, irene,
  irina, iris, isaac, isabel, isabella, isabelle, isla, ismail, istvan, ivan, ivana, ivo, iwona, jaap,
  jacek, jack, jackie, jacob, jacqueline, jacques, jaime, jakob, jakub, james, jamie, jan, jana, jane,
  janet, janine, janos, janusz, jared, jari, jaroslav, jasmin, jasmine, jason, javier, jay, jean,
  jeanette, jeanne, jeff, jeffrey, jelena, jen, jenna, jennifer, jenny, jens, jeremy, jerome, jerry,
  jerzy, jesper, jesse, jessica, jesus, jie, jihoon, jill, jim, jimmy, jin, jiri, jiro, jisoo, jo,
  joachim, joan, joana, joanna, joanne, joao, joaquin, jochen, joe, joel, joelle, joerg, johan, johann,
  johanna, johannes, john, johnny, jon, jonas, jonathan, joost, jordan, jordi, jorg, jorge, jos, jose,
  josef, joseph, josephine, josh, joshua, josip, joy, joyce, jozef, jozsef, juan, juana, judit, judith,
  judy, juergen, juha, jukka, jules, julia, julian, juliana, julie, julien, juliette, julio, julius, jun,
  jurgen, justin, justyna, jutta, kai, kamil, kamila, karel, karen, karim, karin, karina, karl, karla,
  karolina, karoline, karsten, kasia, kasper, katalin, katarina, katarzyna, kate, katerina, katharina,
  katherine, kathleen, kathrin, kathryn, kathy, katia, katie, katja, katrin, kavita, kay, kazimierz,
  kazuo, keiko, keith, kelly, ken, kenji, kenneth, kenta, kerstin, kevin, khaled, khalid, kim, kimberly,
  kirsten, klara, klaus, kofi, konrad, konstantin, konstantinos, krista, kristen, kristian, kristin,
  kristina, kristine, kristof, krystyna, krzysztof, kumar, kurt, kwame, kyle, lajos, lakshmi, lara, larry,
  lars, lasse, laszlo, laura, laure, lauren, laurence, laurent, lea, leah, lee, leila, lena, leo, leon,
  leonard, leonardo, leonie, leopold, leslie, leticia, lewis, liam, lidia, lila, lili, lilian, lily, lina,
  linda, lindsay, lisa, lise, liv, livia, liz, ljubica, lluis, lois, lola, lora, lorena, lorenzo, lothar,
  lotte, lou, louis, louisa, louise, luc, luca, lucas, lucia, luciano, lucie, lucy, ludovic, ludwig,
  luigi, luis, luisa, luiz, luka, lukas, lukasz, luke, luna, luz, lydia, lynn, maarten, maciej, madeleine,
  mads, magda, magdalena, magnus, mahmoud, maia, maja, malcolm, malgorzata, malin, malte, manfred, manish,
  manon, manuel, manuela, mara, marc, marcel, marcela, marcello, marcelo, marcin, marco, marcos, marcus,
  marek, margaret, margareta, margarita, margit, margot, maria, mariam, mariana, marianne, marie, marija,
  marijke, marina, mario, marion, maris, marisa, marissa, marit, marius, mariusz, mark, marketa, marko,
  markus, marlene, marta, marten, martha, martin, martina, martine, mary, maryam, matej, mateo, mateus,
  mateusz, mathias, mathieu, mathilde, matilda, mats, matt, matteo, matthew, matthias, matthieu, mattias,
  maureen, maurice, mauricio, maurizio, mauro, max, maxim, maxime, maximilian, maya, meera, megan, mehdi,
  mehmet, mei, melanie, melissa, meral, mercedes, meredith, merve, meryem, mia, michael, michaela, michal,
  michel, michela, michele, michelle, miguel, mihai, mihaly, mika, mikael, mike, mikhail, mikkel, mikko,
  miklos, mila, milan, milena, milos, min, mina, ming, minho, mira, miranda, mireille, mirela, miriam,
  mirjam, miroslav, mitchell, mohamed, mohammad, mohammed, moira, molly, mona, monica, monika, monique,
  morgan, moritz, morten, moshe, muhammad, murat, muriel, mustafa, nadia, nadine, nancy, naoki, naomi,
  natalia, natalie, natasha, nathalie, nathan, neha, neil, nele, nelly, nelson, ngozi, nia, nicholas,
  nick, nicola, nicolae, nicolas, nicole, niels, nigel, nikhil, nikita, niklas, nikola, nikolai, nikolaos,
  nikolas, nikos, nils, nina, noa, noah, noel, noelle, noemi, nora, norbert, norma, norman, nuno, nuria,
  odile, olaf, ole, oleg, oleh, oleksandr, olena, olga, oliver, olivia, olivier, olof, oluf, oluwaseun,
  omar, omer, ondrej, orsolya, oscar, oskar, osman, otto, owen, pablo, pal, pamela, paola, paolo, pascal,
  pascale, patricia, patricio, patrick, patrik, patrizia, paul, paula, paulina, pauline, paulo, pavel,
  pawel, pedro, peer, peggy, penelope, per, peter, petr, petra, petros, phil, philip, philipp, philippe,
  phillip, phoebe, pia, piero, pierre, pieter, pietro, pilar, piotr, piroska, pooja, priya, rachel, radek,
  radia, rafael, rafal, raffaele, rahul, raimund, rainer, raj, raja, rajesh, ralf, ralph, ramon, ramona,
  raphael, raquel, rasmus, raul, ravi, ray, raymond, rebecca, regina, reinhard, reka, remi, renata,
  renate, rene, ricardo, riccardo, richard, rick, rikke, rita, rob, robert, roberta, roberto, robin,
  rocio, rodrigo, roger, rohan, rohit, roland, rolf, romain, roman, ron, ronald, rory, rosa, rosalie,
  rose, rosemary, ross, roxana, roy, ruben, rudolf, rui, rupert, russell, ruth, ryan, sabina, sabine,
  sabrina, said, sakura, sally, salma, salvatore, sam, samantha, samir, samuel, sandeep, sandor, sandra,
  sandro, sandy, sanjay, santiago, sara, sarah, sascha, satoshi, scott, sean, sebastian, sebastiano,
  sebastien, selin, selma, seojun, serena, serge, sergei, sergey, sergio, serhii, shane, shannon, sharon,
  shaun, shawn, sheila, shirley, shlomo, sigrid, silke, silvia, silvio, simon, simona, simone, siobhan,
  sneha, sofia, sofie, sonia, sonja, sophia, sophie, soren, srinivas, stacy, stan, stanislav, stanislaw,
  stefan, stefania, stefanie, stefano, steffen, stella, stephan, stephane, stephanie, stephen, steve,
  steven, stig, stuart, sue, sunil, sunita, suresh, susan, susana, susanna, susanne, suzanne, sven,
  svetlana, swati, sylvain, sylvia, sylvie, szymon, tadeusz, takashi, takeshi, tal, tamara, tamas, tania,
  tanja, tanya, tara, taro, tatiana, ted, teodor, terence, teresa, terry, tess, thea, theo, theodor,
  theodore, theresa, therese, thiago, thierry, thomas, thorsten, tiago, tibor, tiffany, tim, timo,
  timothy, tina, tobias, todd, tom, tomas, tomasz, tommaso, tommy, tomoko, toni, tony, torben, torsten,
  tove, tracy, trevor, tristan, tuomas, tyler, udo, ugo, ulf, uli, ulla, ulrich, ulrike, urs, ursula,
  usha, ute, uwe, vaclav, valentin, valentina, valeria, valerie, vanessa, vasile, vera, veronica,
  veronika, veronique, vicente, vicky, victor, victoria, vijay, vikram, viktor, viktoria, vincent,
  vincenzo, viola, virginia, virginie, vito, vittoria, vivek, vivian, vladimir, volker, waldemar, walter,
  waltraud, wanda, wayne, wei, wendy, werner, wiebke, wilhelm, will, willem, william, winfried, wojciech,
  wolfgang, wouter, xavier, xiaoming, ximena, xin, yael, yan, yann, yannick, yasmin, yasmine, yi, ying,
  yolanda, yosef, yousef, youssef, yu, yuki, yukihiro, yulia, yuna, yuri, yusuf, yuto, yves, yvette,
  yvonne, zachary, zainab, zbigniew, zdenek, zeynep, zoe, zofia, zoltan, zsofia, zsolt, zsuzsanna, zuzana,
  александр, александра, алексей, алексеи, алена, алина, алла, анастасия, анатолий, анатолии, андрей,
  андреи, анна, антон, артем, артур, богдан, борис, вадим, валентина, валерия, валерии, василий, василии,
  вера, виктор, виктория, виталии, владимир, владислав, галина, георгии, григории, данил, дарья, денис,
  дмитрии, дмитрий, евгении, евгения, екатерина, елена, иван, игорь, илья, инна, ирина, кирилл,
  константин, ксения, лариса, леонид, людмила, максим, маргарита, марина, мария, михаил, надежда, наталья,
  никита, николаи, олег, ольга, павел, петр, полина, роман, руслан, светлана, сергеи, степан, тамара,
  татьяна, юлия, юрии, яна, ярослав, олександр, олена, наталія, юлія, андрій, сергій, тарас, оксана,
  микола, дмитро, володимир, ігор, ірина, марія, катерина, γιωργος, γιαννης, δημητρης, νικος, κωστας,
  μαρια, ελενη, κατερινα, αννα, παναγιωτης, βασιλης, χρηστος, σοφια, ιωαννης, γεωργιος, νικολαος,
  αλεξανδρος,
`).map(fold),
);

export function isGivenName(word: string): boolean {
  return GIVEN_NAMES.has(fold(word));
}

/** Family names of Chinese, Japanese and Korean people that are common, as a name in those scripts begins. */
const EAST_ASIAN_SURNAME =
  /^(?:[王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文]|佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|斎藤|斉藤|清水|山崎|森|池田|橋本|阿部|石川|中島|前田|藤田|小川|後藤|岡田|長谷川|村上|近藤|石井|坂本|遠藤|青木|藤井|西村|福田|太田|三浦|藤原|岡本|松田|中川|中野|原田|小野|竹内|金子|和田|中山|石田|上田|[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반])/u;

const SURNAME_ALONE = new RegExp(`${EAST_ASIAN_SURNAME.source}$`, 'u');

/** Whether a text is nothing but a common family name in those scripts, as before a form of address. */
export function isEastAsianSurname(text: string): boolean {
  return SURNAME_ALONE.test(text);
}

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
