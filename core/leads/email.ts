import { asciiHost } from './domain.ts';
import { phrases } from './text.ts';

const LOCAL_MAX = 64;
/** RFC 5321, section 4.5.3.1, less the angle brackets. */
const ADDRESS_MAX = 254;
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * The first well-formed address in a cell, lower-case, its domain in ASCII. Understands `mailto:`,
 * `Name <a@b>` and several addresses in one cell. `undefined` when there is none.
 */
export function emailAddress(text: string): string | undefined {
  if (!text.includes('@')) return undefined;
  for (const part of text.split(/[\s,;|<>()[\]"]+/)) {
    if (!part.includes('@')) continue;
    const address = wellFormed(part.toLowerCase());
    if (address !== undefined) return address;
  }
  return undefined;
}

function wellFormed(text: string): string | undefined {
  const bare = text
    .replace(/^['`]*(?:mailto:|smtp:|e?-?mail:)?/, '')
    .replace(/[?].*$/, '')
    .replace(/['`.]+$/, '');
  const at = bare.lastIndexOf('@');
  const local = bare.slice(0, at);
  if (local.length > LOCAL_MAX || !LOCAL.test(local)) return undefined;
  const host = asciiHost(bare.slice(at + 1));
  if (host === undefined || !HOST.test(host)) return undefined;
  const address = `${local}@${host}`;
  return address.length > ADDRESS_MAX ? undefined : address;
}

/** Mailboxes that belong to a function: they say where someone works, not who it is. */
const ROLE = new Set(
  phrases(`
  info, infos, information, contact, contacts, contactus, hello, hi, hey, welcome, office, mail, email,
  inbox, team, admin, administrator, webmaster, hostmaster, root, sales, marketing, press, media, pr, news,
  newsletter, events, partners, partnerships, support, help, helpdesk, service, services, customerservice,
  customercare, enquiries, inquiries, enquiry, inquiry, feedback, billing, accounts, accounting, finance,
  invoice, invoices, orders, order, shop, store, jobs, career, careers, hr, recruiting, legal, privacy,
  security, compliance, dataprotection, gdpr, reception, booking, bookings, kontakt, vertrieb, verkauf,
  buchhaltung, rechnung, bewerbung, datenschutz, empfang, post, presse, kundenservice, zentrale,
  service-commercial, commercial, comptabilite, accueil, contacto, ventas, ayuda, soporte, facturacion,
  contato, vendas, comercial, financeiro, faturamento, atendimento, suporte, info-de, it
`),
);
const AUTOMATIC =
  /^(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|noreply.*|mailer-?daemon|postmaster|abuse|bounces?|notifications?|alerts?|system|unsubscribe)$/;

/**
 * Whose mailbox it is: a `person`'s, a `role`'s (info@, sales@), or `automatic`, which nobody reads.
 * `email` is in normal form.
 */
export function mailboxKind(email: string): 'person' | 'role' | 'automatic' {
  const local = email.slice(0, email.lastIndexOf('@')).replace(/\+.*$/, '');
  if (AUTOMATIC.test(local)) return 'automatic';
  return ROLE.has(local.replace(/[\d]+$/, '')) ? 'role' : 'person';
}
