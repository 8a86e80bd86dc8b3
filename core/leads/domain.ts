import freeEmailDomains from 'free-email-domains';
import { parse } from 'tldts';
import { BoundedMap } from './bounded-map.ts';
import { isAscii, phrases } from './text.ts';

/** Lists name few companies compared with people; this holds the working set of a large one. */
const CACHE_ENTRIES = 20_000;
const DOMAIN_MAX = 253;

/** Providers that `free-email-domains` leaves out. */
const FREE_MAIL: ReadonlySet<string> = new Set([
  ...freeEmailDomains,
  ...['hey.com', 'tutanota.com', 'tutanota.de', 'tuta.com', 'tutamail.com', 'keemail.me', 'mailbox.org'],
  ...['appleid.com', 'skiff.com', 'relay.firefox.com', 'simplelogin.com'],
]);
/** Brands that give mail addresses under a domain in nearly every country. */
const FREE_MAIL_BRAND = /^(?:gmail|googlemail|yahoo|hotmail|outlook|gmx|aol|ymail)\./;

/** Sites where people and companies have a page: the address of the page says nothing about the company's own. */
const PLATFORMS: ReadonlySet<string> = new Set(
  phrases(`
  linkedin.com, linkedin.cn, lnkd.in, facebook.com, fb.com, fb.me, instagram.com, twitter.com, x.com, t.co,
  threads.net, tiktok.com, youtube.com, youtu.be, xing.com, pinterest.com, snapchat.com, telegram.me, t.me,
  whatsapp.com, wa.me, bsky.app, vk.com, linktr.ee, linkin.bio, bio.link, beacons.ai, lnk.bio, campsite.bio,
  taplink.cc, about.me, bit.ly, goo.gl, tinyurl.com, g.page, goo.gle, medium.com, substack.com, github.com,
  calendly.com, crunchbase.com, angel.co, wellfound.com, glassdoor.com, indeed.com, docs.google.com,
  sites.google.com, drive.google.com, maps.google.com, plus.google.com, calendar.google.com, meet.google.com,
  forms.gle, app.goo.gl, app.hubspot.com, app-eu1.hubspot.com, hubs.ly, hs-sites.com, salesforce-sites.com,
  lightning.force.com, my.salesforce.com, force.com, app.apollo.io, app.pipedrive.com, pipedrive.com, crm.zoho.com,
  app.close.com, app.salesloft.com, app.outreach.io, app.lemlist.com, app.intercom.com, app.attio.com,
  airtable.com, notion.so, notion.site, monday.com, trello.com, app.asana.com, typeform.com, eventbrite.com,
  meetup.com, lu.ma, zoom.us, slack.com, teams.microsoft.com, dropbox.com, gravatar.com, quora.com, reddit.com,
  yelp.com, trustpilot.com, kununu.com, northdata.de, northdata.com, opencorporates.com, zoominfo.com, rocketreach.co,
  lusha.com, clutch.co, g2.com, producthunt.com, ow.ly, buff.ly, rb.gy, rebrand.ly, is.gd, cutt.ly, t.ly
`),
);

/** Sites whose customers each have one under a name of theirs: what is before the domain tells the customer, the domain does not. */
const SITES_OF_CUSTOMERS: ReadonlySet<string> = new Set(
  phrases(`
  business.site, godaddysites.com, squarespace.com, jimdofree.com, jimdosite.com, jimdo.com, mystrikingly.com, strikingly.com,
  webnode.com, webnode.page, webnode.fr, webnode.it, webnode.es, webnode.cz, site123.me, tumblr.com, blogspot.de, blogspot.fr,
  over-blog.com, simplesite.com, webador.com, webador.de, wordpress.com, weebly.com, webflow.com, super.site, wix.com, duda.co,
  bigcartel.com, ghost.io, hubspotpagebuilder.com, onepage.io, systeme.io, kajabi.com, mykajabi.com, teachable.com,
  thinkific.com, podia.com, clickfunnels.com, unbounce.com, zohosites.com, odoo.com, canva.site, tilda.ws, ucoz.ru, narod.ru,
  nethouse.ru, livejournal.com, e-monsite.com, pagesperso-orange.fr, webs.com, tripod.com, hpage.com, de.tl, beepworld.de,
  npage.de, sharepoint.com, onmicrosoft.com, atlassian.net, zendesk.com, freshdesk.com, bandcamp.com, taplink.ws, hotmart.com,
  mercadoshops.com.br, lojaintegrada.com.br, ecwid.com, company.site, blogs.com, typepad.com, edublogs.org, pixieset.com,
  zenfolio.com, smugmug.com, site.com, ueniweb.com, websites.co.in, dudaone.com, mobirisesite.com, glitch.me, durable.co,
  10web.site, wpengine.com, wpcomstaging.com, amazonaws.com
`),
);

/** Pages of a search engine about anybody: its own staff write its domain without them. */
const ABOUT_ANYBODY = /^(?:https?:\/\/)?(?:www\.)?google\.[a-z.]{2,6}\/(?:search|url|maps|profiles|\+)/i;
/** What people write for "none". */
const NONE = /^(?:none|no|na|null|unknown|undefined|nowebsite|nosite|noemail|domain|yourdomain)\.[a-z]{2,4}$/;

const domains = new BoundedMap<string | undefined>(CACHE_ENTRIES);

/**
 * The registrable domain of the business behind a website, URL, domain or e-mail address, in ASCII.
 * `undefined` for free-mail providers, sites where anybody has a page (LinkedIn, Linktree …), IP addresses
 * and anything whose ending is on no public-suffix list.
 */
export function businessDomain(text: string): string | undefined {
  return domains.getOrCompute(text, findDomain);
}

function findDomain(text: string): string | undefined {
  if (ABOUT_ANYBODY.test(text)) return undefined;
  const host = hostOf(text);
  if (host === undefined) return undefined;
  const domain = registrable(host);
  if (domain === undefined || domain.length > DOMAIN_MAX) return undefined;
  if (FREE_MAIL.has(domain) || FREE_MAIL.has(host) || FREE_MAIL_BRAND.test(domain)) return undefined;
  if (PLATFORMS.has(domain) || PLATFORMS.has(host) || NONE.test(domain)) return undefined;
  if (host !== domain && PLATFORMS.has(host.slice(host.indexOf('.') + 1))) return undefined;
  if (SITES_OF_CUSTOMERS.has(domain) && host !== domain && host !== `www.${domain}`) return undefined;
  return domain;
}

function hostOf(text: string): string | undefined {
  const candidate = text
    .replaceAll('。', '.')
    .split(/[\s,;|<>"'()]+/)
    .find((part) => part.includes('.'));
  if (candidate === undefined) return undefined;
  // "http//contoso.com" and "https:/contoso.com" are common slips.
  const host = parse(candidate.replace(/^[a-z]{3,6}[:;]?\/{1,3}/i, '')).hostname;
  return host === null ? undefined : asciiHost(host);
}

/**
 * Hosted sites (`contoso.github.io`) are domains of their own; the host itself (`www.github.io`) is the
 * hosting company's.
 */
function registrable(host: string): string | undefined {
  const own = parse(host, { allowPrivateDomains: true });
  if (!own.isIcann && !own.isPrivate) return undefined;
  const hosted = own.isPrivate && own.domain !== null && own.domain !== `www.${own.publicSuffix}`;
  return (hosted ? own.domain : parse(host).domain) ?? undefined;
}

/** The host in lower case with Punycode labels; `undefined` when it cannot be one. */
export function asciiHost(host: string): string | undefined {
  if (isAscii(host)) return host.toLowerCase();
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
