/** Leads: from the cells of a list to normal form, and to the keys by which one is known. */
export {
  type ColumnMapping,
  type MappedField,
  MappingError,
  mapColumns,
  parseMapOption,
} from './columns.ts';
export { identifyCompany, identifyPerson } from './identity.ts';
export {
  type Aside,
  findLayout,
  footerLength,
  HEAD_ROWS,
  type Layout,
  LayoutError,
  type LayoutOptions,
  type RowKind,
  RowSorter,
  TAIL_ROWS,
  type TailRow,
} from './layout.ts';
export { type Identity, LEAD_FIELDS, type Lead, type LeadField, type RawLead } from './lead.ts';
export { normaliseLead } from './normalise.ts';
export { leadFromRow } from './row.ts';
