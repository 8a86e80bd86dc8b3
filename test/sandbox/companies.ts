import { Dice } from './chance.ts';
import { bareDomain, fold, linkedinSlug, websiteDomain } from './spelling.ts';

/** What a request may say about a company, in Apollo's words. */
export interface CompanyQuery {
  readonly domain?: string;
  readonly linkedin_url?: string;
  readonly name?: string;
  readonly website?: string;
}

/** Microsoft's fictional companies: the names whose domain is not just the name and `.com`. */
const KNOWN: readonly [Known, ...Known[]] = [
  { name: 'Contoso', domain: 'contoso.com' },
  { name: 'Fabrikam', domain: 'fabrikam.com' },
  { name: 'Northwind Traders', domain: 'northwindtraders.com' },
  { name: 'Adventure Works', domain: 'adventure-works.com' },
  { name: 'A. Datum Corporation', domain: 'adatum.com' },
  { name: 'Litware', domain: 'litwareinc.com' },
  { name: 'Tailspin Toys', domain: 'tailspintoys.com' },
  { name: 'Trey Research', domain: 'treyresearch.net' },
  { name: 'Wingtip Toys', domain: 'wingtiptoys.com' },
  { name: 'Woodgrove Bank', domain: 'woodgrovebank.com' },
  { name: 'Proseware', domain: 'proseware.com' },
  { name: 'Lucerne Publishing', domain: 'lucernepublishing.com' },
];
interface Known {
  readonly name: string;
  readonly domain: string;
}

const INDUSTRIES = [
  'information technology & services',
  'logistics & supply chain',
  'financial services',
  'hospital & health care',
  'industrial automation',
  'retail',
  'media production',
] as const;
const SIZES = [12, 45, 80, 150, 320, 700, 1600, 5200, 24_000] as const;
const PLACES = [
  ['Seattle', 'Washington', 'United States'],
  ['Austin', 'Texas', 'United States'],
  ['London', 'England', 'United Kingdom'],
  ['Berlin', 'Berlin', 'Germany'],
  ['Zurich', 'Zurich', 'Switzerland'],
  ['Toronto', 'Ontario', 'Canada'],
] as const;
const LEGAL_FORMS =
  /^(inc|incorporated|llc|ltd|limited|gmbh|ag|se|sa|sas|sarl|bv|nv|ab|oy|as|plc|corp|corporation|co|company|kg|srl|spa|lda|pty)$/;

/** A company that Apollo knows; everything about it follows from its domain. */
export interface Company {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** The company at a domain (not checked for being one). */
export function companyAt(domain: string): Company {
  const known = KNOWN.find((entry) => entry.domain === domain);
  const label = domain.split('.')[0] ?? domain;
  const spelled = label
    .split('-')
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  return { id: new Dice(domain).hex('company id', 24), name: known?.name ?? spelled, domain };
}

/** Some company, always the same for the same dice. */
export function someCompany(dice: Dice): Company {
  return companyAt(dice.pick('employer', KNOWN).domain);
}

/** The domain that a company of this name has; `undefined` when the name has no letter or digit. */
export function domainOfName(name: string): string | undefined {
  const words = nameWords(name);
  if (words.length === 0) return undefined;
  const joined = words.join('');
  const known = KNOWN.find((entry) => nameWords(entry.name).join('') === joined);
  return known?.domain ?? `${joined}.com`;
}

/** Finds a company by whatever identifies it, strongest first; `null` when Apollo does not know it. */
export function findCompany(query: CompanyQuery, matchRate: number): Company | null {
  const slug = query.linkedin_url === undefined ? undefined : linkedinSlug(query.linkedin_url, 'company');
  const domain =
    (query.domain === undefined ? undefined : bareDomain(query.domain)) ??
    (query.website === undefined ? undefined : websiteDomain(query.website)) ??
    (slug === undefined ? undefined : domainOfName(slug.replaceAll('-', ' '))) ??
    (query.name === undefined ? undefined : domainOfName(query.name));
  if (domain === undefined) return null;
  return new Dice(domain).share('company known') < matchRate + 0.1 ? companyAt(domain) : null;
}

/** The number of its switchboard. */
export function companyPhone({ domain }: Company): string {
  return `+1206555${String(100 + Math.floor(new Dice(domain).share('phone') * 100)).padStart(4, '0')}`;
}

/** The company in Apollo's shape. */
export function printCompany(company: Company): Record<string, unknown> {
  const dice = new Dice(company.domain);
  const [city, state, country] = dice.pick('place', PLACES);
  const industry = dice.pick('industry', INDUSTRIES);
  const revenue = dice.pick('revenue', [1, 5, 10, 50, 100, 400]) * 1_000_000;
  const phone = companyPhone(company);
  return {
    id: company.id,
    name: company.name,
    website_url: `http://www.${company.domain}`,
    blog_url: null,
    angellist_url: null,
    linkedin_url: `http://www.linkedin.com/company/${nameWords(company.name).join('-')}`,
    twitter_url: null,
    facebook_url: null,
    primary_phone: { number: phone, source: 'Scraped', sanitized_number: phone },
    languages: ['English'],
    phone,
    sanitized_phone: phone,
    linkedin_uid: String(Math.floor(dice.share('linkedin uid') * 10 ** 8)),
    founded_year: 1975 + Math.floor(dice.share('founded') * 48),
    publicly_traded_symbol: null,
    publicly_traded_exchange: null,
    primary_domain: company.domain,
    industry,
    industries: [industry],
    secondary_industries: [],
    keywords: [],
    estimated_num_employees: dice.pick('size', SIZES),
    retail_location_count: 0,
    raw_address: `${city}, ${state}, ${country}`,
    street_address: null,
    city,
    state,
    postal_code: null,
    country,
    annual_revenue: revenue,
    annual_revenue_printed: `${revenue / 1_000_000}M`,
    short_description: `${company.name} is a company made up for the sandbox.`,
  };
}

function nameWords(name: string): string[] {
  const words = fold(name.replaceAll('&', ' and '))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const kept = words.filter((word) => !LEGAL_FORMS.test(word));
  return kept.length > 0 ? kept : words;
}
