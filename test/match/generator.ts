import { entryOf, idOf } from '../enrichment/scripted-apollo.ts';
import { random } from '../sandbox/chance.ts';

/**
 * Leads with the answers that Apollo might give to them, made to mislead. Every table in here was written for it
 * alone: one that it had in common with the comparison would prove nothing.
 */

export interface Case {
  readonly kind: string;
  /** Cells under {@link HEADERS}. */
  readonly row: readonly string[];
  /** What Apollo answers: a person, or `null` for a miss. */
  readonly answer: Record<string, unknown> | null;
  /** Apollo's id of the person whom the lead means. */
  readonly truth: string;
}

export const HEADERS = [
  'first_name',
  'last_name',
  'name',
  'company',
  'domain',
  'email',
  'linkedin_url',
] as const;

const GIVEN =
  `Marta Ingrid Rashid Tobias Fiona Graham Noor Esther Leif Dalia Ruben Celeste Hugo Miriam Otto Paloma Idris
Freya Casper Livia Anselm Bianca Darius Elin Farid Greta Hamish Imogen Jonas Kaia Lorcan Maeve Nadir Orla Priya Quentin
Rosalind Silas Thora Umberto Verena Wendell Yara Zeno`.split(/\s+/);
const FAMILY =
  `Albright Brandt Castellano Drummond Eklund Fairweather Galbraith Halloran Iversen Jankowitz Kowalczyk
Lindqvist Montague Nordstrom Okafor Pemberton Quigley Rosenthal Stavros Thackeray Underhill Vandermeer Whitfield
Yamashita Zielinski Abernathy Bellweather Carmichael Delacroix Everhart`.split(/\s+/);
const TRADES = `Logistics Robotics Foods Textiles Energy Ceramics Optics Shipping Bakery Analytics`.split(
  ' ',
);
const BRANDS =
  `Brightwater Tailspin Fourthcoffee Wingtip Litware Proseware Lucerne Humongous Coho Alpine Margie Relecloud
Adatum Trey Woodgrove Northbreeze`.split(/\s+/);

const SHORT =
  `Katherine Katie, William Will, Giovanni Gianni, Aleksandr Sasha, José Pepe, Francisco Paco, Margaret Peggy,
Theodore Ted, Elizabeth Betsy, Johannes Hannes, Dmitri Dima, Anthony Tony, Samuel Sam, Benjamin Ben, Deborah Debbie,
Christina Tina, Nikolaos Nikos, Ignacio Nacho, Robert Bob, Richard Dick, Edward Ned, Charles Chuck, James Jim, Rebecca
Becky, Susan Sue, Patricia Trish, Michael Mike, Alexandra Sandra, Friedrich Fritz, Heinrich Heiner, Joachim Achim, Giuseppe
Beppe, Lawrence Larry, Joseph Joe, Gregory Greg, Thomas Tom, Andrew Drew, Daniel Dan, Stephen Steve, Matthew Matt, Philip
Pip, Jennifer Jenny, Victoria Vicky, Natalia Natasha, Maximilian Max, Sebastian Basti, Gabriela Gabi, Ekaterina Katya,
Tadeusz Tadek, Vladimir Vova`
    .split(',')
    .map((pair) => pair.trim().split(/\s+/));

/** One name, twice: as one country writes it, and as another does. */
const SPELLED =
  `Jürgen Grünewald|Juergen Gruenewald; Søren Kjærgaard|Soren Kjaergaard; Łucja Żak|Lucja Zak; Björn Öberg|Bjorn
Oberg; François Lefèvre|Francois Lefevre; Zoë Peña|Zoe Pena; Владимир Кузнецов|Vladimir Kuznetsov; Наталья Чернышева|Natalya
Chernysheva; Юлия Яковлева|Yulia Yakovleva; Александр Шевченко|Aleksandr Shevchenko; Дмитрий Щукин|Dmitry Shchukin; Ελένη
Παπαδάκη|Eleni Papadaki; Γιώργος Νικολάου|Giorgos Nikolaou; Şule Çelik|Sule Celik; Tomáš Dvořák|Tomas Dvorak; Ángel
Núñez|Angel Nunez; Jiří Růžička|Jiri Ruzicka; Ștefan Țepeș|Stefan Tepes; Сергей Журавлёв|Sergey Zhuravlev; Олександр
Коваленко|Oleksandr Kovalenko; Weiß Käthe|Weiss Kaethe; Håkon Ås|Hakon Aas; Đorđe Živković|Djordje Zivkovic; Михаил
Хохлов|Mikhail Khokhlov; דניאל רוזנברג|Daniel Rosenberg; רחל גולדמן|Rachel Goldman; كريم بنزيمة|Karim Benzema; نادية سلطان|Nadia
Sultan; अर्जुन मेहता|Arjun Mehta; नेहा वर्मा|Neha Verma; সুমন দাস|Suman Das; அருண் விஜய்|Arun Vijay; ლევან ჩხეიძე|Levan
Chkheidze; Տիգրան Սահակյան|Tigran Sahakyan; วิชัย ทองดี|Wichai Thongdee; Yusuf Yıldız|Yusuf Yildiz; Петро Гончаренко|Petro Honcharenko; Анна Ющенко|Anna Yushchenko`
    .split(';')
    .map((pair) => pair.trim().replace(/\s+/g, ' ').split('|'));

/** One letter or two make another person of them. */
const LOOKALIKES =
  `Daniel Daniela, Mario Maria, Eric Erica, Martin Marvin, Julian Juliana, Paul Paula, Karl Karla, Denis
Denise, Christian Christina, Adam Ada, Jan Jana, Andreas Andrea, Robin Robert, Alexander Alexandra, Gabriel Gabriella, Simon
Simone, Joan Johan, Nicholas Nicole, Tim Tom, Marc Mary, Lena Lina, Ali Alina`
    .split(',')
    .map((pair) => pair.trim().split(/\s+/));

interface Person {
  readonly given: string;
  readonly family: string;
  readonly company: { readonly name: string; readonly domain: string };
  readonly slug: string;
  readonly email: string;
}

type Fields = Partial<Record<(typeof HEADERS)[number], string>>;
type Made = {
  readonly lead: Fields;
  readonly answer: Record<string, unknown> | null;
  readonly truth: string;
};

/** What a kind of case is made from. */
interface Kit {
  readonly me: Person;
  readonly number: number;
  pick<T>(list: readonly T[]): T;
  /** Somebody else of the same company. */
  colleague(): Person;
  /** Somebody of that name elsewhere. */
  elsewhere(person: Person): Person;
}

function personAt(number: number, given: string, family: string, brand: string, trade: string): Person {
  const domain = `${brand}${trade}${number}.com`.toLowerCase();
  const plain = `${given} ${family}`
    .normalize('NFD')
    .replace(/[^A-Za-z ]/g, '')
    .toLowerCase()
    .replaceAll(' ', '-');
  return {
    given,
    family,
    company: { name: `${brand} ${trade} ${number}`, domain },
    slug: `https://www.linkedin.com/in/${plain || 'member'}-${number}`,
    email: `${plain.replace('-', '.') || 'post'}@${domain}`,
  };
}

function entry(person: Person, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { given, family, company, slug, email } = person;
  return {
    ...entryOf(`${given} ${family}`, company),
    id: idOf(`${given} ${family} ${company.name}`),
    first_name: given,
    last_name: family,
    linkedin_url: slug,
    email,
    employment_history: [{ organization_name: company.name, current: true }],
    match_confidence: 'high',
    ...more,
  };
}

const named = ({ given, family }: Person): Fields => ({ first_name: given, last_name: family });
const at = ({ company }: Person): Fields => ({ company: company.name, domain: company.domain });
const right = (lead: Fields, person: Person, more?: Record<string, unknown>): Made => {
  const answer = entry(person, more);
  return { lead, answer, truth: String(answer.id) };
};
/** Apollo answers with another. */
const wrong = (lead: Fields, meant: Person, answer: Record<string, unknown>): Made => ({
  lead,
  answer,
  truth: String(entry(meant).id),
});
const past = (employer: string) => ({ organization_name: employer, current: false });

/** Kinds in which the answer is the right person. */
const RIGHT: Readonly<Record<string, (kit: Kit) => Made>> = {
  plain: ({ me }) => right({ ...named(me), ...at(me) }, me),
  'by e-mail': ({ me }) => right({ email: me.email }, me),
  'by profile': ({ me }) => right({ linkedin_url: me.slug }, me),
  'by profile with a moved employer': ({ me, elsewhere }) =>
    right({ linkedin_url: elsewhere(me).slug, ...at(me) }, elsewhere(me)),
  'short form': ({ me, pick }) => {
    const [long = '', short = ''] = pick(SHORT);
    return right({ first_name: short, last_name: me.family, ...at(me) }, { ...me, given: long });
  },
  'long form': ({ me, pick }) => {
    const [long = '', short = ''] = pick(SHORT);
    return right({ first_name: long, last_name: me.family, ...at(me) }, { ...me, given: short });
  },
  spelled: ({ me, pick }) => {
    const [own = '', latin = ''] = pick(SPELLED);
    return right({ name: own, ...at(me) }, called(me, latin));
  },
  'spelled the other way': ({ me, pick }) => {
    const [own = '', latin = ''] = pick(SPELLED);
    return right({ name: latin, ...at(me) }, called(me, own));
  },
  initial: ({ me }) => right({ first_name: `${me.given[0]}.`, last_name: me.family, ...at(me) }, me),
  'family name first': ({ me }) => right({ name: `${me.family} ${me.given}`, ...at(me) }, me),
  'middle name': ({ me, pick }) =>
    right({ ...named({ ...me, given: `${me.given} ${pick(GIVEN)}` }), ...at(me) }, me),
  'middle initial': ({ me }) => right({ name: `${me.given} T. ${me.family}`, ...at(me) }, me),
  particle: ({ me, pick }) => {
    const particle = pick(['van der', 'de la', 'von', 'di', 'dos']);
    return right({ ...named({ ...me, family: `${particle} ${me.family}` }), ...at(me) }, me);
  },
  'half of a double surname': ({ me, pick }) =>
    right({ ...named(me), ...at(me) }, { ...me, family: `${me.family}-${pick(FAMILY)}` }),
  'two surnames': ({ me, pick }) =>
    right({ ...named({ ...me, family: `${me.family} ${pick(FAMILY)}` }), ...at(me) }, me),
  'double given name': ({ me, pick }) => {
    const second = pick(GIVEN);
    return right(
      { first_name: `${me.given} ${second}`, last_name: me.family, ...at(me) },
      { ...me, given: `${me.given}-${second}` },
    );
  },
  married: ({ me, pick }) =>
    right({ ...named(me), ...at(me), linkedin_url: me.slug }, { ...me, family: `Mc${pick(FAMILY)}` }),
  'moved, with a history': ({ me, elsewhere }) =>
    right({ ...named(me), ...at(me) }, elsewhere(me), {
      employment_history: [
        { organization_name: elsewhere(me).company.name, current: true },
        past(me.company.name),
      ],
    }),
  'company with a legal form': ({ me, pick }) =>
    right(
      { ...named(me), company: `${me.company.name} ${pick(['GmbH', 'Inc.', 'Ltd', 'S.A.', 'B.V.'])}` },
      me,
    ),
  'company of a group': ({ me }) =>
    right(
      { ...named(me), company: me.company.name },
      { ...me, company: { ...me.company, name: `${me.company.name} Group` } },
    ),
  'domain of another country': ({ me }) =>
    right({ ...named(me), domain: me.company.domain.replace(/com$/, 'de') }, me),
  'another address of the person': ({ me }) =>
    right({ email: `${me.given[0]}${me.family}@${me.company.domain}`.toLowerCase() }, me),
  'without an address': ({ me }) =>
    right({ ...named(me), ...at(me) }, me, { email: null, email_status: 'unavailable' }),
  'not sure itself': ({ me }) => right({ ...named(me), ...at(me) }, me, { match_confidence: 'low' }),
};

/** Kinds in which the answer is a stranger, or nobody. */
const WRONG: Readonly<Record<string, (kit: Kit) => Made>> = {
  namesake: ({ me, elsewhere }) => wrong({ ...named(me), ...at(me) }, me, entry(elsewhere(me))),
  'namesake, asked by company alone': ({ me, elsewhere }) =>
    wrong({ ...named(me), company: me.company.name }, me, entry(elsewhere(me), { match_confidence: 'low' })),
  'namesake of a namesake company': ({ me, number }) => {
    const other = { ...me, company: { name: me.company.name, domain: `quitedifferent${number}.com` } };
    return wrong({ ...named(me), ...at(me) }, me, entry(other, { id: idOf(`${number} other`), email: null }));
  },
  colleague: ({ me, colleague }) => wrong({ ...named(me), ...at(me) }, me, entry(colleague())),
  sibling: ({ me, colleague }) =>
    wrong({ ...named(me), ...at(me) }, me, entry({ ...colleague(), family: me.family })),
  lookalike: ({ me, pick }) => {
    const [one = '', other = ''] = pick(LOOKALIKES);
    const meant = { ...me, given: one };
    return wrong({ ...named(meant), ...at(me) }, meant, entry({ ...me, given: other }));
  },
  'same given name': ({ me, colleague }) =>
    wrong({ ...named(me), ...at(me) }, me, entry({ ...colleague(), given: me.given })),
  'the profile is somebody else’s': ({ me, colleague }) => {
    const other = { ...colleague(), slug: me.slug };
    return wrong({ ...named(me), ...at(me), linkedin_url: me.slug }, me, entry(other));
  },
  'the mailbox is somebody else’s': ({ me, colleague }) => {
    const other = { ...colleague(), email: me.email };
    return wrong({ ...named(me), email: me.email }, me, entry(other));
  },
  'another profile of that name': ({ me, number }) => {
    const other = { ...me, slug: `${me.slug}9` };
    return wrong(
      { ...named(me), ...at(me), linkedin_url: me.slug },
      me,
      entry(other, { id: idOf(`${number} other`) }),
    );
  },
  'another mailbox': ({ me, colleague }) => wrong({ email: me.email }, me, entry(colleague())),
  'another surname of two': ({ me, pick, colleague, number }) => {
    const meant = { ...me, family: `${me.family} ${pick(FAMILY.slice(0, 10))}` };
    const other = { ...me, family: `${me.family} ${pick(FAMILY.slice(10, 20))}`, slug: colleague().slug };
    return wrong({ ...named(meant), ...at(me) }, meant, entry(other, { id: idOf(`${number} other`) }));
  },
  'another middle initial': ({ me, number }) =>
    wrong(
      { name: `${me.given} B. ${me.family}`, ...at(me) },
      me,
      entry({ ...me, given: `${me.given} K.` }, { id: idOf(`${number} other`) }),
    ),
  stub: ({ me }) =>
    wrong({ ...named(me), ...at(me), email: me.email }, me, {
      id: idOf(me.slug),
      name: '',
      first_name: '',
      last_name: '',
      match_confidence: 'none',
      organization: { id: idOf(me.company.name), name: me.company.name, primary_domain: me.company.domain },
    }),
  miss: ({ me }) => ({ lead: { ...named(me), ...at(me) }, answer: null, truth: String(entry(me).id) }),
};

function called(person: Person, name: string): Person {
  const [given = '', ...family] = name.split(' ');
  return { ...person, given, family: family.join(' ') };
}

/** So many cases, as many of each kind. */
export function casesOf(count: number, seed: number): Case[] {
  const roll = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;
  const kinds = [...Object.entries(RIGHT), ...Object.entries(WRONG)];
  return Array.from({ length: count }, (_, number) => {
    const [kind, make] = kinds[number % kinds.length] ?? ['', RIGHT.plain];
    const [given, family, brand, trade] = [pick(GIVEN), pick(FAMILY), pick(BRANDS), pick(TRADES)];
    const me = personAt(number, given, family, brand, trade);
    const others = BRANDS.filter((each) => each !== brand);
    const elsewhereBrand = pick(others);
    const elsewhereTrade = pick(TRADES.filter((each) => each !== trade));
    const otherGiven = pick(GIVEN.filter((each) => each[0] !== given[0]));
    const otherFamily = pick(FAMILY.filter((each) => each[0] !== family[0]));
    const { lead, answer, truth } = (make as (kit: Kit) => Made)({
      me,
      number,
      pick,
      colleague: () => ({ ...personAt(number, otherGiven, otherFamily, brand, trade) }),
      elsewhere: (person) => ({
        ...person,
        company: personAt(number, given, family, elsewhereBrand, elsewhereTrade).company,
        email: personAt(number, person.given, person.family, elsewhereBrand, elsewhereTrade).email,
      }),
    });
    return { kind, row: HEADERS.map((header) => lead[header] ?? ''), answer, truth };
  });
}

/** Whether the answer is the right person, as the generator knows. */
export function isRight({ kind }: Case): boolean {
  return Object.hasOwn(RIGHT, kind);
}
