import { expect, it } from 'vitest';
import { readCompany } from '../../core/apollo/company.ts';
import { readPerson } from '../../core/apollo/person.ts';
import { readPhones } from '../../core/apollo/phones.ts';
import { ANSWER_FIELDS } from './answer-fields.ts';

/** Why whole groups of fields are left out; what fits none of them has to be used. */
const LEFT_OUT: Readonly<Record<string, RegExp>> = {
  'the books of the Apollo team and its CRM':
    /salesforce|hubspot|crm|account|contact_|contact$|owner|creator|team|label_ids|custom_field|typed_|rule_|stage|campaign|queued|merged|modality|source|existence_level|playbook|emailer|arcgate|record_url|tickling|dialer_flags|parent_/,
  'ids of Apollo and of LinkedIn that nothing is looked up by':
    /^_?id$|^key$|organization_id|linkedin_uid|industry_tag|postal_code|_uid$/,
  'dates of Apollo’s own records': /_at$|created|updated|last_activity|time_zone/,
  'pictures and pages elsewhere': /photo|logo|twitter|facebook|github|blog|angellist|crunchbase/,
  'schooling and details of posts':
    /^title$|degree|description|emails$|end_date|grade|kind|major|raw_address|start_date/,
  'the address to the house number': /address/,
  'other figures of a company':
    /funding|technolog|alexa|traded|languages|keywords|industries|secondary|snippets|retail|suborganization|subsidiary|owned_by|ultimate|parent|head_?count|org_chart|revenue$|seo|num_/,
  'guesses about interest and work': /intent|engage|departments|functions|revealed/,
  'states of e-mail beside the one that is read':
    /email_(?:unsub|from|status_un|true)|updated_email|free_domain|direct_dial|dnc_other|position|phone_note|phone_status/,
};

/** The names of a group's fields, and which of them a reader looks at. */
function looked(
  fields: string,
  read: (from: Record<string, unknown>) => unknown,
  sample: Record<string, unknown>,
) {
  const names = fields.trim().split(/\s+/);
  const seen = new Set<string>();
  read(
    new Proxy(sample, {
      get(target, name) {
        seen.add(String(name));
        return target[String(name)];
      },
    }),
  );
  return names.filter((name) => !seen.has(name));
}

const PERSON = { id: 'x', name: 'Ada Lovelace' };
it.each([
  ['person', looked(ANSWER_FIELDS.person, readPerson, { ...PERSON, email: 'ada@contoso.com' })],
  [
    'contact',
    looked(ANSWER_FIELDS.contact, (contact) => readPerson({ ...PERSON, contact }), {
      email: 'ada@contoso.com',
    }),
  ],
  ['phone', looked(ANSWER_FIELDS.phone, (phone) => readPhones([phone]), { raw_number: '1' })],
  ['organization', looked(ANSWER_FIELDS.organization, readCompany, { id: 'x' })],
  [
    'employment',
    looked(ANSWER_FIELDS.employment, (one) => readPerson({ ...PERSON, employment_history: [one] }), {
      organization_name: 'Contoso',
    }),
  ],
])('every field of a %s in Apollo’s answers is read, or left out for a reason', (kind, unread) => {
  const names =
    kind === 'contact'
      ? /^(?:first_name|last_name|name|linkedin_url|title|headline|organization_name|phone_numbers|contact_emails)$/
      : /^$/;
  const unexplained = unread.filter(
    (name) => !names.test(name) && !Object.values(LEFT_OUT).some((pattern) => pattern.test(name)),
  );
  expect(unexplained).toEqual([]);
});
