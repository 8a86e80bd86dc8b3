import { asNumber, asObject, asText, type JsonObject, known } from './json.ts';
import type { Company, NamedCompany } from './types.ts';

/** The company in an answer; `null` for a miss: an object that names none. `undefined` where it has no id. */
export function readCompanyMatch(from: JsonObject): Company | null | undefined {
  const naming = [from.id, from.name, from.primary_domain, from.website_url, from.linkedin_url];
  if (naming.every((value) => asText(value) === undefined)) return null;
  const id = asText(from.id);
  return id === undefined ? undefined : { id, ...readCompany(from) };
}

/** The company in one of Apollo's `organization` objects, but for its id. */
export function readCompany(from: JsonObject): Omit<NamedCompany, 'id'> {
  return known({
    name: asText(from.name),
    domain: readDomain(from.primary_domain),
    website: asText(from.website_url),
    linkedinUrl: asText(from.linkedin_url),
    industry: asText(from.industry),
    size: asNumber(from.estimated_num_employees),
    phone: readCompanyPhone(from),
    foundedYear: asNumber(from.founded_year),
    revenue: asText(from.annual_revenue_printed),
    city: asText(from.city),
    state: asText(from.state),
    country: asText(from.country),
  });
}

/** Also where an answer has a whole address in its place. */
function readDomain(from: unknown): string | undefined {
  const domain = asText(from)
    ?.replace(/^[a-z]+:\/\//i, '')
    .replace(/[/?#:].*$/s, '');
  return asText(domain?.replace(/^www\./i, '').toLowerCase());
}

function readCompanyPhone(from: JsonObject): string | undefined {
  const primary = asObject(from.primary_phone);
  return (
    asText(from.sanitized_phone) ??
    asText(from.phone) ??
    asText(primary?.sanitized_number) ??
    asText(primary?.number)
  );
}
