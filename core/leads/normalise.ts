import { companyName } from './company.ts';
import { businessDomain } from './domain.ts';
import { emailAddress } from './email.ts';
import type { Lead, RawLead } from './lead.ts';
import { linkedinPage } from './linkedin.ts';
import { personName } from './person-name.ts';
import { cleanCell } from './text.ts';

/** An employer's site in place of its name. */
const ADDRESS = /^\s*(?:https?:\/\/|www\.)\S+\s*$/i;
const APOLLO_ID = /^[0-9a-f]{24}$/;
/** MD5 or SHA-256. */
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/;

/**
 * A lead in normal form from cells as they came. Every field of the result can be sent as it is; what
 * cannot be used is absent. Normalising a normal lead changes nothing.
 */
export function normaliseLead(raw: RawLead): Lead {
  const linkedin = pageIn(raw.linkedin_url);
  const email = emailIn(raw.email);
  const isAddress = raw.company !== undefined && ADDRESS.test(raw.company);
  const company = isAddress ? undefined : companyName(raw.company);
  const apolloId = matching(APOLLO_ID, raw.apollo_id);
  const hashedEmail = matching(HASH, raw.hashed_email);
  const domain =
    domainIn(raw.domain) ??
    (isAddress ? domainIn(raw.company) : undefined) ??
    (email === undefined ? undefined : businessDomain(hostIn(email)));
  const companyLinkedinUrl =
    companyUrl(pageIn(raw.company_linkedin_url)) ?? companyUrl(linkedin) ?? companyUrl(pageIn(raw.domain));
  return {
    ...(apolloId !== undefined && { apolloId }),
    ...(linkedin?.kind === 'person' && { linkedinUrl: linkedin.url }),
    ...(email !== undefined && { email }),
    ...(hashedEmail !== undefined && { hashedEmail }),
    ...personName(raw.first_name, raw.last_name, raw.name),
    ...(company !== undefined && { company }),
    ...(domain !== undefined && { domain }),
    ...(companyLinkedinUrl !== undefined && { companyLinkedinUrl }),
  };
}

function companyUrl(page: ReturnType<typeof linkedinPage>): string | undefined {
  return page?.kind === 'company' ? page.url : undefined;
}

export function pageIn(cell: string | undefined): ReturnType<typeof linkedinPage> {
  const text = cleanCell(cell);
  return text === undefined ? undefined : linkedinPage(text);
}

export function emailIn(cell: string | undefined): string | undefined {
  const text = cleanCell(cell);
  return text === undefined ? undefined : emailAddress(text);
}

export function domainIn(cell: string | undefined): string | undefined {
  const text = cleanCell(cell);
  return text === undefined ? undefined : businessDomain(text);
}

/** The host alone, since hosts repeat in a list and addresses do not: it is what the cache knows. */
function hostIn(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

function matching(pattern: RegExp, cell: string | undefined): string | undefined {
  const text = cleanCell(cell)?.toLowerCase();
  return text !== undefined && pattern.test(text) ? text : undefined;
}
