import { asNumber, asObject, asText, type JsonObject, known } from './json.ts';
import type { Company } from './types.ts';

/** The company in an answer; `null` for a miss: an object that names none. `undefined` where it has no id. */
export function readCompanyMatch(from: JsonObject): Company | null | undefined {
  const naming = [from.id, from.name, from.primary_domain, from.website_url, from.linkedin_url];
  return naming.every((value) => asText(value) === undefined) ? null : readCompany(from);
}

/** The company in one of Apollo's `organization` objects; `undefined` without an id. */
export function readCompany(from: JsonObject): Company | undefined {
  const id = asText(from.id);
  if (id === undefined) return undefined;
  const rest = known({
    name: asText(from.name),
    domain: asText(from.primary_domain),
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
  return { id, ...rest };
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
