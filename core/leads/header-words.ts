/**
 * What lists call the fields, in English, German, French, Spanish, Portuguese and Italian, and in the
 * exports of LinkedIn (Connections, Sales Navigator), PhantomBuster, Evaboot, Dux-Soup, Waalaxy, Lemlist,
 * Apollo, HubSpot, Salesforce, Pipedrive, Outlook and Google Contacts. Within a field the better column
 * comes first: a public address before one that may be private, work e-mail before personal.
 */
import type { LeadField } from './lead.ts';
import { foldWords, phrases } from './text.ts';

const SYNONYMS: Readonly<Record<LeadField, readonly string[]>> = {
  apollo_id: ['apollo id', 'apollo person id', 'person id', 'people id'],
  linkedin_url: phrases(`
    default profile url, linkedin url public, public linkedin url, linkedin public url, public profile url,
    linkedin public profile url, person linkedin url, linkedin profile url, linkedin url, linkedin profile,
    linkedin profile link, linkedin link, linkedin, li url, li profile, li profile url, person linkedin,
    profile linkedin, linkedin page, linkedin address, linkedin contact profile url, hs linkedin url,
    linkedin profil, linkedin profil url, linkedin adresse, profil linkedin, url linkedin,
    url profil linkedin, lien linkedin, url du profil linkedin, perfil linkedin, perfil de linkedin,
    url de linkedin, url del perfil, enlace linkedin, perfil do linkedin, link linkedin, url do linkedin,
    url do perfil, profilo linkedin, profile url, profile link, profile, profil url, profil, perfil,
    url profil, person url, social url, linkedin url unique id, linkedin member url
  `),
  email: phrases(`
    email, email address, work email, work email address, business email, business email address,
    professional email, company email, corporate email, pro email, email pro, verified email, mail,
    mail address, e mail, email adresse, mail adresse, mailadresse, geschaftliche email, email geschaftlich,
    email beruflich, geschaftliche email adresse, adresse email, adresse mail, courriel, adresse courriel,
    adresse electronique, adresse de messagerie, email professionnel, email professionnelle,
    mail professionnel, adresse email professionnelle, correo, correos, correo electronico,
    direccion de correo, direccion de correo electronico, correo corporativo, correo profesional,
    direccion email, email corporativo, endereco de email, endereco email, correio eletronico,
    email profissional, email empresarial, email comercial, email do contato, indirizzo email,
    posta elettronica, emails, best email, found email, enriched email, secondary email, additional email,
    other email, alternative email, personal email, private email, home email, email personal, email privat,
    private email adresse, email personnel, correo personal, email pessoal
  `),
  hashed_email: phrases(`
    hashed email, email hash, email hashed, email md5, md5 email, email sha256, sha256 email, email sha 256,
    md5, sha256, hem, hashed email address
  `),
  first_name: phrases(`
    first name, firstname, given name, given names, forename, fname, christian name, first, vorname,
    vornamen, rufname, prenom, prenoms, primer nombre, nombre de pila, primeiro nome, nome proprio,
    voornaam
  `),
  last_name: phrases(`
    last name, lastname, surname, family name, lname, last, second name, nachname, nachnamen, familienname,
    zuname, nom de famille, nom famille, apellido, apellidos, primer apellido, sobrenome, sobrenomes,
    ultimo nome, apelido, cognome, achternaam
  `),
  name: phrases(`
    full name, fullname, complete name, person name, contact full name, lead full name, display name,
    linkedin name, profile name, name und vorname, name vorname, vorname name, vor und nachname,
    vorname nachname, vollstandiger name, vollname, ansprechpartner, kontakt, ansprechperson, kontaktperson,
    kontaktname, nom complet, nom et prenom, nom prenom, prenom nom, prenom et nom, nom du contact,
    interlocuteur, nombre completo, nombre y apellido, nombre y apellidos, nombre apellidos,
    nombre del contacto, nombre contacto, nome completo, nome e sobrenome, nome do contato, nome contato,
    nome e cognome, contact, contact name, contact person
  `),
  company: phrases(`
    company, company name, current company, current company name, organization, organisation,
    organization name, organisation name, account name, account, company account, employer,
    current employer, employer name, business name, company or account, org, org name, business,
    associated company, primary company, primary associated company, company legal name,
    company name for emails, linkedin company, linkedin company name, contact company, firma, firmenname,
    name der firma, unternehmen, unternehmensname, name des unternehmens, arbeitgeber, organisationsname,
    gesellschaft, betrieb, entreprise, nom de l entreprise, nom entreprise, nom de lentreprise,
    entreprise actuelle, societe, nom de la societe, nom societe, raison sociale, employeur, compagnie,
    organisme, empresa, nombre de la empresa, nombre empresa, compania, nombre de la compania,
    nombre de empresa, razon social, organizacion, empresa actual, sociedad, nome da empresa, nome empresa,
    razao social, organizacao, companhia, empresa atual, empregador, azienda, nome azienda, societa,
    ragione sociale, bedrijf, bedrijfsnaam
  `),
  domain: phrases(`
    company domain, company domain name, domain, domain name, organization domain, account domain,
    primary domain, email domain, website domain, web domain, company website, company website url,
    company web site, company site, company homepage, organization website, account website,
    corporate website, business website, website, website url, web site, websites, web, homepage, url,
    web address, company url, company web, firmendomain, firmenwebsite, firmenwebseite, webseite,
    webseite url, internetseite, internetadresse, internet, unternehmenswebsite, unternehmenswebseite,
    website des unternehmens, domaine, nom de domaine, domaine entreprise, site web, site internet, site,
    site de l entreprise, site web entreprise, url du site web, dominio, dominio de la empresa,
    dominio empresa, nombre de dominio, nombre de dominio de la empresa, sitio web, pagina web,
    sitio web de la empresa, url del sitio web, web de la empresa, dominio da empresa,
    nome de dominio da empresa, site da empresa, website da empresa, sitio, pagina da web, url do site,
    sito web, sito, link
  `),
  company_linkedin_url: phrases(`
    company linkedin url, company linkedin, linkedin company url, linkedin company page,
    company linkedin page, company linkedin profile, company linkedin link, organization linkedin url,
    organization linkedin, account linkedin url, account linkedin, corporate linkedin url,
    regular company url, linkedin company profile, company profile url, company profile,
    current company url, employer linkedin url, linkedin unternehmen, unternehmen linkedin,
    linkedin unternehmensseite, firma linkedin, linkedin firma, firmen linkedin, linkedin entreprise,
    linkedin de l entreprise, page linkedin entreprise, entreprise linkedin, linkedin societe,
    linkedin empresa, linkedin de la empresa, empresa linkedin, linkedin da empresa,
    pagina de linkedin de la empresa, linkedin company page url, company li url
  `),
};

/**
 * Headers that mean a part of the name beside its other part, and the whole name alone: German "Name"
 * beside "Vorname", French "Nom" beside "Prénom", Portuguese "Nome" beside "Sobrenome".
 */
const NAME_LIKE: ReadonlyMap<string, 'first_name' | 'last_name'> = new Map([
  ['name', 'last_name'],
  ['nom', 'last_name'],
  ['naam', 'last_name'],
  ['nome', 'first_name'],
  ['nombre', 'first_name'],
  ['nombres', 'first_name'],
]);

/** Words around a synonym that change nothing: "Contact: Email", "Person - Email - Work", "E-mail 1 - Value". */
const NEUTRAL_BEFORE = new Set(
  phrases(`
  contact, contacts, lead, leads, person, people, prospect, primary, main, your, the, kontakt, contacto,
  contato, hauptkontakt, properties, property, fields, data, attributes, linkedin, linked, in, crm
`),
);
const NEUTRAL_AFTER = new Set(
  phrases(`
  value, work, business, required, optional, pflichtfeld, obligatoire, requerido, obrigatorio, field, text,
  primary, main
`),
);

/** Words of columns about something or somebody else: "Email Status", "Contact owner", "Manager e-mail". */
const ELSEWHERE = new Set(
  phrases(`
  owner, owners, status, opt, optin, optout, consent, verification, validation, verified, bounce, bounced,
  count, type, source, quality, score, confidence, created, modified, updated, by, manager, assistant,
  referrer, referral, referred, sender, sent, reply, assigned, assignee, creator, account executive,
  executive, rep, sdr, ae, user, besitzer, inhaber, eigentumer, zustandig, verantwortlich, bearbeiter,
  betreuer, proprietaire, responsable, propietario, proprietario, responsavel, dono, statut, estado, parent,
  previous, former, past, old, ex, competitor, partner, vendor, note, notes, notiz, notizen, comment,
  description, message, apollo, mutual, shared, viewer, search, query, image, img, picture, photo, logo,
  avatar
`),
);

export type HeaderMeaning =
  | { readonly kind: 'field'; readonly field: LeadField; readonly rank: number }
  /** A name, whole or the given part, as the other columns will tell. */
  | { readonly kind: 'name-like'; readonly part: 'first_name' | 'last_name' }
  /** Says that the column is about something else, whatever its values look like. */
  | { readonly kind: 'elsewhere' }
  /** Words that are no synonym. */
  | { readonly kind: 'other'; readonly words: readonly string[] }
  /** Nothing: no header, a number, a letter. */
  | { readonly kind: 'blank' };

/** A header that is only neutral after words were taken away ranks behind all that are as they stand. */
const STRIPPED_RANK = 1000;

const FIELDS = new Map<string, { field: LeadField; rank: number }>();
for (const [field, synonyms] of Object.entries(SYNONYMS)) {
  synonyms.forEach((synonym, rank) => {
    FIELDS.set(condense(synonym), { field: field as LeadField, rank });
  });
}

const BLANK =
  /^(?:(?:column|col|field|feld|spalte|colonne|columna|coluna|campo|unnamed|header|var|value|f|c|v|x)?\d*|[a-z])$/;

/** What a header says about its column, whatever its case, accents, punctuation, emoji or joining of words. */
export function readHeader(header: string): HeaderMeaning {
  const words = headerWords(header);
  const condensed = words.join('');
  if (BLANK.test(condensed)) return { kind: 'blank' };
  const exact = FIELDS.get(condensed);
  if (exact !== undefined) return { kind: 'field', ...exact };
  const part = NAME_LIKE.get(condensed);
  if (part !== undefined) return { kind: 'name-like', part };
  if (words.some((word) => ELSEWHERE.has(word))) return { kind: 'elsewhere' };
  return readCore(words) ?? { kind: 'other', words };
}

function readCore(words: readonly string[]): HeaderMeaning | undefined {
  let core = words;
  while (core.length > 1) {
    core = withoutNeutral(core);
    const condensed = core.join('');
    const found = FIELDS.get(condensed);
    if (found !== undefined) return { kind: 'field', field: found.field, rank: STRIPPED_RANK + found.rank };
    const part = NAME_LIKE.get(condensed);
    if (part !== undefined) return { kind: 'name-like', part };
    if (withoutNeutral(core).length === core.length) return undefined;
  }
  return undefined;
}

/** One neutral word less, from the end first. */
function withoutNeutral(words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? '';
  if (NEUTRAL_AFTER.has(last) || /^\d+$/.test(last)) return words.slice(0, -1);
  return NEUTRAL_BEFORE.has(words[0] ?? '') ? words.slice(1) : words;
}

function headerWords(header: string): string[] {
  const spaced = header.replace(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, ' ');
  return foldWords(spaced)
    .split(' ')
    .filter((word) => word !== '');
}

/** The header as it is compared with others. */
export function condense(header: string): string {
  return headerWords(header).join('');
}
