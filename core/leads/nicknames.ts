import { spelling } from './spelling.ts';
import { phrases } from './text.ts';

/**
 * Given names and what their bearers are called, or how other alphabets and languages write them: `name: others`.
 * Names of one line are one name; those of two lines are not, though both may be short for the same.
 */
const TABLE = `
abigail: abby, gail
adelaide: addie
albert: al, bert, bertie, alberto
alejandro: alex, ale, jandro
alejandra: alex, ale, jandra
alexander: alex, al, sandy, alec, lex, sasha, sascha, xander, aleksandr, oleksandr, alexandr, aleksander, alexandros, alexandre, alessandro, sandro, olexandr, iskander, alexandru
alexandra: alex, sandra, sasha, sascha, lexi, aleksandra, alessandra, oleksandra, sandy, alexandrina
alexis: alex, lexi
alfred: al, fred, alfie, freddie, alfredo
alison: ali, allison, alyson, allie
amanda: mandy, manda
andreas: andi, andy, anders
andrew: andy, drew, andrei, andrey, andrzej, andriy, andrii, andre, andres, andras, ondrej, andrej
andrzej: jedrzej, andrew
angela: angie
anna: anne, ann, annie, anya, ania, anka, anica, anuschka
anastasia: nastya, nastia, stacy, anastasiia, anastasiya, asya
annabelle: anna, belle
anthony: tony, ant, antony, anton, antonio, antoine, antonios, antonis
antonio: tony, toni, toño, antonello, nino
antonia: toni, tonia, antonina
archibald: archie
arkadiusz: arek
arthur: art, artie, artur, arturo
augustin: gus, agustin, tino
barbara: barb, babs, barbie, babette, basia, bara, varvara
bartholomew: bart, bartosz, bartek, bartlomiej
beatrice: bea, trixie, beatriz, beatrix
benedict: ben, benedikt, benedetto, bento
benjamin: ben, benny, benji, benyamin, binyamin, benja
bernard: bernie, bernd, bernhard, bernardo
bernhard: bernd, bernie, hardy
bogdan: bohdan
boris: borya
bradley: brad
brian: bryan, brien
bridget: bridie, brigitte, birgit, birgitta, brigitta, gitta
cameron: cam
carl: karl, charles
carolina: caro, carol, lina, karolina
caroline: carrie, caro, carol, lina, karoline
catherine: cathy, kate, katie, kathy, cat, kit, katherine, kathryn, katharine, catharine, katharina, katarina, katarzyna, kasia, catalina, caterina, ekaterina, yekaterina, kateryna, katerina, katya, katia, katja, catarina, catrina, trina, ketevan
cecilia: cece, celia, cecile, cilla
charles: charlie, chuck, chas, carl, karl, carlos, carlo, karel, karol, chip
charlotte: lottie, charlie, lotte, carlotta
chester: chet
christian: chris, kristian, cristian, christiaan, krystian
christina: chris, tina, christine, christie, chrissy, kristina, kristine, kirsten, kristin, christiane, cristina, krystyna, christa, kerstin, kristen
christopher: chris, topher, kit, kristoffer, christoph, christoffer, krzysztof, cristobal, cristoforo, christos, christophe, krzysiek
clara: klara, claire, klaire
clement: clem, klemens, clemens
constantine: konstantin, kostas, kostya, konstantinos, costas, dinos, constantin, gus
cornelia: conny, nelly, corrie, cornelie
cornelius: kees, cor, neil, cornelis, corneel
courtney: court
cynthia: cindy
daniel: dan, danny, daniil, danilo, danylo, danil, dani
daniela: dani, danielle, danny, daniella, ella
david: dave, davy, davide, dawid, davit, daud
deborah: deb, debbie, debby, debra, debora
denise: denny
dennis: denny, denis, denys, dionisio
dieter: dietrich, diether
dietrich: dieter, dirk
dmitry: dima, dmitri, dmytro, dmitriy, dimitri, dimitrij, dmitrii, dimitrios, dimitris, mitya, mitja, jimmy
dominic: dom, nick, dominik, dominique, domenico, domingo, mimmo
donald: don, donnie
dorothy: dot, dottie, dorothea, dorota, doro, thea
douglas: doug
eberhard: ebbe, hardy
edmund: ed, ted, eddie, edmond, edmundo
eduardo: edu, lalo, edward
edward: ed, eddie, ted, teddy, ned, eduard, edvard, edouard, eduardo, edoardo
eleanor: ellie, nell, nora, elinor, ella, eleonora, leonor, elea
elena: helena, helen, olena, lena, yelena, alena, ilona, jelena, eleni, helene, lenka
elizabeth: liz, beth, betty, eliza, lizzie, elisabeth, bess, libby, betsy, lisa, elise, elisabetta, elzbieta, ela, lisbeth, elsbeth, elspeth, lise, liesl, yelizaveta, elizaveta, liza, sissi, erzsebet
emily: em, millie, emilie, emilia
emanuel: manuel, manny, emmanuel, manu, manolis, emmanouil
emma: em, emmie
enrique: quique, henry, kike
eric: erik, rick, erich, eirik, erick
ernest: ernie, ernst, ernesto
eugene: gene, yevgeny, evgeny, evgenii, evgeniy, yevhen, eugen, eugenio, zhenya, ievgen, ievgenii
evgenia: eugenia, zhenya, yevgenia, evgeniya, yevheniia, evgeniia
ferdinand: ferdi, fernando, nando
florian: flo
frances: fran, fanny, francesca, franziska, franzi, francisca, frankie, paquita
francesco: franco, cesco, checco, francis
francis: frank, fran, frankie, francois, franciszek, frantisek
francisco: paco, pancho, cisco, fran, curro, francis, chico, kiko
franz: francis, frank, franzl
frederick: fred, freddie, fritz, rick, friedrich, frederic, fredrik, federico, fryderyk, frederik, freddy, fiete
friedrich: fritz, fred, fiete, frieder
gabriel: gabe, gabi, gavriil, gabor
gabriela: gabi, gaby, gabriella, gabrielle, gabby
gary: gaz, garry
genevieve: gen, viv
geoffrey: jeff, geoff, jeffrey, gottfried
george: georg, jorge, giorgio, yuri, jerzy, georgios, giorgos, yiorgos, georgi, gyorgy, jiri, goran, yorgos, georges, iurii, yuriy, jurij, heorhii, georgiy
gerald: gerry, jerry, gerhard, geraldo, gerard
gerhard: gerd, gert, hardy
gerrit: gert, gerard
gianluca: luca
giovanni: gianni, nanni, vanni, john, giannino
giuseppe: beppe, peppe, pino, joseph, geppe, peppino
gregory: greg, grigory, grigoriy, gregor, grzegorz, gregorio, hryhorii, grisha, grigoris, grzesiek
guadalupe: lupe, lupita
guillermo: memo, guille, william
gustav: gus, gustavo, gustaf
hans: johannes, johann, hannes
heinrich: heinz, heiner, heino, henry, heini, hinrich
helen: nell, ellen, helena, lena, helene, nellie
hendrik: henk, rik, henry, henri, hein, hendrick
henry: harry, hank, hal, henri, henrik, enrico, henryk, hendrik
herbert: herb, bert, heribert
hermann: herman, harm, armin
howard: howie
hubert: hugh, bert, hubertus
ian: iain, john
ibrahim: ibo, abraham, ebrahim, ibraheem
ignacio: nacho, iggy, ignatius, ignazio, ignatz
igor: ihor, gosha
ilya: illia, ilia, elias, iliya
irene: rena, irena, irina, iryna, ira, irini, eirini
isaac: ike, zac, izaak, yitzhak
isabella: bella, izzy, isabel, isabelle, isa, ysabel, izabela, izabella, belle
ivan: vanya, john, iwan, vania
jacob: jake, jakob, jakub, jaap, kuba, yakov, jacopo, giacomo, jakov, coby, jacobus, iakov
jacqueline: jackie, jacqui
james: jim, jimmy, jamie, jem, jaime, hamish, seamus, jay
jan: johannes, john, janek, jasiek, honza
janet: jan, jean, janette
janusz: jan
javier: javi, xavier, xavi
jennifer: jen, jenny, jenn, jenna, jennie
jeremy: jerry, jem, jeremias, jeremiah
jerome: jerry, hieronymus, jeronimo, geronimo
jesus: chuy, chucho
jesse: jess
jessica: jess, jessie
joachim: jochen, achim, joaquin, jo, jochem
joan: joanie, jo, joanna, joann
joanna: jo, joan, asia, ioanna, johanna, joana, joanne
johannes: hans, hannes, jan, johan, joh, johann, jo, jens, john
john: jack, johnny, jon, johan, johann, jean, juan, joao, ian, sean, giovanni, jan, ivan, yohannes, ioannis, yannis, giannis, yiannis, jonny, evan, yanis, jock, shaun, shawn, janos
jonathan: jon, jonny, nathan, johnny, jonatan, yonatan, jonathon
jorge: george, coque
jose: pepe, joe, josep, zé, chepe, joseph, che
josephine: jo, josie, josefine, josefa, pepa, josefina, giuseppina, fina
joseph: joe, joey, jos, josef, jozef, iosif, yosef, yusuf, josip, jo, josh, jose, giuseppe, sepp, beppo, jef, joop, jupp, youssef, yousef
joshua: josh, yehoshua, jehoshua
juan: juanito, john, xuan
judith: judy, judi, jutta, yehudit, judit
julia: jules, julie, giulia, yulia, iuliia, juliya, yuliya, iulia, julka
julian: jules, julien, julio, iulian
katharina: kathi, käthe, katja, trina, rina, kaethe, kati
kenneth: ken, kenny
kimberly: kim, kimberley, kimmy
klaus: nikolaus, claus, nicholas
konrad: conrad, kurt, conny
kristoffer: chris, kristofer, stoffer
kurt: konrad, curt
larissa: lara, larisa
lawrence: larry, laurie, laurence, lorenzo, laurent, lars, lorenz, lawrie, laurens
leonard: leo, len, lenny, leonardo, leonhard, lenard
leonid: leo, lenya, leonidas
leopold: leo, poldi
leslie: les
lewis: lou, louis, lew, ludwig, luis, luigi
louis: lou, lewis, luis, luigi, ludwig, lajos, ludovic
louise: lou, luise, luisa, louisa, lulu
lucas: luke, luca, lukas, lukasz, luc, loukas
lucy: lu, lucia, lucie, luz, lucille, lucinda
ludmila: lyudmila, liudmyla, mila, lyuda, ljudmila, liudmila
luis: lucho, lou, louis, luisito
lyubov: liubov, lyuba
magdalena: magda, lena, maggie, maddalena, madeleine, leni, malena
manuel: manny, manolo, manu, emanuel
marcin: martin
margaret: maggie, meg, peggy, marge, margie, greta, rita, daisy, margarita, marguerite, margarete, gretchen, grete, malgorzata, gosia, margherita, margo, margot, madge, maisie, marit, margit
maria: mary, marie, mia, maria, mariya, mariia, masha, marja, marija, mitzi, mariya, mari, ria
maximilian: max, maxi, maks, massimiliano, maximiliano
maksim: max, maxim, maksym, maxime
mark: marc, marco, marcus, markus, marek, marcos, markos
mario: marius
martha: marta, mattie, patty
martin: marty, marcin, martino, martijn, maarten, morten, martti, martyn, tinus
mary: molly, polly, mae, maria, marie, mimi, maire, moira, maura
matthew: matt, matty, mateusz, matthias, mateo, matteo, matej, matthieu, mathieu, matvey, matheus, matti, mateus, maciej
matthias: matt, mathias, matze, matti, hias, thies, mats
maurice: mo, moritz, mauricio, maurizio, morris
melanie: mel, mela, melania
melissa: mel, lissa, missy
michael: mike, mick, micky, mikey, misha, mikhail, michal, michel, miguel, mykhailo, mihail, mikael, mickey, mihai, mischa, michiel, mihaly, michalis, mikhailo, mykhaylo, micha, michi, maik
michelle: shelly, michele, michaela, mishelle
miguel: migue, michael, mike
mikolaj: nicholas, mikolay
mohammed: mo, mohamed, muhammad, mohammad, mohamad, muhammed, mohd, mehmet, mahomet, mahmoud, hamada, moe, muhamed, md
mordechai: motti, mordy
moses: moshe, mo, musa, moishe
nancy: nan, ann
natalia: nat, natasha, talia, natalie, natalya, nataliia, nathalie, nataliya, natalija, natascha
nathaniel: nat, nate, nathan, nathanael
nicholas: nick, nicky, nico, nicolas, niklas, nikolai, nikolay, nikolaos, klaus, mykola, mikolaj, nikos, niccolo, nicola, nikolas, nikolaus, colin, nicolae, miklos, claus, nils, niels, kolya
nicole: nicky, nikki, nicki, nicola, nicoletta, coco
oksana: xenia, ksenia, oxana, kseniya, kseniia
oleg: oleh
oliver: ollie, olivier, olli, oliviero
olga: olha, helga, olya, olia
pamela: pam, pammy
patricia: pat, patty, tricia, trish, patsy, patrizia, paty
patrick: pat, paddy, rick, patrik, patrizio, patricio, padraig, patryk
paul: pablo, paolo, pavel, pawel, paulo, pavlo, pol, pal, paulus, pauli, pavlos
paula: paola, pauline, pavla, pauletta, paulina
pedro: peter, perico
penelope: penny, pinelopi
percival: percy
peter: pete, petr, pedro, pietro, pyotr, petro, piotr, pierre, peer, pieter, petros, per, petter, petar, pit, piet, petyo, petru
philip: phil, pip, felipe, filippo, filip, philipp, philippe, flip, filippos
prudence: pru, prue
rachel: rach, shelly, raquel, rachael, rahel, rachele
radoslaw: radek
rafael: rafa, raphael, raffaele, rafal, raffael, rafi
ramon: moncho, raymond
ray: raymond, raimund
raymond: ray, raimund, ramon, raimondo
rebecca: becky, becca, rebekah, beck, rebekka, reba, rivka
reginald: reg, reggie, rex
renate: rena, renata, reni
richard: rick, dick, rich, ricky, ricardo, riccardo, ryszard, ritchie, richie
robert: bob, rob, bobby, robbie, bert, roberto, robi, robb, roby
roberta: bobbie, robbie, berta
rodrigo: rod, rodri, rui
roger: rog, rodger, ruggero, rutger, rogelio, ruediger
roland: rollo, rolando, orlando, roly
ronald: ron, ronnie, ronny, ronaldo, reinald
rosa: rosie, rosita, rose, rosalia, roza
rosemary: rose, rosie, romy, rosemarie
rudolf: rudi, rolf, rudolph, rodolfo, rudy, dolf
rupert: ruprecht
russell: russ
salvatore: toto, salvo, sal, turi, salvador, salva, totò
samantha: sam, sammy
samuel: sam, sammy, samuele, shmuel, samuil
sandra: sandy, alexandra
sarah: sara, sally, sadie, sarai
sebastian: seb, bastian, basti, sebastien, sebastiano, bas, sebas, bastien
sergio: checo, sergius
sergey: sergei, serge, serhii, serhiy, sergii, seryozha, sergej, serghei, serzh
sharon: shari, sheri
sidney: sid, sydney
siegfried: siggi, sigi, sigfrido
simon: si, szymon, semyon, simeon, shimon, semen
slawomir: slawek, slavomir
sofia: sophie, sophia, sonya, sofiya, zofia, zosia, sofie, sonja, sofija, sofiia, sonia
solomon: sol, salomon, suleiman, shlomo, sulaiman
stanislaw: stan, staszek, stanislav, stas, stach, stanislaus
stephanie: steph, stephi, stefanie, steffi, stephany, stefania, stefi, fanny
stephen: steve, steven, stefan, stephan, stevie, esteban, stefano, etienne, stepan, istvan, stephane, stefanos, szczepan, steffen, ste, stevan, stjepan
susan: sue, susie, suzy, suzanne, susanne, susanna, susana, zuzana, sanna, susi, zuzanna, shoshana
svetlana: sveta, svitlana, lana, swetlana
sylvester: sly, silvester, silvestre
tadeusz: tadek, thaddeus
tamara: tammy, toma, mara
tatiana: tanya, tania, tetiana, tatyana, tatjana, tanja
teresa: terry, tess, tessa, therese, theresa, theresia, resi, tere, terezia, terka
terence: terry, terrence
theodore: ted, theo, teddy, theodor, fyodor, fedor, teodoro, fedir, todor, theodoros, feodor, tadd, teo, thodoris
thomas: tom, tommy, tomas, tomasz, tommaso, tome, tomek, thom, tomasso, tuomas, foma
timothy: tim, timmy, timofey, timo, timotheus, tymofiy, timur
tobias: toby, tobi, tobiasz
ulrich: uli, ulli, ueli, utz, ulrik
ulrike: uli, ulla, rike, ricky
ursula: uschi, ulla, ursel, orsola
valentina: valya, vale, tina, valentyna
valery: valerii, valeriy, valera
vanessa: nessa, vany
vasily: vasya, vasiliy, vasyl, basil, wasilij, vassili, vasilii, vasileios, vasilis, vassilis
veronica: ronnie, vero, veronika, weronika, nika
victor: vic, vick, viktor, vittorio, wiktor, vitya
victoria: vicky, vic, tori, vicki, viktoria, viktoriia, vika, vittoria, wiktoria, viktoriya, tory
vincent: vince, vinny, vincenzo, vicente, vin, enzo, vincenz
virginia: ginny, ginger, virginie
vladimir: vlad, volodymyr, vova, wladimir, volodya, waldemar, wlodzimierz, volodimir, vladimiro, vovka, wladymir
vladislav: vlad, wladyslaw, ladislav, laszlo, vladyslav, wladek
volker: volkert
vyacheslav: slava, viacheslav, vaclav, waclaw, wenzel
waclaw: vaclav, wacek
walter: walt, wally, gualtiero, wat, wouter, valter
werner: verner
wilhelm: willi, willy, helmut, bill, will, william, wim
wilhelmina: mina, willa, minnie, wilma, billie, mien
willem: wim, pim, william, willy, bill
william: bill, will, billy, willy, liam, guillermo, guillaume, wilhelm, willem, guglielmo, willie, vilhelm, gwilym, uilliam
winifred: winnie, fred
winston: winnie
wojciech: wojtek, adalbert
wolfgang: wolf, wolfi, wulf
xavier: xavi, javier, zavier
yves: ives, ivo
yvonne: evi, ivonne
zachary: zach, zack, zak, zacharias, zachariah, zakaria, zechariah
zbigniew: zbyszek
`;

/** By spelling: the names (lines of the table) that somebody called so may have. */
const NAMES = new Map<string, Set<string>>();
for (const line of TABLE.split('\n')) {
  const [name = '', others = ''] = line.split(':');
  if (name === '') continue;
  for (const each of [name, ...phrases(others)]) {
    const key = spelling(each);
    NAMES.set(key, (NAMES.get(key) ?? new Set()).add(spelling(name)));
  }
}

/**
 * Whether two given names (as `spelling` writes them) can be one person's: one is short for the other, or both are
 * short for one name. Names that only share something they are short for (Alexander, Alexandra) cannot.
 */
export function isSameGivenName(a: string, b: string): boolean {
  if (a === b) return true;
  const [ofA, ofB] = [NAMES.get(a), NAMES.get(b)];
  return ofA !== undefined && ofB !== undefined && !ofA.isDisjointFrom(ofB);
}

/** Whether somebody with a given name (as `spelling` writes it) may be called by one that begins with this letter. */
export function mayBeginWith(name: string, letter: string): boolean {
  if (name.startsWith(letter)) return true;
  const own = NAMES.get(name);
  return (
    own !== undefined && [...NAMES].some(([other, of]) => other.startsWith(letter) && !of.isDisjointFrom(own))
  );
}
