/**
 * What lists call the fields, in English, German, French, Spanish, Portuguese and Italian, and in the
 * exports of LinkedIn (Connections, Sales Navigator), PhantomBuster, Evaboot, Dux-Soup, Waalaxy, Lemlist,
 * Apollo, HubSpot, Salesforce, Pipedrive, Outlook and Google Contacts. Within a field the better column
 * comes first: a public address before one that may be private, work e-mail before personal.
 */
import type { LeadField } from './lead.ts';
import { unspoilt } from './spoilt-text.ts';
import { foldWords, phrases, withoutArabicVariants } from './text.ts';

const SYNONYMS: Readonly<Record<LeadField, readonly string[]>> = {
  apollo_id: ['apollo contact id', 'apollo id', 'apollo person id', 'person id', 'people id'],
  linkedin_url: phrases(`
    default profile url, linkedin url public, public linkedin url, linkedin public url, public profile url,
    linkedin public profile url, person linkedin url, linkedin profile url, linkedin url, linkedin profile,
    linkedin profile link, linkedin link, linkedin, li url, li profile, li profile url, person linkedin,
    profile linkedin, linkedin page, linkedin address, linkedin contact profile url, hs linkedin url,
    linkedin profil, linkedin profil url, linkedin adresse, profil linkedin, url linkedin,
    url profil linkedin, lien linkedin, url du profil linkedin, perfil linkedin, perfil de linkedin,
    url de linkedin, url del perfil, enlace linkedin, perfil do linkedin, link linkedin, url do linkedin,
    url do perfil, profilo linkedin, profile url, profile link, profile, profil url, profil, perfil,
    url profil, person url, social url, linkedin url unique id, linkedin member url,
    linkedin profiel, linkedin profiili, linkedin профиль, профиль linkedin, linkedin профіль, профіль linkedin,
    ссылка на linkedin, προφιλ linkedin, linkedinプロフィール, linkedin プロフィール, linkedin链接, linkedin 链接,
    linkedin主页, linkedin連結, linkedin 個人檔案, 领英, 领英链接, 领英主页, 領英, 領英連結, 링크드인, 링크드인 url,
    링크드인 프로필, 링크드인 주소, profil na linkedin, profil na linkedinu, profilo linkedin, linkedin profilo,
    linkedin profilja, linkedin profili, linkedin adresi, linkedin adresa, linkedin adress, linkedin adres,
    profil linkedin adresa, profiel linkedin, linkedin contact, personal linkedin, linkedin personal,
    linkedin personal profile, linkedin person, linkedin url person, linkedin handle, linkedin username,
    linkedin id url, linkedin account, prospect linkedin, linkedin profile address, linkedin flagship url,
    flagship profile url, profile url linkedin, public url, member url, member profile url, lead url,
    person profile url, link do linkedin, enlace de linkedin, lien du profil linkedin, lien profil linkedin,
    lien vers le profil linkedin, link zum linkedin profil, social linkedin, profile page, li link, li
  `),
  email: phrases(`
    email, email address, work email, work email address, b2b email, business email, business email address,
    professional email, pro email, email pro, verified email, mail,
    mail address, e mail, email adresse, mail adresse, mailadresse, geschaftliche email, email geschaftlich,
    email beruflich, geschaftliche email adresse, adresse email, adresse mail, courriel, adresse courriel,
    adresse electronique, adresse de messagerie, email professionnel, email professionnelle,
    mail professionnel, adresse email professionnelle, correo, correos, correo electronico,
    direccion de correo, direccion de correo electronico, correo corporativo, correo profesional,
    direccion email, email corporativo, endereco de email, endereco email, correio eletronico,
    email profissional, email empresarial, email comercial, email do contato, indirizzo email,
    posta elettronica, emails, best email, found email, enriched email, company email, corporate email, secondary email, additional email,
    other email, alternative email, personal email, private email, home email, email personal, email privat,
    private email adresse, email personnel, email private, correo personal, email pessoal,
    new email, new email address, new work email, e post aadress, e pasts, el pastas, email home, home e mail, work e mail address, email id, mail id, email work, work mail, office email, official email, direct email,
    valid email, email verified address, best email to reach, best email to reach you, email professional, email business, user email,
    email contact, email of contact, email 1 value, google email, gmail, login email, e mail addresses,
    email list, email dirección, prospect email, most probable email, guessed email, likely email, final email,
    email final, primary work email, current work email, corporate email address, professional email address,
    mailadresse arbeit, email arbeit, email firma, firmen email, email der firma, dienstliche email,
    berufliche email, email dienstlich, email kontakt, email ansprechpartner, mail pro, adresse e mail pro,
    adresse e mail professionnelle, adresse mail professionnelle, adresse mail pro, email de contact, mel,
    email laboral, correo laboral, correo de trabajo, correo empresarial, correo de contacto,
    correo electronico corporativo, correo electronico profesional, correo electronico laboral, email de trabajo,
    email trabajo, email de contacto, email de trabalho, email de contato, e mail comercial,
    endereco eletronico, endereco de correio eletronico, email aziendale, email lavoro, email di lavoro,
    indirizzo mail, indirizzo di posta elettronica, indirizzo email aziendale, mail aziendale,
    posta elettronica aziendale, emailadres, e mailadres, zakelijk emailadres, zakelijk e mailadres,
    zakelijke email, email zakelijk, email werk, werk email, mailadres, adres email, adres e mail,
    adres mailowy, adres poczty elektronicznej, poczta, poczta elektroniczna, email sluzbowy, mail sluzbowy,
    sluzbowy email, epost, e post, epostadress, e postadress, e post adress, mejl, mejladress, epostadresse,
    e postadresse, e post adresse, jobbmail, jobb epost, epost jobb, epost arbeid, epost arbete, arbetsmejl,
    emailadresse, e mailadresse, mailadresse arbejde, arbejdsmail, email arbejde, arbejds email, firma mail,
    sahkoposti, sahkopostiosoite, tyosahkoposti, email osoite, spoposti, emailova adresa, e mailova adresa,
    pracovni email, firemni email, mailova adresa, emailova adresa firmy, email cim, emailcim, e mail cim,
    munkahelyi email, ceges email, drotposta, adresa de email, adresa email, adresa e mail, adresa de e mail,
    email serviciu, email de serviciu, eposta, e posta, eposta adresi, e posta adresi, email adresi, mail adresi,
    kurumsal eposta, is e postasi, kurumsal e posta, is eposta, электронная почта, эл почта, почта, емейл, имейл,
    емаил, е mail, адрес электронной почты, электронный адрес, рабочая почта, рабочий email, корпоративная почта,
    почтовый адрес email, электронка, адрес почты, email адрес, електронна пошта, ел пошта, електронна адреса,
    пошта, робоча пошта, адреса електронної пошти, имеил, имейл адрес, ηλεκτρονικο ταχυδρομειο,
    διευθυνση email, ηλ ταχυδρομειο, διευθυνση ηλεκτρονικου ταχυδρομειου, εταιρικο email,
    ηλεκτρονικη διευθυνση, メール, メールアドレス, eメール, eメールアドレス, 電子メール, 電子メールアドレス,
    会社メールアドレス, 仕事用メール, 会社メール, 担当者メールアドレス, ご担当者メールアドレス, 邮箱, 电子邮箱,
    电子邮件, 邮件, 邮件地址, 电子邮件地址, 邮箱地址, 工作邮箱, 公司邮箱, 企业邮箱, 电邮, 電子郵件, 電子信箱, 信箱,
    電子郵件地址, 電郵, 電郵地址, 郵箱, 公司信箱, 工作信箱, 이메일, 이메일 주소, 메일, 메일주소, 전자우편, 회사 이메일,
    업무 이메일, 담당자 이메일, 전자메일, e naslov, elektronska posta, emailova schranka, email adresa,
    email address email, surel, alamat email, البريد الالكتروني, بريد الكتروني, אימייל, דואל, דוא ל, อีเมล,
    correu electronic, correu, adreca electronica, posta elektronikoa, helbide elektronikoa, netfang,
    tolvupostur, barua pepe, ელფოსტა, ელ ფოსტა, էլ փոստ, имэйл, имејл, епошта, е пошта, elektron pocta,
    elektron pochta, ईमेल, ई मेल, ईमेल पता, ইমেইল, மின்னஞ்சல், ایمیل, پست الکترونیک, آدرس ایمیل, الايميل,
    ايميل, البريد, מייל, כתובת מייל, כתובת אימייל, riomhphost, ebost, epos, e posadres, e mel, emel, อีเมล์,
    dia chi email, thu dien tu, el pasto adresas, epasta adrese, elektronski naslov, elektronicka posta
  `),
  hashed_email: phrases(`
    hashed email, email hash, email hashed, email md5, md5 email, email sha256, sha256 email, email sha 256,
    md5, sha256, hem, hashed email address
  `),
  first_name: phrases(`
    first name, firstname, given name, given names, forename, fname, christian name, first, vorname,
    vornamen, rufname, prenom, prenoms, primer nombre, nombre de pila, primeiro nome, nome proprio,
    voornaam,
    eesnimi, first names, firts name, frist name, 1st name, prospect first name, nome do contato primeiro, your first name,
    vorname kontakt, vorname des kontakts, vorname ansprechpartner, prenom contact, prenom du contact,
    primeiro nome do contato, nome battesimo, nome di battesimo, roepnaam, voornamen, imie, imiona, pierwsze imie,
    fornamn, tilltalsnamn, fornavn, fornavne, etunimi, kutsumanimi, krestni jmeno, krstne meno, keresztnev,
    utonev, prenume, onad, on ad, имя контакта, имя сотрудника, имя клиента, 下の名前, ファーストネーム, 名 漢字, お名前 名, 名 めい,
    이름 first, 名称 first, ten dem va ten, nama depan, الاسم الاول, שם פרטי, ชื่อจริง, prvo ime,
    собствено име, първо име, όνομα first, μικρο ονομα,
    primer nom, fornafn, eiginnafn, pangalan, unang pangalan, jina la kwanza, emri, voorname, нэр, ады, аты,
    есімі, лично име, पहला नाम, प्रथम नाम, نام کوچک, الاسم الشخصي, ainm, enw cyntaf, krstno ime, first name en,
    ad isim
  `),
  last_name: phrases(`
    last name, lastname, surname, family name, lname, last, second name, nachname, nachnamen, familienname,
    zuname, nom de famille, nom famille, apellido, apellidos, primer apellido, sobrenome, sobrenomes,
    ultimo nome, apelido, cognome, achternaam,
    perekonnanimi, perenimi, uzvards, pavarde, last names, sur name, family names, prospect last name, nachname kontakt, nachname ansprechpartner,
    nom du contact famille, segundo apellido, apellido paterno, apellidos del contacto, nom patronymique,
    sobrenome do contato, ultimo nome do contato, familienaam, achternamen, nazwiska, nazwisko, efternamn,
    slaktnamn, 姓 漢字, お名前 姓, 姓 せい, 名字 漢字, etternavn, efternavn, slektsnavn, sukunimi, prijmeni, priezvisko, vezeteknev, csaladnev,
    nume de familie, numele de familie, soyad, soyadi, soyisim, soyismi, фамилия, фамилии, фамилия контакта,
    прізвище, επωνυμο, επιθετο, 姓, 姓氏, 苗字, 名字 姓, 名字 last, ラストネーム, 성, 성씨, ho, nama belakang,
    اسم العائلة, שם משפחה, นามสกุล, prezime, priimek, фамилно име,
    cognoms, cognom, llinatges, abizena, abizenak, eftirnafn, kenninafn, apelyido, jina la ukoo,
    jina la mwisho, mbiemri, apelidos, გვარი, ազգանուն, овог, familiya, familiyasi, familija, тегі, презиме,
    उपनाम, कुलनाम, अंतिम नाम, نام خانوادگی, اللقب, العائلة, משפחה, sloinne, cyfenw, apellido paterno y materno
  `),
  name: phrases(`
    お名前 漢字, full name, fullname, complete name, person name, contact full name, lead full name, display name,
    linkedin name, profile name, name und vorname, name vorname, vorname name, vor und nachname,
    vorname nachname, vollstandiger name, vollname, ansprechpartner, kontakt, ansprechperson, kontaktperson,
    kontaktname, nom complet, nom et prenom, nom prenom, prenom nom, prenom et nom, nom du contact,
    interlocuteur, nombre completo, nombre y apellido, nombre y apellidos, nombre apellidos,
    nombre del contacto, nombre contacto, nome completo, nome e sobrenome, nome do contato, nome contato,
    nome e cognome, contact, contact name, contact person,
    lead, taisnimi, vards uzvards, vardas pavarde, attendee, invitee, guest, registrant, participant, prospect, candidate, speaker, respondent, applicant,
    visitor, signer, delegate, passenger, member name, decision maker, decision makers, decision maker name,
    key contact, key contact name, key person, key decision maker, main contact, main contact name,
    primary contact, primary contact name, point of contact, poc, poc name, contact full name, person,
    person full name, people, full name first and last, name first and last, first and last name,
    first name last name, first last, first name and last name, last name first name, name and surname,
    name surname, first name surname, names, your full name, user name original name, name original name,
    ceo, ceo name, founder, founder name, founders, cto name, cfo name, director name, executive name,
    executive, exec name, employee, employee name, staff name, lead full name, individual, individual name, individuals,
    contact names, company contact name, buyer, buyer name, champion, stakeholder, stakeholder name, linkedin full name,
    profile full name, hiring manager, hiring manager name, author name, board member,
    ansprechpartnerin, ansprechpartner in, ansprechpartner name, name ansprechpartner, name des ansprechpartners,
    kontakt name, kontaktperson name, name kontakt, name kontaktperson, vorname und nachname, vorname und name,
    vorname zuname, nachname vorname, nachname und vorname, name nachname, entscheider, teilnehmer,
    teilnehmername, teilnehmer name, geschaftsfuhrer, geschaftsfuhrung, geschaftsfuhrer name, inhaber name,
    vollstandiger name des kontakts, contact principal, personne de contact, personne a contacter, nom et prenoms,
    prenom nom du contact, noms et prenoms, nom complet du contact, decideur, nom du decideur, dirigeant,
    nom du dirigeant, participante, nombre y apellidos del contacto, persona de contacto, contacto,
    contacto principal, apellidos y nombre, apellidos nombre, nombre completo del contacto, nombres y apellidos,
    nombre persona, interlocutor, decisor, nome completo do contato, pessoa de contato, pessoa de contacto,
    contato, contato principal, nome e apelido, decisores, nominativo, referente, nome referente,
    persona di riferimento, cognome e nome, cognome nome, nome cognome, contatto, nome contatto,
    nome del contatto, volledige naam, contactpersoon, contact persoon, naam contactpersoon, voor en achternaam,
    voornaam achternaam, naam contact, voornaam en achternaam, beslisser, deelnemer, imie i nazwisko,
    imie nazwisko, nazwisko i imie, osoba kontaktowa, osoba do kontaktu, pelne imie i nazwisko, decydent,
    uczestnik, namn, fullstandigt namn, for och efternamn, fornamn efternamn, kontaktperson namn, kontaktnamn,
    hela namnet, deltagare, fullt navn, fulde navn, for og etternavn, for og efternavn, fornavn etternavn,
    fornavn efternavn, kontaktperson navn, kontaktnavn, navn kontaktperson, deltaker, deltager, nimi, koko nimi,
    etu ja sukunimi, etunimi sukunimi, yhteyshenkilo, yhteyshenkilon nimi, osallistuja, paattaja,
    jmeno a prijmeni, jmeno prijmeni, prijmeni a jmeno, cele jmeno, kontaktni osoba, ucastnik, meno a priezvisko,
    cele meno, kontaktna osoba, teljes nev, kapcsolattarto, kapcsolattarto neve, kapcsolattarto nev, ugyfel neve,
    kontaktszemely, resztvevo, nume complet, nume si prenume, nume prenume, prenume si nume, persoana de contact,
    nume contact, ad soyad, adi soyadi, ad ve soyad, isim soyisim, adi ve soyadi, isim soyad, tam ad, tam adi,
    yetkili, yetkili kisi, yetkili adi, ilgili kisi, irtibat kisisi, katilimci, фио, ф и о, фио контакта,
    имя и фамилия, имя фамилия, фамилия и имя, фамилия имя, фамилия имя отчество, полное имя, контактное лицо,
    контакт, контактное лицо фио, участник, лпр, фио лпр, піб, повне імя, імя та прізвище, прізвище та імя,
    імя прізвище, контактна особа, учасник, лице за контакт, име и фамилия, ονοματεπωνυμο,
    υπευθυνος επικοινωνιας, πληρες ονομα, ονομα επωνυμο, ονομα και επωνυμο, συμμετεχων, 氏名, お名前, ご氏名,
    担当者, 担当者名, ご担当者, ご担当者名, 担当者氏名, ご担当者様, ご担当者様名, 氏名 漢字, お客様名, 参加者,
    参加者名, フルネーム, 代表者名, 代表者, 姓名, 联系人, 联系人姓名, 全名, 联系人名称, 聯絡人, 聯絡人姓名, 聯繫人, 聯繫人姓名,
    参会人, 负责人, 負責人, 성명, 담당자, 담당자명, 담당자 이름, 담당자 성명, 참가자, 대표자, 대표자명, 성함,
    ho va ten, ho ten, nama lengkap, الاسم الكامل, שם מלא, ชื่อ นามสกุล, ime i prezime,
    ime in priimek, kontakt osoba,
    nom i cognoms, izen abizenak, nafn, fullt nafn, buong pangalan, jina kamili, emri i plote, emri mbiemri,
    სახელი გვარი, სახელი და გვარი, անուն ազգանուն, аты жөні, име и презиме, пълно име,
    पूरा नाम, পুরো নাম, முழு பெயர், نام و نام خانوادگی, نام کامل, جهة الاتصال, اسم جهة الاتصال, איש קשר,
    שם איש קשר, ainm iomlan, enw llawn, ชื่อเต็ม, ชื่อ สกุล, ผู้ติดต่อ, ชื่อผู้ติดต่อ, nama kontak, nama penuh,
    nguoi lien he, kontaktpersona, kontaktisik, kontaktinis asmuo
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
    ragione sociale, bedrijf, bedrijfsnaam,
    ettevote, uznemums, imone, new company, new company name, new employer, new organization, affiliation, affiliations, current affiliation, company affiliation,
    institutional affiliation, company institution, company organization, company organisation, organization company, organisation company, company or organization,
    company or organisation, company business, company institution, company cleaned, cleaned company name,
    company name cleaned, clean company name, company matched, normalized company name, company short name, legal name,
    legal company name, legal entity name, legal entity, company legal entity, firm, firm name, workplace,
    work place, place of work, company work, work company, where do you work, name of company, name company, name of your company, name of organization,
    name of organisation, name of business, client company, client, client name, customer, customer name,
    customer company, brand, brand name, institution, institution name, agency, agency name, store name,
    shop name, startup, startup name, enterprise, corporation, companies, accounts, account names, company names,
    target account, target company, hiring company, hiring organization, trading name, trade name, dba,
    doing business as, company name legal, company full name, full company name, organisation firma, firma organisation, firma unternehmen, unternehmen firma, kunde, kundenname,
    firmenbezeichnung, firmierung, name firma, firma name, firmenname offiziell, einrichtung, institution name,
    auftraggeber, verein, handelsname, aktuelles unternehmen, aktueller arbeitgeber, nom de l organisation,
    organisation nom, nom organisation, denomination, denomination sociale, nom commercial, etablissement,
    nom de l etablissement, enseigne, structure, client nom, entreprise organisation, societe entreprise,
    nombre comercial, cliente, nombre del cliente, empresa organizacion, empresa u organizacion, entidad,
    institucion, nombre de la organizacion, denominacion social, empleador, firma comercial, negocio,
    empresa atual nome, nome fantasia, nome da organizacao, instituicao, nome do cliente, empresa organizacao,
    entidade, denominacao social, nome comercial, nome azienda attuale, nome dell azienda, ditta, impresa,
    nome societa, denominazione, nome organizzazione, organizzazione, datore di lavoro, ente, azienda attuale,
    organisatie, organisatienaam, naam organisatie, naam bedrijf, naam van het bedrijf, werkgever, onderneming,
    klant, klantnaam, firma naam, huidig bedrijf, handelsnaam, nazwa firmy, nazwa przedsiebiorstwa,
    przedsiebiorstwo, pracodawca, spolka, nazwa, organizacja, nazwa organizacji, nazwa klienta, klient,
    obecna firma, kontrahent, foretag, foretagsnamn, foretagets namn, bolag, bolagsnamn, arbetsgivare,
    organisationsnamn, nuvarande foretag, kund, kundnamn, bedrift, bedriftsnavn, firmanavn, selskap,
    selskapsnavn, arbeidsgiver, organisasjon, navn pa bedrift, foretak, foretaksnavn, virksomhed,
    virksomhedsnavn, selskab, arbejdsgiver, virksomhedens navn, organisationens navn, selskabsnavn, yritys,
    yrityksen nimi, yritysnimi, tyonantaja, organisaatio, toiminimi, asiakas, yhtio, spolecnost, nazev firmy,
    nazev spolecnosti, zamestnavatel, organizace, nazev organizace, nazev, podnik, obchodni jmeno, spolocnost,
    nazov firmy, nazov spolocnosti, ceg, cegnev, ceg neve, cegneve, vallalat, vallalkozas, vallalat neve,
    munkaltato, szervezet, munkahely, companie, nume companie, numele companiei, numele firmei, nume firma,
    denumire firma, denumire, denumire companie, denumirea companiei, angajator, organizatie, societate,
    sirket, sirket adi, sirket ismi, firma adi, firma ismi, isyeri, is yeri, kurum, kurum adi, kurulus,
    isveren, organizasyon, unvani, firma unvani, sirket unvani, ticari unvan, компания, название компании,
    наименование компании, организация, название организации, наименование организации, предприятие,
    работодатель, фирма, название фирмы, юридическое лицо, юр лицо, юрлицо, место работы, клиент, контрагент,
    название, наименование, компанія, назва компанії, організація, назва організації, підприємство,
    роботодавець, назва, фірма, місце роботи, клієнт, компания име, εταιρεια, εταιρια, επωνυμια,
    επωνυμια εταιρειας, ονομα εταιρειας, εργοδοτης, οργανισμος, επιχειρηση, 会社名, 会社, 企業名, 企業, 法人名,
    勤務先, 勤務先名, 貴社名, 御社名, 社名, 会社名 団体名, 団体名, 組織名, 取引先名, 取引先, 顧客名, 所属会社, 組織, 屋号,
    会社名称, 企業名称, 公司, 公司名称, 公司名稱, 公司名, 企业, 企业名称, 企业名, 单位, 单位名称, 工作单位, 機構, 机构名称,
    客户名称, 客戶名稱, 所在公司, 雇主, 企業名稱, 單位, 單位名稱, 公司全称, 公司全稱, 组织, 組織名稱, 현재 회사, 회사,
    회사명, 회사 이름, 업체, 업체명, 기업, 기업명, 소속, 소속기관, 기관명, 직장, 직장명, 법인명, 상호, 상호명, 고객사,
    cong ty, ten cong ty, perusahaan, nama perusahaan, الشركة, اسم الشركة, חברה, שם חברה, שם החברה, บริษัท,
    ชื่อบริษัท, tvrtka, naziv tvrtke, podjetje, naziv podjetja, preduzece, фирма име, име на фирмата,
    enpresa, fyrirtaeki, nafn fyrirtaekis, kumpanya, kompanya, pangalan ng kumpanya, kampuni, jina la kampuni,
    kompania, emri i kompanise, კომპანია, ორგანიზაცია, ընկերություն, կազմակերպություն, компани, байгууллага,
    kompaniya, şirkət, ұйым, фирмата, организација, компанија, предузеће, कंपनी, कंपनी का नाम, संस्था,
    কোম্পানি, কোম্পানির নাম, நிறுவனம், شرکت, نام شرکت, سازمان, شركة, المؤسسة, المنظمة, جهة العمل, ארגון,
    מקום עבודה, comhlacht, cwmni, maatskappy, syarikat, nama syarikat, instansi, nama instansi, หน่วยงาน,
    องค์กร, don vi, to chuc, doanh nghiep, imones pavadinimas, uznemuma nosaukums, ettevotte nimi, naziv firme,
    naziv kompanije, kompanija, компании, организации, компанії, організації, firmie
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
    sito web, sito, link,
    web page, webpage, web pages, company webpage, website address, company website address, company domain url,
    domains, company domains, website domain name, site url, root domain, clean domain, cleaned domain,
    email domain name, company homepage url, company site url, organization url, account url, business url,
    homepage url, home page, home page url, www, website link, company link, company website link, website work,
    website 1 value, website company, website of company, website organization, client website, store url,
    homepage der firma, homepage firma, website firma, webseite firma, webadresse, web adresse, internet adresse,
    webauftritt, url der website, domain der firma, domane, firmen domain, firmen website, website unternehmen,
    webseite unternehmen, webseite des unternehmens, internetauftritt, site entreprise, site web de l entreprise,
    site web de la societe, site de la societe, site internet de l entreprise, adresse web, adresse du site,
    url du site, url site web, domaine de l entreprise, domaine email, pagina web de la empresa,
    direccion web, sitio web empresa, web empresa, web corporativa, url de la empresa, url del sitio, dominio web,
    dominio del correo, web site da empresa, pagina web empresa, website empresa, site empresa, url da empresa,
    endereco web, pagina na internet, sitio na web, dominio do site, sito internet, sito web aziendale,
    sito aziendale, sito dell azienda, sito azienda, pagina web azienda, indirizzo web, url sito, dominio azienda,
    dominio aziendale, webpagina, webadres, websitebedrijf, website bedrijf, bedrijfswebsite, bedrijfswebsite url,
    domein, domeinnaam, bedrijfsdomein, internetadres, strona, strona internetowa, strona www,
    adres strony, adres www, strona firmowa, strona firmy, witryna, witryna internetowa, domena, domena firmy,
    adres strony internetowej, adres internetowy, webbplats, webbsida, hemsida, webbadress, foretagets hemsida,
    doman, domannamn, hemsideadress, nettside, nettsted, hjemmeside, webside, webadresse firma, nettadresse,
    domene, domenenavn, bedriftens nettside, domaene, domaenenavn, verkkosivu, verkkosivut, verkkosivusto,
    kotisivu, kotisivut, verkkotunnus, www sivut, nettisivut, nettisivu, verkko osoite, webove stranky,
    webova stranka, web firmy, www stranky, internetove stranky, adresa webu, domenove jmeno, webova adresa,
    internetova stranka, weboldal, honlap, weblap, webcim, web cim, honlap cim, webhely, domain nev, domainnev,
    site companie, site ul companiei, site web companie, adresa web, pagina de internet, domeniu, domeniu web,
    pagina web companie, web sitesi, websitesi, web sayfasi, websayfasi, internet sitesi, web adresi, alan adi,
    domain adi, internet adresi, sirket web sitesi, саит, сайт, сайт компании, веб саит, вебсаит, веб сайт,
    вебсайт, адрес сайта, сайт организации, домен, доменное имя, домен компании, домашняя страница, ссылка на сайт,
    интернет саит, url сайта, саит компанії, адреса сайту, веб сторінка, уебсайт, сторінка, ιστοσελιδα,
    ιστοτοπος, ιστοσελιδα εταιρειας, διευθυνση ιστοσελιδας, ウェブサイト, webサイト, 会社url, 会社ホームページ,
    ホームページ, ホームページurl, hp, サイト, サイトurl, 企業url, 企業サイト, コーポレートサイト, ドメイン, ドメイン名,
    会社ウェブサイト, 会社サイト, hpアドレス, 网站, 网址, 公司网站, 公司网址, 官网, 官方网站, 企业网站, 域名, 公司域名, 网页,
    主页, 網站, 網址, 公司網站, 公司網址, 官網, 官方網站, 網域, 網域名稱, 公司官網, 公司官网, 웹사이트, 웹 사이트, 홈페이지,
    회사 홈페이지, 회사 웹사이트, 사이트, 도메인, 홈페이지 주소, 웹페이지, trang web, situs web, الموقع الالكتروني,
    אתר, אתר אינטרנט, เว็บไซต์, spletna stran, mrezna stranica, web stranica,
    lloc web, webgunea, heimasida, vefsida, vefur, tovuti, საიტი, ვებსაიტი, ვებგვერდი, կայք, կայքէջ, вэбсайт,
    veb sayt, сајт, веб сајт, веб страница, वेबसाइट, ওয়েবসাইট, இணையதளம், وب سایت, وبسایت, سایت, دامنه, الموقع,
    موقع الشركة, النطاق, gwefan, webwerf, laman web, svetaine, timekla vietne, majaslapa, veebileht, koduleht,
    spletno mesto, internetska stranica
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
    pagina de linkedin de la empresa, linkedin company page url, company li url,
    linkedin azienda, azienda linkedin, pagina linkedin azienda, linkedin aziendale, linkedin bedrijf,
    bedrijf linkedin, linkedin bedrijfspagina, linkedin firmy, firma linkedin url, profil linkedin firmy,
    foretagets linkedin, linkedin foretag, bedriftens linkedin, linkedin bedrift, virksomhedens linkedin,
    linkedin virksomhed, yrityksen linkedin, linkedin spolecnosti, ceg linkedin, linkedin companie,
    sirket linkedin, sirketin linkedin sayfasi, linkedin компании, linkedin компанії, linkedin εταιρειας,
    会社linkedin, 公司linkedin, 公司领英, 公司领英链接, 公司領英, 회사 링크드인, 회사 linkedin, linkedin url company,
    linkedin organization url, company li profile url, corporate linkedin, linkedin page company, company page url, company linkedin id url, company li,
    company li profile, company linkedin link url, company page, employer linkedin, organization li url,
    page linkedin de l entreprise, page linkedin de la societe, linkedin de la societe, company linkedin profile url,
    pagina de empresa linkedin, pagina linkedin da empresa, linkedin account url company, linkedin firmenseite,
    unternehmensseite linkedin, firmen linkedin url, linkedin seite des unternehmens, company social linkedin
  `),
};

/**
 * Headers that mean a part of the name beside its other part, and the whole name alone: German "Name"
 * beside "Vorname", French "Nom" beside "Prénom", Portuguese "Nome" beside "Sobrenome".
 */
const NAME_LIKE: ReadonlyMap<string, 'first_name' | 'last_name'> = new Map(
  (
    [
      ['name', 'last_name'],
      ['nom', 'last_name'],
      ['nome', 'first_name'],
      ['nombre', 'first_name'],
      ['nombres', 'first_name'],
      ['naam', 'last_name'],
      ['navn', 'last_name'],
      ['nume', 'last_name'],
      ['nev', 'last_name'],
      ['jmeno', 'first_name'],
      ['meno', 'first_name'],
      ['ime', 'first_name'],
      ['име', 'first_name'],
      ['имя', 'first_name'],
      ['імя', 'first_name'],
      ['ονομα', 'first_name'],
      ['ad', 'first_name'],
      ['adi', 'first_name'],
      ['isim', 'first_name'],
      ['ismi', 'first_name'],
      ['名', 'first_name'],
      ['名字', 'first_name'],
      ['名前', 'first_name'],
      ['이름', 'first_name'],
      ['ten', 'first_name'],
      ['nama', 'first_name'],
      ['vards', 'first_name'],
      ['vardas', 'first_name'],
      ['izena', 'first_name'],
      ['jina', 'first_name'],
      ['ชื่อ', 'first_name'],
      ['الاسم', 'first_name'],
      ['שם', 'first_name'],
      ['სახელი', 'first_name'],
      ['անուն', 'first_name'],
      ['نام', 'first_name'],
      ['नाम', 'first_name'],
    ] as const
  ).map(([name, part]) => [condense(name), part]),
);

/** Words around a synonym that change nothing: "Contact: Email", "Person - Email - Work", "E-mail 1 - Value". */
const NEUTRAL_BEFORE = new Set(
  phrases(`
  contact, contacts, lead, leads, person, people, prospect, primary, main, your, the, kontakt, contacto,
  contato, hauptkontakt, properties, property, fields, data, attributes, linkedin, linked, in, crm, profile,
  attendee, attendees, invitee, recipient, guest, registrant, participant, delegate, buyer, candidate, speaker, respondent,
  applicant, visitor, member, customer, client, individual, employee, decision, maker, current, full, valid,
  matched, cleaned, clean, found, associated, zugeordnetes, zugeordnete, gekoppeld, kopplat, tilknyttet, powiazana,
  関連する, enriched, teilnehmer, ansprechpartner, kunde, prospecto, participante, deelnemer,
  klant, uczestnik, deltagare, personne, persona, pessoa, persoon, osoba, deal, key, stakeholder, signer, user, target, best, ihr, ihre, votre, tu, su, seu, sua, el, la,
  le, der, die, das, o, a, il
`),
);
const NEUTRAL_AFTER = new Set(
  phrases(`
  value, work, business, контакта, контакту, participant, participante, partecipante, teilnehmer, deelnemer, attendee, invitee, travail, trabajo, trabalho, lavoro, praca, arbeit, associee, asociada, associada, associata, required, optional, pflichtfeld, obligatoire, requerido, obrigatorio, field, text,
  primary, main, cleaned, matched, beruflich, geschaftlich, dienstlich, pro,
  professionnel, laboral, profissional, zakelijk, sluzbowy, jobb, arbete, arbeid, arbejde, 必須, 任意, 必填, 필수,
  обязательно, verplicht, wymagane, obbligatorio, du, del, do, de, des
`),
);
/** Words of questions: "What's your work email?" asks for "work email". */
const ASKING = new Set(
  phrases(`
  what, whats, which, is, are, your, you, do, does, the, a, an, please, enter, provide, give, share, tell, type, us,
  can, we, could, may, should, for, with, to, at, of, here, below, me, my, link, and, bitte, geben, sie, ihre, ihren,
  ihr, deine, dein, an, ein, lautet, wie, was, ist, quel, quelle, est, votre, veuillez, saisir, indiquer, cual, es,
  su, tu, por, favor, indique, qual, e, o, seu, sua, informe, il, la, tuo, tua, suo, wat, uw, je, jouw, podaj,
  swoj, swoje, twoj, vad, ar, ditt, din, hva, er, hvad, mika, on, current, 's, s, в, какои, какая, вы, вас, ваш, ваша, ваше,
  укажите, введите, пожалуиста, работаете, у, якіи, ви, працюєте, fur, welches, welchem, arbeiten, arbeitest, en, que, trabajas,
  trabaja, em, voce, trabalha, dans, travaillez, vous, per, cui, lavori, bij, welk, werk, w, jakiej, pracujesz, vilket, arbetar
`),
);

/** Words of columns about something or somebody else: "Email Status", "Contact owner", "Manager e-mail". */
const ELSEWHERE = new Set(
  phrases(`
  owner, owners, status, opt, optin, optout, consent, verification, validation, verified, bounce, bounced,
  count, type, source, quality, score, confidence, created, modified, updated, by, manager, assistant,
  referrer, referral, referred, sender, sent, reply, assigned, assignee, creator, account executive,
  executive, rep, sdr, ae, user, besitzer, inhaber, eigentumer, zustandig, zustandiger, zustandige, zustandigen, verantwortlich, verantwortlicher,
  verantwortliche, bearbeiter, kontaktinhaber, accountinhaber, leadinhaber, datensatzinhaber, unternehmensinhaber, contacteigenaar,
  bedrijfseigenaar, accounteigenaar, leadeigenaar, dealeigenaar, recordeigenaar, kontaktagare, foretagsagare, kontaktansvarig,
  kontakteier, selskapseier, kontaktejer, virksomhedsejer,
  betreuer, proprietaire, responsable, propietario, proprietario, responsavel, dono, statut, estado, parent,
  previous, former, past, old, ex, booker, booked, purchaser, acheteur, comprador, acquirente, kaufer, besteller, koper, kupujacy, kopare, competitor, partner, vendor, interner, internal, interne, interno, kundenbetreuer,
  kundenbetreuerin, aussendienst, innendienst, vertriebler, verkaufer, verkaufsberater, note, notes, notiz, notizen, comment,
  description, message, apollo, mutual, shared, viewer, search, query, image, img, picture, photo, logo,
  avatar, host, hosts, organizer, organiser, organizers, organisers, interviewer, recruiter, agent, seller, salesperson,
  bdr, csm, spouse, children, child, emergency, billing, shipping, invoice, delivery, payable, reseller, supplier,
  competitors, support, followers, connections, template, subject, opened, clicked, replied, followed, catch,
  catchall, deliverability, confirmed, unsubscribed, subscriber, subscription, exported, imported, introduced, added,
  scheduled, salesman, editor, uploader, operator, creator, referral, referring, landing, tracking, meeting,
  recording, calendar, booking, reschedule, cancel, facebook, twitter, instagram, github, youtube, phonetic, yomi,
  from, cc, bcc, has, hubspot, secretary, secretariat, sekretariat, sekretarin, secretaria, secretariaat, sekretariatet,
  organisator, veranstalter, vertriebsmitarbeiter, sachbearbeiter, vermittler,
  empfehlung, erstellt, geandert, aktualisiert, vorgesetzter, assistenz, assistentin, rechnung, lieferung, cree, modifie,
  parrain, organisateur, creado, modificado, asignado, organizador, facturacion, envio, criado, atribuido, faturamento,
  organizzatore, コンタクト担当者, 会社担当者, 会社の担当者, 取引担当者, 担当営業, レコード担当者, creato, modificato, fatturazione, assegnato, eigenaar, aangemaakt, gewijzigd, beheerder, factuur,
  wlasciciel, opiekun, handlowiec, utworzony, agare, ansvarig, skapad, saljare, eier, ansvarlig, ejer, selger, saelger,
  omistaja, vastuuhenkilo, vlastnik, vytvoril, obchodnik, tulajdonos, letrehozta, ertekesito, proprietar, responsabil,
  creat, sahibi, sorumlu, olusturan, ответственный, ответственныи, владелец, менеджер, создал, руководитель,
  ассистент, відповідальнии, власник, менеджер, створив, υπευθυνος, ιδιοκτητης, 所有者, 作成者, 営業担当, 営業担当者,
  更新者, 主催者, 上司, 紹介者, 自社担当, 创建人, 负责销售, 所有人, 业务员, 跟进人, 推荐人, 主办方, 創建人, 業務員,
  推薦人, 소유자, 작성자, 영업담당자, 등록자, 추천인, 주최자
`),
);
/** Whole headers about somebody or something else, though their words alone would not say so. */
const ELSEWHERE_AS_A_WHOLE = new Set(
  phrases(`
  last company, parent company, parent organization, ultimate parent, reply to, first conversion, first touch,
  last touch, last interaction, last login, last name phonetic, event host, sales rep, account manager,
  account manager email, account manager name, customer success manager, company logo, company logo url, profile image,
  profile image url, profile picture, profile picture url, post url, job url, job link, event url, event link,
  source url, page url, webinar url, form url, commercial, comercial, agente, agente commerciale, gestor comercial, ejecutivo comercial, ejecutivo de cuenta,
  executivo de contas, gerente de conta, key account manager, kam, relationship manager, vertrieb, vendeur, vendedor, comercial asignado, commerciale, venditore
`).map(condense),
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
    department, departments, division, team, salutation, honorific, prefix, name prefix, nickname, nick name, maiden name, initials, gender, sex, age, birthday,
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
    должность, позиция, отдел, роль, обращение, пол, мобильный, мобильный телефон, посада, відділ, мобільний, мобільний телефон, θεση, θεση εργασιας, τμημα, τιτλος, κινητο, ρολος,
    姓 カナ, 名 カナ, 姓 ふりがな, 名 ふりがな, 姓 フリガナ, 名 フリガナ, セイ, メイ, 氏名 カナ, 氏名 フリガナ, お名前 カナ, お名前 フリガナ,
    役職, 役職名, 部署, 部署名, 肩書, 肩書き, 職種, 職位, 携帯, 携帯電話, 携帯番号, 敬称, 所属, ふりがな,
    フリガナ, 职位, 职务, 部门, 职称, 手机, 手机号, 手机号码, 性别, 称呼, 職稱, 職務, 部門, 手機, 手機號碼, 性別,
    稱呼, 직책, 직위, 직급, 부서, 부서명, 휴대폰, 휴대전화, 핸드폰, 직함, 성별,
    carrec, carreg, kargua, starfsheiti, starf, stada, posisyon, katungkulan, cheo, pozicioni, თანამდებობა,
    პოზიცია, պաշտոն, албан тушаал, lavozim, vezife, лауазымы, длъжност, позиција, радно место, पद, पदनाम, পদবী,
    பதவி, سمت, عنوان شغلی, المسمى الوظيفي, المنصب, الوظيفة, תפקיד, ตำแหน่ง, ตำแหน่งงาน, แผนก, chuc vu,
    chuc danh, phong ban, jabatan, jawatan, posisi, amet, ametikoht, amats, pareigos, radno mjesto,
    radno mesto, delovno mesto, pozicija, pozicia, funkcia, posel, posisie
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

/** What stands beside first and last name: a middle name, "van der", "Jr.". */
export type NameDetail = 'middle' | 'particle' | 'suffix';

const NAME_DETAILS = new Map<string, NameDetail>();
for (const [detail, words] of [
  [
    'middle',
    `middle name, middle names, middle initial, middle, mi, additional name, second given name, zweiter vorname,
    weitere vornamen, deuxieme prenom, segundo nombre, segundo nome, secondo nome, tweede voornaam, drugie imie,
    mellannamn, mellomnavn, mellemnavn, отчество, по батькові`,
  ],
  ['particle', 'tussenvoegsel, tussenvoegsels, voorvoegsel, voorvoegsels, infix, namenszusatz, vorsatzwort'],
  ['suffix', 'suffix, name suffix, generation, generational suffix'],
] as const) {
  for (const name of phrases(words)) NAME_DETAILS.set(condense(name), detail);
}
/** Words of these that say something else in other lists. */
const DETAIL_BESIDE_NAMES = new Set(['middle', 'mi']);
for (const name of NAME_DETAILS.keys()) {
  if (!DETAIL_BESIDE_NAMES.has(name)) ABOUT_WORDS.set(name, 'person');
}

const BLANK =
  /^(?:(?:column|col|field|feld|spalte|colonne|columna|coluna|campo|unnamed|header|var|value|f|c|v|x)?\d*|[a-z])$/;

/** Which detail of a name a header says that its column has. */
export function nameDetail(header: string): NameDetail | undefined {
  return NAME_DETAILS.get(condense(header).replace(/^contact/, ''));
}

/** What a header says about its column, whatever its case, accents, punctuation, emoji or joining of words. */
export function readHeader(header: string): HeaderMeaning {
  const words = headerWords(
    (EAST_ASIAN.test(header) ? header.replace(REQUEST, '') : header).replace(LOOKED_UP, ''),
  );
  const condensed = words.join('');
  if (BLANK.test(condensed)) return { kind: 'blank' };
  const exact = FIELDS.get(condensed);
  if (exact !== undefined) return { kind: 'field', ...exact };
  const part = NAME_LIKE.get(condensed);
  if (part !== undefined) return { kind: 'name-like', part };
  const subject = ABOUT_WORDS.get(condensed);
  if (subject !== undefined) return { kind: 'about', subject };
  if (ELSEWHERE_AS_A_WHOLE.has(condensed) || words.some((word) => ELSEWHERE.has(word)))
    return { kind: 'elsewhere' };
  const asked = words.filter((word) => !ASKING.has(word));
  return readCore(words) ?? (asked.length > 0 ? readCore(asked) : undefined) ?? { kind: 'other', words };
}

/** Whether a header names a field of a lead, or a part of its name. */
export function namesField(header: string): boolean {
  const { kind } = readHeader(header);
  return kind === 'field' || kind === 'name-like';
}

/** Whether a header names a field of a lead, or something else that lists have about leads. */
export function namesColumn(header: string): boolean {
  const { kind } = readHeader(header);
  return kind === 'field' || kind === 'name-like' || kind === 'about';
}

/** Whether a header has no words that are known here: what its column is, the values have to say. */
export function isUnknown({ kind }: HeaderMeaning): boolean {
  return kind === 'other' || kind === 'blank';
}

function readCore(words: readonly string[]): HeaderMeaning | undefined {
  for (let core = words; ; core = withoutNeutral(core)) {
    const condensed = core.join('');
    const found = FIELDS.get(condensed);
    if (found !== undefined) return { kind: 'field', field: found.field, rank: STRIPPED_RANK + found.rank };
    const part = NAME_LIKE.get(condensed);
    if (part !== undefined) return { kind: 'name-like', part };
    const subject = ABOUT_WORDS.get(condensed);
    if (subject !== undefined) return { kind: 'about', subject };
    if (core.length < 2 || withoutNeutral(core).length === core.length) return undefined;
  }
}

/** "Empresa del contacto", "Firma des Kontakts": the lead's, whose list it is. */
const OF_CONTACT =
  /^(?:du contact|del contacto|do contato|do contacto|del contatto|des kontakts|van contact)$/;

/** "2", "2nd". */
const NUMBER_WORD = /^\d+(?:st|nd|rd|th)?$/;

/** One neutral word less, from the end first. */
function withoutNeutral(words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? '';
  if (words.length > 2 && OF_CONTACT.test(words.slice(-2).join(' '))) return words.slice(0, -2);
  if (NEUTRAL_AFTER.has(last) || NUMBER_WORD.test(last)) return words.slice(0, -1);
  if (NEUTRAL_BEFORE.has(words[0] ?? '') || NUMBER_WORD.test(words[0] ?? '')) return words.slice(1);
  const number = words.findIndex((word) => /^\d+$/.test(word));
  return number === -1 ? words : words.toSpliced(number, 1);
}

/** "Company (from Companies)": what Airtable looks up in another table; and a column that `filledDownName` named. */
const LOOKED_UP = /\s\((?:from [^()]+|of its group)\)$/i;
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]/u;
/** "お名前を教えてください", "请填写您的姓名", "회사명을 입력해 주세요": what is asked for, without the words that ask. */
const REQUEST =
  /^\s*(?:请|請)?(?:您|你)?(?:填写|填寫|输入|輸入|提供|留下)?(?:您|你)?(?:所在)?的|^\s*(?:请|請)(?:填写|填寫|输入|輸入|提供|留下)|^\s*(?:あなたの|귀하의\s*)|(?:を|について)?(?:ご|お)?(?:教えて|記入|入力|知らせ|聞かせ|回答)(?:して)?(?:ください|下さい|願います|お願いします).*$|[을를]?\s*(?:입력|기재|작성|알려|적어)\s*(?:해\s*)?(?:주세요|주십시오).*$/gu;

function headerWords(header: string): string[] {
  const spaced = unspoilt(header).replace(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, ' ');
  return foldWords(withoutArabicVariants(spaced))
    .split(' ')
    .filter((word) => word !== '');
}

/** The header as it is compared with others. */
export function condense(header: string): string {
  return headerWords(header).join('');
}
