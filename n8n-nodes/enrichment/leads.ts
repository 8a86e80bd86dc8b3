import {
  LEAD_FIELDS,
  type Lead,
  type LeadField,
  leadFromRow,
  mapColumns,
  type RawLead,
} from '@connectionsphere/core';
import type { IDataObject } from 'n8n-workflow';

/** Items as a list: a row of cells for each. */
export interface Table {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Deeper than this, nobody keeps a column: CRMs put theirs under `properties` or `contact.fields`. */
const DEEPEST = 3;

/** The items' fields as columns, nested ones by their path (`properties.email`). */
export function tableOf(items: readonly IDataObject[]): Table {
  const records = items.map((item) => flatten(item));
  const headers = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return { headers, rows: records.map((record) => headers.map((header) => record[header] ?? '')) };
}

/** Recognises the columns of a list, and reads a lead from each row; `undefined`: no column is of use. */
export function recogniseLeads({ headers, rows }: Table): RawLead[] | undefined {
  const mapping = mapColumns(headers, rows);
  if (Object.keys(mapping.fields).length === 0) return undefined;
  return rows.map((row) => rawLead(leadFromRow(row, mapping)));
}

/** Longer than anything that identifies somebody, and what a server takes, characters. */
const LONGEST_CELL = 2_000;

const COMPANY_FIELDS: readonly LeadField[] = ['company', 'domain', 'company_linkedin_url'];

/** What of a lead is about the company. */
export function companyOf(lead: RawLead): RawLead {
  return leadFrom((field) => (COMPANY_FIELDS.includes(field) ? lead[field] : undefined));
}

/** A lead from values that were given field by field. */
export function leadFrom(read: (field: LeadField) => unknown): RawLead {
  return Object.fromEntries(
    LEAD_FIELDS.flatMap((field) => {
      const text = cell(read(field)).slice(0, LONGEST_CELL);
      return text === '' ? [] : [[field, text]];
    }),
  );
}

function rawLead(lead: Lead): RawLead {
  const cells: Record<LeadField, string | undefined> = {
    apollo_id: lead.apolloId,
    linkedin_url: lead.linkedinUrl,
    email: lead.email,
    hashed_email: lead.hashedEmail,
    first_name: lead.firstName,
    last_name: lead.lastName,
    name: lead.name,
    company: lead.company,
    domain: lead.domain,
    company_linkedin_url: lead.companyLinkedinUrl,
  };
  return leadFrom((field) => cells[field]);
}

function flatten(json: IDataObject, path = '', depth = 1): Record<string, string> {
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]): [string, string][] => {
      const at = path === '' ? name : `${path}.${name}`;
      if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth < DEEPEST) {
        return Object.entries(flatten(value as IDataObject, at, depth + 1));
      }
      return [[at, cell(value)]];
    }),
  );
}

function cell(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
