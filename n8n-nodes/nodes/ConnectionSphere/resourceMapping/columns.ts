import type { ResourceMapperField, ResourceMapperFields } from 'n8n-workflow';
import { COMPANY_FIELDS, PERSON_FIELDS } from '../shared/descriptions/lead-fields';

type Field = (typeof PERSON_FIELDS)[number];

const columns = (fields: readonly Field[]): ResourceMapperFields => ({
  fields: fields.map(
    ([id, displayName]): ResourceMapperField => ({
      id,
      displayName,
      required: false,
      defaultMatch: false,
      display: true,
      type: 'string',
      canBeUsedToMatch: false,
    }),
  ),
});

/** Fields by which a person can be identified. */
export async function getPersonColumns(): Promise<ResourceMapperFields> {
  return columns(PERSON_FIELDS);
}

/** Fields by which a company can be identified. */
export async function getCompanyColumns(): Promise<ResourceMapperFields> {
  return columns(COMPANY_FIELDS);
}
