import type { LeadField } from '../../core/leads/index.ts';

export type Meaning = LeadField | 'first_name or name' | 'none';

/**
 * Headers as people and tools write them, and what they mean, written down before any of them was tried. `none`:
 * no field of the lead in the row. `first_name or name`: the given name beside a family name, the whole name alone. From CRMs, scrapers, event tools, forms and spreadsheets in 22 languages.
 */
const LABELLED: Readonly<Record<Meaning, string>> = {
  'first_name or name': `Jméno | Ad | Adı | İsim | Имя | Ім'я | Όνομα | 名 | 名字 | 이름`,
  first_name: `
    First Name | first_name | firstName | FIRSTNAME | First | Given Name | Forename | Fname | Contact First Name | Contact: First Name | Lead First Name | Person First Name | Attendee First Name | Registrant First Name | Invitee First Name | Guest First Name | First name * | What's your first name? | What is your first name? | Your first name | Prospect First Name | First Name (required) | Profile First Name | Candidate First Name | Vorname | Vorname (Pflichtfeld) | Prénom | Prénom du contact | Primer nombre | Nombre de pila | Primeiro nome | Primeiro Nome do Contato | Voornaam | Imię | Imie | Förnamn | Fornavn | Etunimi | Křestní jméno | Keresztnév | Utónév | Prenume | Nome proprio | Buyer First Name | Participant first name | Delegate First Name | Given names | Client First Name
  `,
  last_name: `
    Last Name | last_name | lastName | LASTNAME | Last | Family Name | Surname | Lname | Contact Last Name |
    Contact: Last Name | Lead Last Name | Person Last Name | Attendee Last Name | Attendee Surname | Registrant Last Name |
    Invitee Last Name | Guest Last Name | Last name * | What's your last name? | Your last name | Prospect Last Name |
    Nachname | Familienname | Zuname | Nom de famille | Apellido | Apellidos | Primer Apellido | Sobrenome |
    Último Nome | Achternaam | Nazwisko | Efternamn | Etternavn | Efternavn | Sukunimi | Příjmení |
    Vezetéknév | Családnév | Nume de familie | Soyad | Soyadı | Soyisim | Фамилия | Прізвище | Επώνυμο |
    Επίθετο | 姓 | 姓氏 | 성 | Cognome | Buyer Last Name | Participant last name | Delegate Surname | Candidate Last Name
  `,
  name: `
    Full Name | fullName | full_name | Name | Contact Name | Contact | Lead Name | Person Name | Person - Name | Display Name |
    Attendee Name | Attendee | Invitee Name | Invitee | Guest Name | Registrant | Registrant Name | Participant |
    Participant Name | Prospect | Prospect Name | Decision Maker | Decision Maker Name | Key Contact | Contact Person | Primary Contact | Main contact |
    What's your full name? | What is your name? | Your name | Full name (first and last) | Name (First and Last) |
    User Name (Original Name) | Candidate | Candidate Name | Speaker | Speaker Name | CEO Name | Founder Name |
    Ansprechpartner | Ansprechpartnerin | Kontaktperson | Vor- und Nachname | Vorname und Nachname | Vollständiger Name | Kontakt |
    Nom complet | Nom et prénom | Nom du contact | Interlocuteur | Nombre completo | Nombre y apellidos | Persona de contacto |
    Contacto | Nome completo | Nome e cognome | Nominativo | Referente | Pessoa de contato | Naam | Volledige naam | Contactpersoon |
    Imię i nazwisko | Osoba kontaktowa | Namn | Fullständigt namn | Kontaktperson namn | Navn | Fullt navn | Fulde navn | Nimi | Koko nimi | Yhteyshenkilö |
    Jméno a příjmení | Celé jméno | Kontaktní osoba | Név | Teljes név | Kapcsolattartó | Nume complet | Nume și prenume | Persoană de contact |
    Ad Soyad | Adı Soyadı | İsim Soyisim | Yetkili Kişi | ФИО | Имя и фамилия | Полное имя | Контактное лицо | ПІБ | Повне ім'я | Контактна особа |
    Ονοματεπώνυμο | Υπεύθυνος επικοινωνίας | 氏名 | お名前 | 名前 | 担当者 | 担当者名 | ご担当者名 | 姓名 | 联系人 | 联系人姓名 | 聯絡人 | 聯絡人姓名 | 성명 | 담당자 | 담당자명
  `,
  company: `
    Company | Company Name | companyName | company_name | Organization | Organisation | Organization Name | Organization 1 - Name |
    Account Name | Account | Employer | Current Company | Current Employer | Business Name | Company / Account | Associated Company |
    Company Name for Emails | Cleaned Company Name | Company Name (cleaned) | Company (Matched) | Legal Name | Company Legal Name | Firm | Firm Name | Company/Organization | Company / Organisation |
    What company do you work for? | What company are you with? | Company you work for | Your company | Your organization | Where do you work? | Name of your company | Name of company | Workplace |
    Invitee Company | Attendee Company | Client | Client Name | Customer | Customer Name | Person - Organization | Lead Company | Current Company Name | Primary Company | Brand |
    Firma | Firmenname | Unternehmen | Name des Unternehmens | Arbeitgeber | Organisation / Firma | Société | Entreprise | Raison sociale | Nom de l'entreprise | Nom de la société |
    Empresa | Nombre de la empresa | Razón social | Compañía | Organización | Nome da empresa | Razão social | Empresa atual | Nome fantasia |
    Azienda | Società | Ragione sociale | Nome azienda | Bedrijf | Bedrijfsnaam | Organisatie | Werkgever | Nazwa firmy | Przedsiębiorstwo | Pracodawca |
    Företag | Företagsnamn | Bolag | Arbetsgivare | Bedrift | Firmanavn | Selskap | Virksomhed | Virksomhedsnavn | Yritys | Yrityksen nimi | Työnantaja |
    Společnost | Název firmy | Název společnosti | Zaměstnavatel | Cég | Cégnév | Vállalat | Munkáltató | Companie | Nume companie | Numele companiei | Angajator |
    Şirket | Şirket Adı | Firma Adı | Компания | Название компании | Организация | Предприятие | Работодатель | Компанія | Назва компанії | Організація | Εταιρεία | Εταιρία | Επωνυμία |
    会社名 | 会社 | 企業名 | 法人名 | 勤務先 | 貴社名 | 公司 | 公司名称 | 公司名稱 | 企业名称 | 单位 | 企業名稱 | 회사 | 회사명 | 업체명 | 소속
  `,
  domain: `
    Website | Web Site | Website URL | Company Website | companyWebsite | company_domain | Domain | Domain Name | Company Domain Name | Company Domain | Company URL |
    Corporate Website | Homepage | Home Page | Web | Web Page | Website 1 - Value | Organization Website | Account Website | Primary Domain | Website Domain | Company website (optional) |
    What's your company website? | Your company website | Company website address | Email Domain | Webseite | Internetseite | Firmenwebseite | Homepage der Firma | Internetadresse |
    Site web | Site internet | Domaine | Nom de domaine | Sitio web | Página web | Dominio | Site | Site da empresa | Domínio | Sito web | Sito internet | Sito |
    Webpagina | Websitebedrijf | Domeinnaam | Strona internetowa | Strona WWW | Domena | Webbplats | Hemsida | Domän | Nettside | Nettsted | Hjemmeside | Domene | Verkkosivu | Verkkosivusto | Kotisivut | Verkkotunnus |
    Webové stránky | Web firmy | Doména | Weboldal | Honlap | Site-ul companiei | Pagina web | Domeniu | Web Sitesi | Web sayfası | Alan Adı | Сайт | Веб-сайт | Домен | Сайт компании | Вебсайт | Ιστοσελίδα | Ιστότοπος |
    ウェブサイト | 会社URL | ホームページ | サイト | ドメイン | 网站 | 网址 | 公司网站 | 官网 | 域名 | 網站 | 網址 | 公司網站 | 웹사이트 | 홈페이지 | 도메인
  `,
  email: `
    Email | E-mail | email_address | emailAddress | Email Address | E-Mail Address | Work Email | Work E-mail | Business Email | Professional Email | Corporate Email | Company Email |
    Primary Email | Contact Email | Contact: Email | Lead Email | Person - Email - Work | E-mail 1 - Value | E-mail 2 - Value | E-mail Address | Email 1 | Email Address 1 | Personal Email |
    Attendee Email | Invitee Email | Guest Email | Registrant Email | Participant Email | User Email | Buyer Email | Candidate Email | Prospect email | Email (work) | Email (required) | Email* | What's your work email? | What is your email address? |
    Your email | Your work email address | Your best email | Best email to reach you | Business email address | Enter your email | Email ID | Mail ID | Mail | Found Email | Verified Email | Email Verified Address | Valid Email | Enriched email |
    E-Mail-Adresse | E-Mail geschäftlich | Geschäftliche E-Mail | Mailadresse | E-Mail Adresse geschäftlich | Adresse e-mail | Courriel | Adresse mail | E-mail professionnel | Adresse électronique | Email pro |
    Correo | Correo electrónico | Dirección de correo electrónico | Correo corporativo | Email corporativo | E-mail profissional | Endereço de e-mail | Correio eletrónico | Email aziendale | Indirizzo email | Indirizzo e-mail | Posta elettronica |
    E-mailadres | Zakelijk e-mailadres | Emailadres | Adres e-mail | Adres email | E-mail służbowy | E-postadress | E-post | Epost | Mejl | E-postadresse | Mailadresse arbejde | E-mailadresse | Sähköposti | Sähköpostiosoite |
    E-mailová adresa | Pracovní e-mail | Email cím | E-mail cím | Munkahelyi email | Adresă de e-mail | Adresa email | E-posta | E-posta Adresi | Eposta | Электронная почта | Эл. почта | Почта | Адрес электронной почты | Электронный адрес | Имейл | Електронна пошта | Ел. пошта | Ηλεκτρονικό ταχυδρομείο | Διεύθυνση email |
    メール | メールアドレス | Eメール | 邮箱 | 电子邮箱 | 电子邮件 | 邮件地址 | 電子郵件 | 電子信箱 | 信箱 | 이메일 | 이메일 주소 | 메일 | 전자우편
  `,
  linkedin_url: `
    LinkedIn | LinkedIn URL | Linkedin Url | LinkedIn Profile | LinkedIn Profile URL | linkedin_url | linkedinProfileUrl | profileUrl | Profile URL | Person Linkedin Url | Contact LinkedIn URL | LinkedIn Link | LinkedIn profile link |
    Prospect LinkedIn | Lead LinkedIn URL | LinkedIn Contact Profile URL | Personal LinkedIn | LI Profile | Public LinkedIn URL | defaultProfileUrl | What's your LinkedIn profile? | Link to your LinkedIn profile | Your LinkedIn URL | LinkedIn Profile (URL) | Contact LI Profile URL | LinkedIn-Profil | LinkedIn Profil |
    Profil LinkedIn | Lien LinkedIn | URL du profil LinkedIn | Perfil de LinkedIn | Perfil do LinkedIn | URL de LinkedIn | Profilo LinkedIn | Link LinkedIn | LinkedIn-profiel | Profil na LinkedIn | LinkedIn-profil | LinkedIn-profiili | Profil na LinkedInu | LinkedIn adresa | LinkedIn profilja | Profil LinkedIn adresa | LinkedIn profili | Профиль LinkedIn | LinkedIn профіль | Ссылка на LinkedIn | Προφίλ LinkedIn | LinkedInプロフィール | LinkedIn链接 | 领英 | 领英链接 | 링크드인 | 링크드인 URL
  `,
  company_linkedin_url: `
    Company LinkedIn | Company Linkedin Url | Company LinkedIn URL | companyLinkedinUrl | LinkedIn Company Page | Company LinkedIn Page | Organization LinkedIn URL | Account LinkedIn | Company LinkedIn Profile | LinkedIn Company URL | Company LI Profile Url | Corporate LinkedIn |
    Unternehmen LinkedIn | LinkedIn Unternehmensseite | LinkedIn entreprise | Page LinkedIn de l'entreprise | LinkedIn de la empresa | LinkedIn da empresa | LinkedIn azienda | LinkedIn bedrijf | LinkedIn firmy | Företagets LinkedIn | LinkedIn компании
  `,
  apollo_id: `Apollo ID | Apollo Person Id | Apollo Contact Id`,
  hashed_email: `Hashed Email | Email Hash | email_sha256 | MD5 email`,
  none: `
    Host Email | Host Name | Host | Organizer | Organizer Email | Organizer Name | Organiser | Owner | Contact Owner | Contact owner email | Account Owner | Account Owner Email | Lead Owner | Record Owner | Owner Name | Owner Email | Deal owner | HubSpot Owner |
    Manager | Manager Name | Manager Email | Manager's email | Assistant | Assistant Name | Assistant Email | Assistant's Name | Assistant's Phone | Referrer | Referred by | Referrer Email | Referral Name | Created By | Created by email | Last Modified By | Modified by | Assigned To | Assigned to email | Sales Rep | Sales Rep Email | Rep Name | SDR | AE | BDR Name | Account Executive | Account Manager | Account Manager Email | CSM | Customer Success Manager |
    Sender | Sender Email | Sender Name | From Email | From Name | Reply-To | Sent by | Exported by | Imported by | Added By | Introduced by | Interviewer | Recruiter | Recruiter Email | Agent Email | Agent Name | Seller | Seller Email | User | Event Host | Spouse | Spouse Name | Children | Emergency Contact | Parent Account | Parent Company | Previous Company | Past Company | Former Employer | Last Company |
    Billing Email | Billing Contact | Billing Name | Billing Company | Billing First Name | Shipping Name | Shipping Company | Invoice Email | Accounts Payable Email | Support Email | Competitor | Competitors | Partner | Vendor | Reseller |
    Email Status | Email Verification | Email Opt Out | Email Type | Email Confidence | Email Quality | E-mail 1 - Type | E-mail 1 - Label | Email Bounced | Email Sent | Emails opened | Last email date | Email Template | Email Subject | Number of emails | Email Catch-all | Email Source | Has email |
    LinkedIn Status | LinkedIn Headline | LinkedIn Followers | LinkedIn Connections | LinkedIn Industry | LinkedIn Location | LinkedIn Message | LinkedIn Connection Date | LinkedIn Recruiter | Sales Navigator Search | Search URL | Query | Image URL | Profile Image | Profile picture URL | Photo | Avatar URL | Logo URL | Company Logo |
    First Seen | First Contacted | First touch | First Page Seen | Last Seen | Last Contacted | Last Activity | Last Modified | Last Login | Last Touch | Last Interaction | First Conversion |
    Company Size | Company Phone | Company Address | Company City | Company Country | Company Industry | Company ID | Company Type | Company Description | Company Revenue | Company Founded | Organization - Address | Organization 1 - Title | Organization 1 - Department | Account Type | Account Status | Account ID | Account Source | Business Phone | Business Street | Business City | Company Facebook | Company Twitter |
    Job Title | Title | Position | Role | Headline | Department | Seniority | Location | City | State | Country | Phone | Mobile | Fax | Notes | Tags | Status | Source | Stage | Created Date | Industry | Employees | Revenue | ID | Record ID | Salutation | Gender | Birthday | Event Name | Event Type | Product Name | Campaign Name | List Name | File Name | Deal Name | Opportunity Name | Street Name | Middle Name | Nickname | Maiden Name | Name Prefix | Name Suffix | Phonetic First Name | First Name Phonetic | Yomi Last Name | Group Membership | Time Zone | Language | Ticket Type | Session | Webinar Name | Meeting URL | Recording URL | Event URL | Calendar link | Job URL | Job Link | Post URL | Source URL | Landing Page | Referring Site | Facebook URL | Twitter URL | Instagram | GitHub | Blog |
    Position (deutsch) | Telefon | Straße | PLZ | Ort | Land | Branche | Mitarbeiterzahl | Ansprache | Anrede | Titel | Kundennummer | Bearbeiter | Vertriebsmitarbeiter | Zuständiger Mitarbeiter | Betreuer E-Mail | Geschäftsführer Telefon | Rechnungsadresse |
    Poste | Téléphone | Ville | Pays | Secteur | Commercial | Propriétaire du contact | Cargo | Teléfono | Ciudad | País | Sector | Propietario del contacto | Responsável | Telefone | Cidade | Proprietário | Ruolo | Telefono | Città | Settore | Functie | Telefoon | Plaats | Sector bedrijf | Stanowisko | Telefon komórkowy | Miasto | Branża | Opiekun | Befattning | Stad | Bransch | Stilling | By | Titteli | Puhelin | Kaupunki | Pozice | Město | Beosztás | Város | Telefonszám | Funcție | Oraș | Unvan | Telefon | Şehir | Должность | Телефон | Город | Отрасль | Ответственный | Менеджер | Посада | Місто | Відповідальний | Θέση | Τηλέφωνο | Πόλη | 役職 | 電話番号 | 住所 | 部署 | 业种 | 职位 | 电话 | 地址 | 部门 | 職稱 | 電話 | 직책 | 전화번호 | 부서 | 주소
  `,
};

/** Every header with what it means. */
export const LABELLED_HEADERS: readonly (readonly [header: string, meaning: Meaning])[] = Object.entries(
  LABELLED,
).flatMap(([meaning, text]) =>
  text
    .split(/\||\n/)
    .map((header) => header.trim())
    .filter((header) => header !== '')
    .map((header) => [header, meaning as Meaning] as const),
);
