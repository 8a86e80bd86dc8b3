import type { ColumnMapping } from './columns.ts';
import { foldCompany, legalFormOf } from './company.ts';
import type { Lead } from './lead.ts';

/** Companies whose domain is kept; with more of them, the rest of a list goes without. */
const MOST_DOMAINS = 5_000;

/** Whether a company is given by its name alone: Apollo needs a domain or a LinkedIn page, else it answers 422. */
export function isNameAlone({ company, domain, companyLinkedinUrl }: Lead): boolean {
  return company !== undefined && domain === undefined && companyLinkedinUrl === undefined;
}

/**
 * Domains of companies that stand by their name alone in one place and with their domain in another. Add all leads by
 * {@link name}, then by {@link find}. A name with two domains or two legal forms is that of two companies: it has none.
 */
export class CompanyDomains {
  /** By folded name; `undefined`: none was seen, `null`: several were. */
  readonly #domains = new Map<string, string | null | undefined>();
  /** The first legal form seen, by folded name. */
  readonly #forms = new Map<string, string>();

  /** Notes a lead that is a name alone. */
  name(lead: Lead): void {
    const name = isNameAlone(lead) ? foldCompany(lead.company ?? '') : '';
    if (name === '') return;
    if (this.#noteForm(name, lead.company ?? '')) this.#domains.set(name, null);
    else if (!this.#domains.has(name)) this.#domains.set(name, undefined);
  }

  /** Notes the domain of a lead whose name stands alone elsewhere. */
  find({ company, domain }: Lead): void {
    if (company === undefined || domain === undefined) return;
    const name = foldCompany(company);
    if (!this.#domains.has(name)) return;
    const before = this.#domains.get(name);
    const isOne = (before === undefined || before === domain) && !this.#noteForm(name, company);
    this.#domains.set(name, isOne ? domain : null);
  }

  /** Notes the company's legal form, and says whether another was noted before. */
  #noteForm(name: string, company: string): boolean {
    const form = legalFormOf(company);
    if (form === '') return false;
    const before = this.#forms.get(name) ?? form;
    this.#forms.set(name, before);
    return before !== form;
  }

  /** Whether no lead is a name alone. */
  get isEmpty(): boolean {
    return this.#domains.size === 0;
  }

  /** The domains found, by folded name. */
  found(): Record<string, string> {
    const found = [...this.#domains].flatMap(([name, domain]) => (domain ? [[name, domain] as const] : []));
    return Object.fromEntries(found.slice(0, MOST_DOMAINS));
  }
}

/** The lead with the domain that its company has elsewhere in the list, where it has none itself. */
export function withDomain(lead: Lead, { domains }: Pick<ColumnMapping, 'domains'>): Lead {
  if (domains === undefined || !isNameAlone(lead)) return lead;
  const name = foldCompany(lead.company ?? '');
  const domain = Object.hasOwn(domains, name) ? domains[name] : undefined;
  return domain === undefined ? lead : { ...lead, domain };
}
