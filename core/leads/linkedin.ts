import { isAscii, phrases } from './text.ts';

const ORIGIN = 'https://www.linkedin.com';
/** LinkedIn allows 100 characters; encoded slugs of older accounts are longer. */
const SLUG_MAX = 150;

/**
 * `hidden`: Sales Navigator and Recruiter addresses and opaque member ids, which mean nothing outside the
 * account that they were copied from.
 */
export type LinkedinPage =
  | { readonly kind: 'person' | 'company'; readonly url: string }
  | { readonly kind: 'hidden' };

/** A cheap look, since most websites are elsewhere. */
const HOST = /linkedin\.com/i;
const ADDRESS =
  /(?:^|[^a-z0-9.-])(?:[a-z0-9-]+\.)*linkedin\.com(?::\d+)?\/+((?:mwlite\/|comm\/|organization-guest\/)?(?:in|pub|company|showcase|sales|talent|recruiter)\/[^\s?#"'<>|,;)\]}\\*`]+)/i;
/** Scrapers that drop the host. */
const PATH_ONLY = /^\/?((?:in|pub|company)\/[^\s?#"'<>|,;)\]}\\*`]+)/i;
/** The ids that LinkedIn uses in place of a public slug (`ACoAA…`, `ACwAA…`). */
const MEMBER_ID = /^ac[orw]aa/i;
const SLUG = /^[\p{L}\p{N}\p{M}_.&'’-]+$/u;
/** What exports write for nobody's page, and pages of LinkedIn that are nobody's, without punctuation. */
const NOBODY = new Set(
  phrases(`
  null, nil, none, nan, na, unknown, undefined, unavailable, notavailable, notfound, notprovided, blank, empty,
  false, true, hidden, private, deleted, removed, anonymous, linkedinmember, object, objectobject, me, edit, login,
  signup, username, yourname, yourprofile, profile, firstnamelastname, example, slug, headless, tbd, xxx, xxxx, xxxxx
`),
);
const PUB_PART = /^[0-9a-f]{1,3}$/i;

/**
 * What page a LinkedIn address leads to, its address in the one form `https://www.linkedin.com/in/slug`
 * or `…/company/slug`: whatever scheme, country subdomain, case, encoding, language ending or tracking it
 * came with. `undefined` when the text is no address of a person or company on LinkedIn.
 */
export function linkedinPage(text: string): LinkedinPage | undefined {
  const whole = /%2f/i.test(text) ? (decoded(text) ?? text) : text;
  const found = (HOST.test(whole) ? ADDRESS.exec(whole) : null) ?? PATH_ONLY.exec(whole);
  const path = found?.[1];
  if (path === undefined || isTorn(path, whole.slice((found?.index ?? 0) + (found?.[0].length ?? 0)))) {
    return undefined;
  }
  const [section = '', ...parts] = path.replace(/^(?:mwlite|comm|organization-guest)\//i, '').split(/\/+/);
  switch (section.toLowerCase()) {
    case 'in':
      return personPage(slugOf(parts[0]));
    case 'pub':
      return personPage(slugOf(currentSlug(parts)));
    case 'company':
    case 'showcase':
      return companyPage(slugOf(parts[0]));
    case 'sales':
      // A company's number is the same in Sales Navigator and in public.
      if (/^(?:company|accounts?)$/i.test(parts[0] ?? ''))
        return companyPage(/^\d+/.exec(parts[1] ?? '')?.[0]);
      return { kind: 'hidden' };
    default:
      return { kind: 'hidden' };
  }
}

/** "/in/ada lovelace": with a space inside, "ada" alone would be somebody else's page. */
function isTorn(path: string, rest: string): boolean {
  return !path.endsWith('/') && /^ +(?!(?:https?:|www\.|linkedin\.|in\/))[\p{L}\p{N}_-]/iu.test(rest);
}

function personPage(slug: string | undefined): LinkedinPage | undefined {
  if (slug === undefined) return undefined;
  return MEMBER_ID.test(slug) ? { kind: 'hidden' } : { kind: 'person', url: `${ORIGIN}/in/${slug}` };
}

function companyPage(slug: string | undefined): LinkedinPage | undefined {
  return slug === undefined ? undefined : { kind: 'company', url: `${ORIGIN}/company/${slug}` };
}

function slugOf(part: string | undefined): string | undefined {
  // "ada-lov..." is cut off: what is left would be somebody else's.
  if (part === undefined || /\.\.$/.test(part)) return undefined;
  const plain = (part.includes('%') ? decoded(part)?.trim() : part)?.replace(/&\w+=.*$|[.'’&]+$/, '');
  if (plain === undefined || !SLUG.test(plain)) return undefined;
  const letters = plain.replace(/[^\p{L}\p{N}]+/gu, '');
  if (letters.length < 2 || NOBODY.has(letters.toLowerCase())) return undefined;
  const slug = plain.toLowerCase();
  const ascii = isAscii(slug) ? slug : encodeURIComponent(slug.normalize('NFC'));
  return ascii.length > SLUG_MAX ? undefined : ascii;
}

/**
 * LinkedIn redirects `/pub/ada-lovelace/a7/576/b50` to `/in/ada-lovelace-b50576a7`: the parts in reverse,
 * all but the last filled up to three digits.
 */
function currentSlug([name, ...parts]: readonly string[]): string | undefined {
  const [a, b, c] = parts;
  if (name === undefined || a === undefined || b === undefined || c === undefined) return name;
  if (![a, b, c].every((part) => PUB_PART.test(part))) return name;
  return `${name}-${c.padStart(3, '0')}${b.padStart(3, '0')}${a}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The slug of an address that {@link linkedinPage} made. */
export function slugIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
