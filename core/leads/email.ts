import { asciiHost, businessDomain } from './domain.ts';
import { phrases } from './text.ts';

const LOCAL_MAX = 64;
/** RFC 5321, section 4.5.3.1, less the angle brackets. */
const ADDRESS_MAX = 254;
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** A run of characters around an at sign, as far as nothing stands in it that ends an address in running text. */
const CANDIDATE = /[^\s,;<>()[\]"]*@[^\s,;<>()[\]"|]*/g;
/** "ada [at] contoso [dot] com". */
const SPELT_AT = /\s*[[({]\s*at\s*[\])}]\s*/gi;
const SPELT_DOT = /\s*[[({]\s*(?:dot|punkt)\s*[\])}]\s*/gi;
/** "ada @ contoso.com", alone in its cell or in its place of several. */
const SPACED_AT = /(^|[,;|<:]\s*)([^\s@,;|<>]+)(?:\s+@\s*|@\s+)(?=[^\s@,;|<>]+\.[^\s@]+)/g;
/** Bars and slashes between addresses; before the first they may belong to it. */
const BETWEEN_ADDRESSES = /(@[a-z0-9.-]+\.[a-z]{2,})\s*[|/]\s*(?=[^\s@]+@)/gi;
const PLAIN_ADDRESS = /^[a-z0-9._%+-]+@[a-z0-9.-]+$/i;

/**
 * The address in a cell, lower-case, its domain in ASCII: of several a person's business mailbox before a private
 * one, and that before one of a function. Understands `mailto:`, `Name <a@b>` and Slack's and Excel's links.
 * `undefined` when there is none, when it stands for none ("noemail@noemail.com"), is masked ("a***@contoso.com"),
 * or when only a part of what may be an address would be one.
 */
export function emailAddress(text: string): string | undefined {
  if (PLAIN_ADDRESS.test(text)) return wellFormed(text.toLowerCase());
  const cell = /[@＠]|%40|\bat\b/i.test(text) ? atSigns(text) : text;
  if (!cell.includes('@')) return undefined;
  let best: string | undefined;
  for (const match of cell.matchAll(CANDIDATE)) {
    const part = match[0].toLowerCase();
    if (isPartOfMore(cell, match.index, part)) continue;
    const address = wellFormed(part);
    if (address !== undefined && (best === undefined || mailboxRank(address) < mailboxRank(best)))
      best = address;
  }
  return best;
}

function atSigns(text: string): string {
  return text
    .replaceAll('＠', '@')
    .replace(/%40(?=[^@]*$)/, (sign, _, whole: string) => (whole.includes('@') ? sign : '@'))
    .replace(SPELT_AT, '@')
    .replace(SPELT_DOT, '.')
    .replace(SPACED_AT, '$1$2@')
    .replace(BETWEEN_ADDRESSES, '$1, ');
}

/**
 * Whether what stands before it may belong to the address, so that it alone would be somebody else's:
 * "ada lovelace@contoso.com", `"ada b"c@contoso.com`. A word that the address repeats is a name before it.
 */
function isPartOfMore(cell: string, index: number, part: string): boolean {
  const before = cell.slice(0, index);
  const closesQuote = before.endsWith('"') && before.split('"').length % 2 === 1;
  if (closesQuote || /[\])]$/.test(before)) return true;
  const [, word] = /^([\p{L}\p{N}._+-]+)[\s,;]$/u.exec(before) ?? [];
  return word !== undefined && !part.includes(word.toLowerCase());
}

/** The business whose address it is; `undefined` for one of a free-mail provider. `email` is in normal form. */
export function domainOfEmail(email: string): string | undefined {
  return businessDomain(email.slice(email.lastIndexOf('@') + 1));
}

/** Of several addresses of one person, the lowest is preferred: their mailbox at work, a private one, a function's. */
export function mailboxRank(address: string): number {
  const kind = mailboxKind(address);
  if (kind === 'automatic') return 3;
  if (kind === 'role') return 2;
  return domainOfEmail(address) === undefined ? 1 : 0;
}

/** An address with nothing around it, as most are. */
const BARE = /^[a-z0-9._+-]+@[a-z0-9.-]*[a-z0-9]$/;

function wellFormed(text: string): string | undefined {
  const bare = BARE.test(text) ? text : withoutSurroundings(text);
  const at = bare.lastIndexOf('@');
  const local = bare.slice(0, at);
  const named = bare.slice(at + 1).replace(/[?/|'`].*$/, '');
  if (local.length > LOCAL_MAX || !LOCAL.test(local)) return undefined;
  const host = asciiHost(named.replace(/\.+$/, ''));
  if (host === undefined || !HOST.test(host) || standsForNone(local, host)) return undefined;
  const address = `${local}@${host}`;
  return address.length > ADDRESS_MAX ? undefined : address;
}

function withoutSurroundings(text: string): string {
  return withoutLabel(text.replace(/^['`]+/, ''))
    .replace(/^(?:mailto:|smtp:|e?-?mail:)?(?:%20)*/, '')
    .replace(/['`.:!*]+$/, '');
}

/** "Ada|ada@contoso.com": a label in plain letters before the address, where a bar cannot be its own. */
function withoutLabel(text: string): string {
  return text.replace(/^(?:mailto:[^@|]+@[^@|]+|\p{L}+)\|/u, '');
}

/** What forms and exports write where there is no address, digits and punctuation left out. */
const NOBODY = new Set(
  phrases(`
  emailnotunlocked, noemail, nomail, noaddress, noemailaddress, noemailprovided, none, null, unknown,
  undefined, notavailable, notprovided, notfound, notgiven, unavailable, hidden, locked, masked, redacted, removed,
  deleted, private, anonymous, anon, dummy, fake, placeholder, test, testing, tester, asdf, qwerty, foobar, blank,
  empty, tbd, invalid, keinemail, keine, unbekannt, aucun, sansemail, sinemail, sincorreo, semmail,
  sememail, ninguno, nessuna, brak, geen, yourname, youremail, yourmail, firstname, firstnamelastname, username, email
`),
);
/** Domains that nobody has mail at: RFC 2606, and what people write for "none". */
const NOWHERE =
  /^(?:example\.(?:com|org|net|edu)|test\.com|(?:none|no|na|null|nomail|noemail|noreply|unknown|undefined|invalid|domain|yourdomain|yourcompany|company|email|mail|fake|dummy|asdf|xxx+)\.[a-z]{2,4})$|\.(?:invalid|localhost|local|test)$/;
/** Local parts that say nothing by themselves, but do at a domain of {@link NOWHERE}. */
const ANYBODY = new Set(
  phrases(
    'name, user, me, you, your, my, someone, somebody, nobody, noone, info, contact, john, johndoe, janedoe, noname, a, x',
  ),
);

function standsForNone(local: string, host: string): boolean {
  const letters = local.replace(/[^a-z]/g, '');
  if (/\*\*|^[a-z0-9.]*\*[a-z0-9.*]*$|^x{3,}$|^(.)\1{3,}$/.test(local)) return true;
  if (letters === 'email' || letters === 'mail') return NOWHERE.test(host);
  if (NOBODY.has(letters)) return true;
  const label = host.slice(0, host.indexOf('.'));
  if (label === local && (local.length <= 3 || /^(.)\1+$/.test(local))) return true;
  return NOWHERE.test(host) && (ANYBODY.has(letters) || letters === label);
}

/** Mailboxes that belong to a function: they say where someone works, not who it is. */
const ROLE = new Set(
  phrases(`
  info, infos, information, contact, contacts, contactus, hello, hi, hey, welcome, office, mail, email,
  inbox, team, admin, administrator, webmaster, hostmaster, root, sales, marketing, press, media, pr, news,
  newsletter, events, partners, partnerships, support, help, helpdesk, service, services, customerservice,
  customercare, enquiries, inquiries, enquiry, inquiry, feedback, billing, accounts, accounting, finance,
  invoice, invoices, orders, order, shop, store, jobs, career, careers, hr, recruiting, legal, privacy,
  security, compliance, dataprotection, gdpr, reception, booking, bookings, kontakt, praxis, kanzlei, sekretariat, verwaltung, buero, marketing-team, frontdesk, studio, hotel, amministrazione, segreteria,
  commerciale, informacje, biuro, sekretariaat, administratie, secretariat, direction, administracion, vertrieb, verkauf,
  buchhaltung, rechnung, bewerbung, datenschutz, empfang, post, presse, kundenservice, zentrale,
  service-commercial, commercial, comptabilite, accueil, contacto, ventas, ayuda, soporte, facturacion,
  contato, vendas, comercial, financeiro, faturamento, atendimento, suporte, info-de, it
`),
);
const AUTOMATIC =
  /^(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|noreply.*|mailer-?daemon|postmaster|abuse|bounces?|notifications?|alerts?|system|unsubscribe)$/;

/** "ada+list@contoso.com" arrives in the mailbox of ada@contoso.com (RFC 5233). */
export function withoutTag(email: string): string {
  return email.includes('+') ? email.replace(/(?<=.)\+.*(?=@)/, '') : email;
}

/**
 * Whose mailbox it is: a `person`'s, a `role`'s (info@, sales@), or `automatic`, which nobody reads.
 * `email` is in normal form.
 */
export function mailboxKind(email: string): 'person' | 'role' | 'automatic' {
  const local = email.slice(0, email.lastIndexOf('@')).replace(/\+.*$/, '');
  if (AUTOMATIC.test(local)) return 'automatic';
  return ROLE.has(local.replace(/[\d]+$/, '')) ? 'role' : 'person';
}
