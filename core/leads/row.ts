import type { ColumnMapping } from './columns.ts';
import { companyName } from './company.ts';
import { withDomain } from './company-domains.ts';
import { mailboxRank } from './email.ts';
import { generationOf } from './generation.ts';
import { LEAD_FIELDS, type Lead, type LeadField, type RawLead } from './lead.ts';
import { leftOutOfName, NAME_FIELDS, type NamePart } from './name-left-out.ts';
import { beginsWithGivenName, withComma } from './name-order.ts';
import { withNameOfList } from './name-variants.ts';
import { nestedText } from './nested-cell.ts';
import { domainIn, emailIn, normaliseLead, pageIn } from './normalise.ts';
import { bracketedIn, employerBehind } from './person-name.ts';
import { withoutShared } from './shared-addresses.ts';
import { cleanCell } from './text.ts';

/** The lead in a row, in normal form. Rows may be shorter than the header. */
export function leadFromRow(row: readonly string[], mapping: ColumnMapping): Lead {
  const raw = inOrder(withEmployer(cellsOf(row, mapping, LEAD_FIELDS), mapping), mapping);
  const lead = unsplit(normaliseLead(withParticle(raw, row, mapping)), mapping);
  const named = withBracketed(withNameDetails(lead, row, mapping), raw);
  return withNameOfList(withDomain(withoutShared(named, mapping), mapping), mapping);
}

function inOrder(raw: RawLead, { familyFirst }: ColumnMapping): RawLead {
  if (raw.name === undefined) return raw;
  const name = withoutCompany(raw.name, raw.company);
  return { ...raw, name: familyFirst === true ? withComma(name) : name };
}

/** Where a list has perhaps the family name first, and this name looks so, nobody can say which part is which. */
function unsplit(lead: Lead, { familyFirst, fields }: ColumnMapping): Lead {
  const { firstName, lastName, ...rest } = lead;
  if (familyFirst !== 'perhaps' || firstName === undefined || lastName === undefined) return lead;
  const isTurned = beginsWithGivenName(lastName) && !beginsWithGivenName(firstName);
  return isTurned && fields.first_name === undefined ? { ...rest, name: `${firstName} ${lastName}` } : lead;
}

/** "Contoso, Ada Lovelace", as Odoo writes whoever works at Contoso, without what the cell of the company says. */
function withoutCompany(name: string, company: string | undefined): string {
  if (company === undefined || !name.includes(',')) return name;
  const own = company.trim().toLowerCase();
  const text = name.trim();
  const at = own.length;
  if (own === '' || text.length < at + 3) return name;
  const before =
    text.slice(0, at).toLowerCase() === own ? /^\s*,\s*(.+)$/.exec(text.slice(at))?.[1] : undefined;
  const behind =
    text.slice(-at).toLowerCase() === own ? /^(.+?)\s*,\s*$/.exec(text.slice(0, -at))?.[1] : undefined;
  return before ?? behind ?? name;
}

/** With what stands in brackets beside the name, which tells bearers of one name apart. */
export function withBracketed(lead: Lead, raw: RawLead): Lead {
  if (lead.lastName === undefined && lead.name === undefined) return lead;
  const bracketed = bracketedIn(raw.last_name) ?? bracketedIn(raw.name) ?? bracketedIn(raw.first_name);
  return bracketed === undefined ? lead : { ...lead, bracketed };
}

/** Where no other cell says so, where somebody works as it stands behind the name: "Ada Lovelace, CTO at Contoso". */
function withEmployer(raw: RawLead, { fields }: ColumnMapping): RawLead {
  if (raw.company !== undefined || raw.domain !== undefined) return raw;
  const isAlone = Object.keys(fields).every((field) => (NAME_FIELDS as readonly string[]).includes(field));
  const company = employerBehind(raw.name ?? raw.last_name ?? raw.first_name, isAlone);
  return company === undefined ? raw : { ...raw, company };
}

/** "van der" in a column of its own belongs to the last name: without it, it is another family's. */
function withParticle(raw: RawLead, row: readonly string[], { nameDetails }: ColumnMapping): RawLead {
  const particle = cleanCell(row[nameDetails?.particle ?? -1]);
  const last = raw.last_name;
  if (particle === undefined || last === undefined || particle.length > LONGEST_PARTICLE) return raw;
  return last.toLowerCase().startsWith(`${particle.toLowerCase()} `)
    ? raw
    : { ...raw, last_name: `${particle} ${last}` };
}

/** Characters; "von und zu" has ten. */
const LONGEST_PARTICLE = 15;

/** Middle name and generation out of columns of their own, which tell bearers of one name apart. */
function withNameDetails(lead: Lead, row: readonly string[], { nameDetails }: ColumnMapping): Lead {
  if (nameDetails === undefined) return lead;
  const middleName = cleanCell(row[nameDetails.middle ?? -1]);
  const generation = lead.generation ?? generationOf(row[nameDetails.suffix ?? -1]);
  return {
    ...lead,
    ...(generation !== undefined && { generation }),
    ...(middleName !== undefined && { middleName }),
  };
}

const NAMES_AND_EMPLOYER = [...NAME_FIELDS, 'company', 'domain'] as const;

/** What of the cells with the lead's name is not sent, see {@link leftOutOfName}. */
export function leftOutOfRow(row: readonly string[], mapping: ColumnMapping, lead: Lead): NamePart[] {
  const raw = cellsOf(row, mapping, NAMES_AND_EMPLOYER);
  const { company = '' } = withEmployer(raw, mapping);
  return leftOutOfName(raw, lead, raw.company === undefined ? company : '');
}

function cellsOf(row: readonly string[], mapping: ColumnMapping, fields: readonly LeadField[]): RawLead {
  const raw: RawLead = {};
  for (const field of fields) {
    const columns = mapping.fields[field]?.columns;
    if (columns === undefined) continue;
    const cell = columns.length === 1 ? row[columns[0] ?? -1] : preferredCell(row, columns, field);
    const text = cell && CALLED_FIELDS.has(field) ? nestedText(cell) : cell;
    if (text !== undefined && text !== '') raw[field] = text;
  }
  return raw;
}

/** Fields of which the whole cell is sent. In those of addresses, the address is found. */
const CALLED_FIELDS: ReadonlySet<LeadField> = new Set([...NAME_FIELDS, 'company']);

function preferredCell(
  row: readonly string[],
  columns: readonly number[],
  field: LeadField,
): string | undefined {
  if (field === 'email') {
    const [best] = columns
      .flatMap((index) => {
        const address = emailIn(row[index]);
        return address === undefined ? [] : [{ index, rank: mailboxRank(address) }];
      })
      .sort((a, b) => a.rank - b.rank);
    if (best) return row[best.index];
  }
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
