/** Leads: from the cells of a list to normal form, and to the keys by which one is known. */
export { MappingError, parseMapOption } from './column-wishes.ts';
export {
  type ColumnMapping,
  type LeftOutColumn,
  type MappedField,
  mapColumns,
  SAMPLE_ROWS,
} from './columns.ts';
export { CompanyDomains, isNameAlone, withDomain } from './company-domains.ts';
export { withDoubtfulNames } from './doubtful-columns.ts';
export { filledDownColumns, filledDownName } from './filled-down.ts';
export { namesField } from './header-words.ts';
export { identifyCompany, identifyPerson } from './identity.ts';
export {
  beginsTable,
  findLayout,
  footerLength,
  groupColumn,
  HEAD_ROWS,
  type Layout,
  LayoutError,
  type LayoutOptions,
  namesAgain,
  type OtherRow,
  type RowKind,
  RowSorter,
  TAIL_ROWS,
  type TailRow,
} from './layout.ts';
export {
  type Identity,
  LEAD_FIELDS,
  type Lead,
  type LeadField,
  PERSON_FIELDS,
  type RawLead,
} from './lead.ts';
export type { LeftOutOfName } from './name-left-out.ts';
export { NameVariants } from './name-variants.ts';
export { normaliseLead } from './normalise.ts';
export { hashOf } from './number-table.ts';
export { orientation } from './orientation.ts';
export { PossibleDuplicates } from './possible-duplicates.ts';
export { leadFromRow, leftOutOfRow } from './row.ts';
export { NamesAtAddresses } from './shared-addresses.ts';
export { leadsTogether, withoutNobodys } from './together.ts';
