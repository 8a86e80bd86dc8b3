import type { Company, Person, Phone } from '../apollo/index.ts';
import type { Lead } from '../leads/index.ts';
import type { Outcome } from '../outcome.ts';

/** The tools for which a list can be made ready. */
export const PRESETS = ['hubspot', 'salesforce', 'smartlead', 'instantly', 'lemlist', 'heyreach'] as const;
export type Preset = (typeof PRESETS)[number];

/** What people call the tools. */
export const PRESET_NAMES: Readonly<Record<Preset, string>> = {
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
  smartlead: 'Smartlead',
  instantly: 'Instantly',
  lemlist: 'Lemlist',
  heyreach: 'HeyReach',
};

/** What a row for a tool is made from. */
export interface PresetRow {
  readonly outcome?: Outcome | undefined;
  readonly person?: Person | undefined;
  readonly company?: Company | undefined;
  /** As the list has it. */
  readonly lead: Lead;
}

type Field =
  | 'email'
  | 'firstName'
  | 'lastName'
  | 'company'
  | 'phone'
  | 'title'
  | 'linkedin'
  | 'website'
  | 'city'
  | 'state'
  | 'country'
  | 'location'
  | 'industry'
  | 'companySize'
  | 'headline';

interface Tool {
  /** The tool's own names for its columns, in the order of its template. */
  readonly columns: readonly (readonly [name: string, field: Field])[];
  /** Without these it takes nobody in. */
  readonly needs: readonly Field[];
}

const TOOLS: Readonly<Record<Preset, Tool>> = {
  // Labels of HubSpot's default contact properties, which its import recognises whatever their case
  // (knowledge.hubspot.com/properties/hubspots-default-contact-properties and …/set-up-your-import-file). The
  // profile is the property hs_linkedin_url.
  hubspot: {
    columns: [
      ['Email', 'email'],
      ['First Name', 'firstName'],
      ['Last Name', 'lastName'],
      ['Company Name', 'company'],
      ['Phone Number', 'phone'],
      ['Job Title', 'title'],
      ['LinkedIn URL', 'linkedin'],
      ['Website URL', 'website'],
      ['City', 'city'],
      ['State/Region', 'state'],
      ['Country/Region', 'country'],
      ['Industry', 'industry'],
    ],
    needs: ['email'],
  },
  // Labels that the Data Import Wizard maps by itself; Last Name and Company are required (help.salesforce.com,
  // "Field Mapping for Importing Leads", xcloud.field_mapping_for_importing_leads). LinkedIn has no standard field.
  salesforce: {
    columns: [
      ['First Name', 'firstName'],
      ['Last Name', 'lastName'],
      ['Company', 'company'],
      ['Title', 'title'],
      ['Email', 'email'],
      ['Phone', 'phone'],
      ['Website', 'website'],
      ['City', 'city'],
      ['State/Province', 'state'],
      ['Country', 'country'],
      ['Industry', 'industry'],
      ['No. of Employees', 'companySize'],
      ['LinkedIn URL', 'linkedin'],
    ],
    needs: ['lastName', 'company'],
  },
  // The fields of a lead in a campaign (api.smartlead.ai/api-reference/leads/update and …/leads/add-to-campaign);
  // others become custom fields, 200 at most.
  smartlead: {
    columns: [
      ['email', 'email'],
      ['first_name', 'firstName'],
      ['last_name', 'lastName'],
      ['company_name', 'company'],
      ['phone_number', 'phone'],
      ['website', 'website'],
      ['location', 'location'],
      ['linkedin_profile', 'linkedin'],
      ['company_url', 'website'],
    ],
    needs: ['email'],
  },
  // The fields of a lead (developer.instantly.ai/api-reference/lead); what it does not know, such as profile and
  // place, becomes a custom variable.
  instantly: {
    columns: [
      ['email', 'email'],
      ['first_name', 'firstName'],
      ['last_name', 'lastName'],
      ['company_name', 'company'],
      ['phone', 'phone'],
      ['website', 'website'],
      ['job_title', 'title'],
      ['linkedin_url', 'linkedin'],
      ['location', 'location'],
    ],
    needs: ['email'],
  },
  // The fields of a lead (developer.lemlist.com/api-reference/objects-definitions/lead and
  // …/endpoints/leads/create-lead-in-campaign, whose answer has companyDomain); others become custom variables.
  lemlist: {
    columns: [
      ['email', 'email'],
      ['firstName', 'firstName'],
      ['lastName', 'lastName'],
      ['companyName', 'company'],
      ['jobTitle', 'title'],
      ['linkedinUrl', 'linkedin'],
      ['phone', 'phone'],
      ['companyDomain', 'website'],
    ],
    needs: ['email'],
  },
  // The fields of a lead in api.heyreach.io/api/public/campaign/AddLeadsToCampaignV2, as its clients send them (HeyReach's
  // own pages need an account); it works on LinkedIn alone.
  heyreach: {
    columns: [
      ['profileUrl', 'linkedin'],
      ['firstName', 'firstName'],
      ['lastName', 'lastName'],
      ['companyName', 'company'],
      ['position', 'title'],
      ['location', 'location'],
      ['emailAddress', 'email'],
      ['summary', 'headline'],
    ],
    needs: ['linkedin'],
  },
};

/** Columns of ours that a tool's own columns say already, or that say nothing once a row is chosen. */
const NOT_REPEATED = new Set([
  'apollo_outcome',
  'apollo_first_name',
  'apollo_last_name',
  'apollo_email',
  'apollo_phone',
  'apollo_phone_do_not_call',
  'apollo_other_phones',
  'apollo_linkedin_url',
  'apollo_error',
]);
const PHONE_COLUMNS = new Set(['apollo_phone_type', 'apollo_phone_confidence']);

/** Apollo's words for addresses that are none. */
const NO_ADDRESS = new Set(['unavailable', 'invalid', 'bounced']);

/** The header of a tool's file; `added` are the columns that the list's options add. */
export function presetColumns(preset: Preset, added: readonly string[]): string[] {
  return [...TOOLS[preset].columns.map(([name]) => name), ...added.filter((name) => !NOT_REPEATED.has(name))];
}

/**
 * A row of a tool's file; `undefined` for whom the tool cannot contact: not matched, for review, or without what
 * it needs. Numbers on a do-not-call list are left out.
 * @param cells the row's cells under `added`.
 */
export function presetRow(
  preset: Preset,
  row: PresetRow,
  added: readonly string[],
  cells: readonly string[],
): string[] | undefined {
  if (row.outcome !== 'matched' || !row.person) return undefined;
  const { columns, needs } = TOOLS[preset];
  const phone = callable(row.person);
  const values = fieldsOf(row, row.person, phone);
  if (needs.some((field) => !values[field])) return undefined;
  if (preset === 'salesforce' && !values.email && !values.phone && !values.linkedin) return undefined;
  const isFirst = phone === row.person.phones?.[0];
  return [
    ...columns.map(([, field]) => values[field] ?? ''),
    ...added.flatMap((name, index) => {
      if (NOT_REPEATED.has(name)) return [];
      // They are about the first number, which may be another.
      return [PHONE_COLUMNS.has(name) && !isFirst ? '' : (cells[index] ?? '')];
    }),
  ];
}

function fieldsOf(
  { lead, company: asked }: PresetRow,
  person: Person,
  phone: Phone | undefined,
): Partial<Record<Field, string | undefined>> {
  const company: Partial<Company> = { ...person.company, ...asked };
  const places = [person.city, person.state, person.country].filter((place) => place !== undefined);
  return {
    email: (NO_ADDRESS.has(person.emailStatus ?? '') ? undefined : person.email) ?? lead.email,
    firstName: person.firstName ?? lead.firstName,
    lastName: person.lastName ?? lead.lastName,
    company: company.name ?? lead.company,
    phone: phone?.number,
    title: person.title,
    linkedin: person.linkedinUrl ?? lead.linkedinUrl,
    website: company.domain ?? lead.domain,
    city: person.city,
    state: person.state,
    country: person.country,
    location: places.join(', '),
    industry: company.industry,
    companySize: company.size?.toString(),
    headline: person.headline,
  };
}

/** The best number that may be called. */
function callable({ phones }: Person): Phone | undefined {
  return phones?.find(({ doNotCall }) => doNotCall !== true);
}
