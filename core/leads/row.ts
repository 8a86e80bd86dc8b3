import type { ColumnMapping } from './columns.ts';
import { companyName } from './company.ts';
import { withDomain } from './company-domains.ts';
import { LEAD_FIELDS, type Lead, type LeadField, type RawLead } from './lead.ts';
import { leftOutOfName, NAME_FIELDS, type NamePart } from './name-left-out.ts';
import { withNameOfList } from './name-variants.ts';
import { domainIn, emailIn, normaliseLead, pageIn } from './normalise.ts';
import { withoutShared } from './shared-addresses.ts';
import { cleanCell } from './text.ts';

/** The lead in a row, in normal form. Rows may be shorter than the header. */
export function leadFromRow(row: readonly string[], mapping: ColumnMapping): Lead {
  const raw = cellsOf(row, mapping, LEAD_FIELDS);
  const lead = withDomain(withoutShared(normaliseLead(raw), mapping), mapping);
  return withNameOfList(lead, mapping);
}

/** What of the cells with the lead's name is not sent, see {@link leftOutOfName}. */
export function leftOutOfRow(row: readonly string[], mapping: ColumnMapping, lead: Lead): NamePart[] {
  return leftOutOfName(cellsOf(row, mapping, NAME_FIELDS), lead);
}

function cellsOf(row: readonly string[], mapping: ColumnMapping, fields: readonly LeadField[]): RawLead {
  const raw: RawLead = {};
  for (const field of fields) {
    const columns = mapping.fields[field]?.columns;
    if (columns === undefined) continue;
    const cell = columns.length === 1 ? row[columns[0] ?? -1] : preferredCell(row, columns, field);
    if (cell !== undefined && cell !== '') raw[field] = cell;
  }
  return raw;
}

function preferredCell(
  row: readonly string[],
  columns: readonly number[],
  field: LeadField,
): string | undefined {
  const usable = columns.find((index) => isUsable(field, row[index]));
  return row[usable ?? columns.find((index) => cleanCell(row[index]) !== undefined) ?? -1];
}

function isUsable(field: LeadField, cell: string | undefined): boolean {
  switch (field) {
    case 'linkedin_url':
      return pageIn(cell)?.kind === 'person';
    case 'company_linkedin_url':
      return pageIn(cell)?.kind === 'company';
    case 'email':
      return emailIn(cell) !== undefined;
    case 'domain':
      return domainIn(cell) !== undefined;
    case 'company':
      return companyName(cell) !== undefined;
    default:
      return cleanCell(cell) !== undefined;
  }
}
