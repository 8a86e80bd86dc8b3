import { type ColumnMapping, columnsOfNobody } from './columns.ts';
import { identifyPerson } from './identity.ts';
import { LEAD_FIELDS, type Lead, type RawLead } from './lead.ts';
import { NameVariants, withNameOfList } from './name-variants.ts';
import { normaliseLead } from './normalise.ts';
import { withBracketed } from './row.ts';
import { NamesAtAddresses, withoutShared } from './shared-addresses.ts';

/**
 * Leads that came in one request, in normal form, each seen beside the others as the rows of a list are: a name that is
 * written with a middle initial once and without it elsewhere is one person's. See {@link withoutNobodys}, too.
 */
export function leadsTogether(raw: readonly RawLead[]): Lead[] {
  const leads = withoutNobodys(raw).map((each) => withBracketed(normaliseLead(each), each));
  if (leads.length < 2) return leads;
  const variants = new NameVariants();
  for (const lead of leads) {
    const identity = identifyPerson(lead);
    if (identity) variants.add(identity);
  }
  const seen = mappingWith({ varied: variants.found() });
  return leads.map((lead) => withNameOfList(lead, seen));
}

/**
 * Leads without what identifies nobody when they are seen together: a field with one value for nearly all of them, and
 * an address that stands beside different names.
 */
export function withoutNobodys(raw: readonly RawLead[]): readonly RawLead[] {
  if (raw.length < 2) return raw;
  const theirs = withoutConstants(raw);
  const names = new NamesAtAddresses();
  const leads = theirs.map(normaliseLead);
  for (const lead of leads) names.add(lead);
  if (names.suspects.size === 0) return theirs;
  for (const lead of leads) names.compare(lead);
  const seen = mappingWith({ shared: names.shared() });
  return theirs.map((each, index) => {
    const lead = leads[index] ?? {};
    const kept = withoutShared(lead, seen);
    const rest = { ...each };
    if (kept.linkedinUrl !== lead.linkedinUrl) delete rest.linkedin_url;
    if (kept.email === lead.email) return rest;
    delete rest.email;
    // It says where they work all the same.
    return kept.domain === undefined ? rest : { ...rest, domain: kept.domain };
  });
}

function withoutConstants(raw: readonly RawLead[]): readonly RawLead[] {
  const fields = LEAD_FIELDS.filter((field) => raw.some((each) => each[field] !== undefined));
  const cells = raw.map((each) => fields.map((field) => each[field] ?? ''));
  const nobodys = columnsOfNobody(fields, cells);
  if (nobodys.length === 0) return raw;
  return raw.map((each) => {
    const rest = { ...each };
    for (const field of nobodys) delete rest[field];
    return rest;
  });
}

function mappingWith(seen: Pick<ColumnMapping, 'shared' | 'varied'>): ColumnMapping {
  return { headers: [], fields: {}, unused: [], ...seen };
}
