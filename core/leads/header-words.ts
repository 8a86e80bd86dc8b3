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

/** Whom what stands in a column is about, where it is no field of a lead. */
type Subject = 'person' | 'company' | 'other';

/**
 * Names of columns that are no field of a lead. They tell a header from a lead, and a list of people from one
 * of companies; what is in them is taken for no name, however much it looks like one.
 */
const ABOUT: Readonly<Record<Subject, readonly string[]>> = {
  person: phrases(`
    title, job title, jobtitle, position, role, job role, job function, function, job position, designation,
    occupation, profession, headline, linkedin headline, seniority, seniority level, management level,
    department, departments, division, team, salutation, honorific, prefix, suffix, name prefix, name suffix,
    middle name, middle initial, nickname, nick name, maiden name, initials, gender, sex, age, birthday,
    date of birth, birth date, dob, pronouns, mobile, mobile phone, mobile number, cell, cell phone, direct dial,
    direct phone, work phone, home phone, degree, connection degree, connected on, school, education,
    university, skills, years of experience, past company, previous company, current title, current position,
    lifecycle stage, years in position, attended, attendance, rsvp, ticket type, check in, checked in,
    stelle, stellenbezeichnung, jobtitel, berufsbezeichnung, beruf, funktion, abteilung, anrede, titel,
    geschlecht, geburtstag, geburtsdatum, mobil, mobiltelefon, mobilnummer, handy, handynummer, durchwahl,
    poste, fonction, intitule du poste, titre, civilite, departement, service, metier, portable,
    telephone portable, genre, anniversaire, cargo, puesto, puesto de trabajo, funcion, departamento, titulo,
    movil, telefono movil, celular, tratamiento, profesion, area, ocupacion, genero, cargo atual, funcao, setor,
    celular corporativo, ruolo, posizione, qualifica, mansione, titolo, reparto, dipartimento, cellulare,
    functie, functietitel, afdeling, aanhef, mobiel, mobiele nummer, stanowisko, tytul, dzial, funkcja,
    telefon komorkowy, komorka, zwrot grzecznosciowy, titel, befattning, avdelning, roll, yrkestitel,
    mobilnr, mobilnummer, stilling, stillingsbetegnelse, stillingstittel, tittel, avdeling, rolle, jobtitel,
    afdeling, mobiltelefon, asema, titteli, tehtava, tehtavanimike, ammatti, osasto, rooli, matkapuhelin,
    pozice, funkce, titul, oddeleni, role, osloveni, mobil, beosztas, pozicio, munkakor, osztaly, titulus,
    megszolitas, mobiltelefon, functia, pozitie, pozitia, post, departament, titlu, telefon mobil,
    unvan, pozisyon, gorev, gorevi, departman, bolum, meslek, cep telefonu, cep, hitap,
    должность, позиция, отдел, роль, обращение, пол, мобильный, мобильный телефон, отчество, посада, відділ,
    по батькові, мобільний, мобільний телефон, θεση, θεση εργασιας, τμημα, τιτλος, κινητο, ρολος,
    役職, 役職名, 部署, 部署名, 肩書, 肩書き, 職種, 職位, 携帯, 携帯電話, 携帯番号, 敬称, 所属, ふりがな,
    フリガナ, 职位, 职务, 部门, 职称, 手机, 手机号, 手机号码, 性别, 称呼, 職稱, 職務, 部門, 手機, 手機號碼, 性別,
    稱呼, 직책, 직위, 직급, 부서, 부서명, 휴대폰, 휴대전화, 핸드폰, 직함, 성별
  `),
  company: phrases(`
    industry, industries, sector, sub industry, company industry, vertical, employees, employee count,
    number of employees, no of employees, num employees, company size, headcount, company headcount,
    employee range, size, revenue, annual revenue, company revenue, turnover, revenue range, funding,
    total funding, funding stage, last funding, founded, founded year, year founded, company type, naics,
    naics code, sic, sic code, technologies, tech stack, keywords, company description, company phone,
    company phone number, company address, company city, company state, company country, company location,
    ticker, stock symbol, market cap, headquarters, hq, hq location, hq country, company headquarters,
    specialties, subsidiaries, parent account, account type, account id, company id, legal form, vat number,
    vat, vat id, tax id, registration number, duns, branche, branchen, mitarbeiter, mitarbeiterzahl,
    anzahl mitarbeiter, umsatz, jahresumsatz, grundungsjahr, rechtsform, ust id, ust idnr, handelsregister,
    unternehmensgrosse, secteur, secteur d activite, secteur dactivite, industrie, effectif, effectifs,
    nombre d employes, nombre de salaries, chiffre d affaires, ca, siren, siret, forme juridique, code naf,
    code ape, industria, sector, empleados, numero de empleados, facturacion, ingresos, cif, nif, rubro,
    tamano, tamano de la empresa, industria, ramo, segmento, funcionarios, numero de funcionarios,
    faturamento, receita, cnpj, porte, settore, dipendenti, numero dipendenti, fatturato, partita iva, p iva,
    bedrijfstak, sector, aantal medewerkers, werknemers, omzet, kvk, kvk nummer, btw nummer, branza,
    liczba pracownikow, przychod, przychody, nip, regon, krs, wielkosc firmy, bransch, antal anstallda,
    omsattning, organisationsnummer, org nr, orgnr, bransje, antall ansatte, omsetning,
    organisasjonsnummer, branche, antal ansatte, cvr, cvr nummer, toimiala, henkilosto, henkilostomaara,
    liikevaihto, y tunnus, obor, odvetvi, pocet zamestnancu, obrat, ico, dic, iparag, agazat, letszam,
    arbevetel, adoszam, cegjegyzekszam, industrie, domeniu de activitate, numar angajati, cifra de afaceri, cui,
    sektor, calisan sayisi, ciro, vergi no, vergi numarasi, отрасль, сфера деятельности, инн, огрн,
    количество сотрудников, число сотрудников, выручка, оборот, галузь, єдрпоу, кількість співробітників,
    κλαδος, αφμ, τζιρος, 業種, 業界, 従業員数, 売上, 売上高, 資本金, 法人番号, 行业, 员工人数, 公司规模,
    注册资本, 行業, 員工人數, 公司規模, 統一編號, 업종, 산업, 직원수, 매출, 매출액, 사업자등록번호
  `),
  other: phrases(`
    id, record id, row, no, nr, number, key, code, uuid, external id, contact id, lead id, crm id, sku, phone,
    phone number, phones, telephone, tel, fax, fax number, main phone, office phone, other phone, phone 1,
    whatsapp, skype, twitter, twitter url, facebook, facebook url, instagram, github, xing, blog,
    address, street, street address, address 1, address 2, address line 1, mailing address, mailing city,
    mailing state, mailing country, mailing zip, billing address, billing city, billing state,
    billing country, shipping address, shipping city, city, town, state, province, region, county, country,
    country code, zip, zip code, zipcode, postal code, postcode, post code, location, geography, timezone,
    time zone, lat, lng, latitude, longitude, area, territory, language, languages, locale, date, time,
    timestamp, created, created at, created date, create date, created on, date created, updated, updated at,
    modified, last modified, last contacted, last activity, last activity date, next step, due date,
    start date, end date, start time, end time, registration time, registered at, join time, leave time,
    submitted at, submit date, submitted, event, event name, event type, event date, session, webinar,
    campaign, campaign name, list, list name, lists, segment, segments, tag, tags, label, labels, category,
    categories, group, groups, group membership, source, lead source, original source, channel, medium,
    utm source, utm medium, utm campaign, referral source, status, lead status, stage, deal stage, lead stage,
    rating, score, lead score, priority, interest, interests, product, products, service, services, plan,
    price, amount, quantity, qty, total, order, order id, order date, deal, deal name, deal title,
    opportunity, opportunity name, value, currency, notes, note, comment, comments, remarks, message,
    description, summary, bio, about, signal, signals, engagement, type, opt in, consent, unsubscribed,
    subscribed, question, questions, answer, feedback, active, enabled, verified, ticket, gdpr, hobby,
    hobbies, sensitivity, last seen, first seen, photo, picture, avatar, score, ip, ip address, device,
    telefon, telefonnummer, telefonnr, tel nr, telefax, faxnummer, strasse, hausnummer, plz, postleitzahl,
    ort, stadt, wohnort, standort, bundesland, land, region, adresse, anschrift, datum, erstellt,
    erstellt am, geandert am, quelle, bemerkung, bemerkungen, anmerkung, kommentar, notiz, notizen, status,
    kundennummer, kunden nr, kategorie, gruppe, thema, sprache, produkt, menge, preis, betrag, messe,
    veranstaltung, id nr, lfd nr, nummer, telephone, tel, ville, pays, code postal, rue, region, adresse,
    date, source, statut, commentaire, commentaires, remarque, remarques, langue, produit, telephone fixe,
    ciudad, pais, telefono, codigo postal, direccion, provincia, estado, fecha, fuente, origen, comentarios,
    observaciones, notas, idioma, producto, cidade, telefone, cep, endereco, bairro, uf, data, origem, fonte,
    observacoes, observacao, etapa, citta, telefono, indirizzo, cap, provincia, regione, paese, data, fonte,
    note, stato, plaats, stad, woonplaats, telefoon, telefoonnummer, adres, straat, postcode, land, datum,
    opmerkingen, opmerking, bron, miasto, kraj, ulica, kod pocztowy, adres, wojewodztwo, telefon, data, uwagi,
    zrodlo, notatki, stad, ort, telefon, telefonnummer, adress, gatuadress, postnummer, land, datum, anteckningar,
    kommentarer, kalla, by, sted, poststed, adresse, kilde, dato, notater, merknader, telefon, kaupunki,
    paikkakunta, puhelin, puhelinnumero, osoite, katuosoite, postinumero, maa, paivamaara, lahde,
    muistiinpanot, mesto, stat, zeme, telefon, adresa, ulice, psc, datum, poznamka, poznamky, zdroj, varos,
    orszag, telefonszam, cim, iranyitoszam, utca, datum, megjegyzes, forras, oras, tara, judet, telefon,
    adresa, cod postal, observatii, sursa, sehir, il, ilce, ulke, telefon, adres, posta kodu, tarih, notlar,
    kaynak, aciklama, город, страна, телефон, адрес, регион, область, индекс, дата, источник, комментарий,
    примечание, статус, місто, країна, адреса, джерело, примітка, коментар, πολη, χωρα, τηλεφωνο, διευθυνση,
    τκ, ημερομηνια, σημειωσεις, πηγη, 電話, 電話番号, 住所, 都道府県, 市区町村, 郵便番号, 国, 備考, メモ, 日付,
    番号, 登録日, 電话, 电话, 电话号码, 地址, 城市, 省份, 国家, 邮编, 备注, 日期, 来源, 序号, 編號, 编号, 電話號碼,
    國家, 備註, 來源, 序號, 郵遞區號, 전화, 전화번호, 주소, 도시, 국가, 우편번호, 비고, 메모, 날짜, 번호, 출처,
    지역
  `),
};

export type HeaderMeaning =
  | { readonly kind: 'field'; readonly field: LeadField; readonly rank: number }
  /** A name, whole or the given part, as the other columns will tell. */
  | { readonly kind: 'name-like'; readonly part: 'first_name' | 'last_name' }
  /** Says that the column is about something else, whatever its values look like. */
  | { readonly kind: 'elsewhere' }
  /** Names something else that lists have about a lead: a job, a place, a number. */
  | { readonly kind: 'about'; readonly subject: Subject }
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

const ABOUT_WORDS = new Map<string, Subject>();
for (const [subject, names] of Object.entries(ABOUT)) {
  for (const name of names) ABOUT_WORDS.set(condense(name), subject as Subject);
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
  const subject = ABOUT_WORDS.get(condensed);
  if (subject !== undefined) return { kind: 'about', subject };
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
