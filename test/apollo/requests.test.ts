import nock from 'nock';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createApollo, type Reveal, type RevealContext } from '../../core/apollo/index.ts';
import type { Lead } from '../../core/leads/lead.ts';
import { createHttp } from '../../core/node/index.ts';

/** What Apollo is sent, to the last parameter, by the HTTP client that production has. */

const KEY = 'kEy_of-the.sandbox1234';
const NOTHING: Reveal = { personalEmails: false, phones: false, waterfall: false };
const PLAIN: RevealContext = { key: KEY, reveal: NOTHING };
const HOOK = 'https://hooks.example.com/apollo?secret=a&b=c';
const ADA: Lead = { firstName: 'Ada', lastName: 'Lovelace', company: 'Contoso', domain: 'contoso.com' };

const http = createHttp();
const apollo = createApollo({ http, baseUrl: 'https://apollo.example.com/api/v1/' });
/** Anything else that is asked is answered with an error. */
const expected = () => nock('https://apollo.example.com/api/v1', { reqheaders: { 'x-api-key': KEY } });

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => http.close());

it('puts all of a single look-up into the query, and only what the lead has', async () => {
  const names = { first_name: 'Ada', last_name: 'Lovelace', organization_name: 'Contoso' };
  expected()
    .post('/people/match', '')
    .query({ ...names, domain: 'contoso.com', reveal_phone_number: 'true', webhook_url: HOOK })
    .reply(200, { person: null });
  await apollo.matchPerson(ADA, { key: KEY, reveal: { ...NOTHING, phones: true }, webhookUrl: HOOK });
});

it.each([
  [{ phones: true }, { reveal_phone_number: 'true' }],
  [{ waterfall: true }, { run_waterfall_email: 'true' }],
  [
    { phones: true, waterfall: true },
    { run_waterfall_email: 'true', run_waterfall_phone: 'true' },
  ],
])(
  'asks for what is wanted and nothing that costs more, pushed or to be polled for: %o',
  async (wanted, flags) => {
    const reveal = { ...NOTHING, ...wanted };
    const matches = { matches: [null] };
    expected()
      .post('/people/bulk_match')
      .query({ ...flags, webhook_url: HOOK })
      .reply(200, matches);
    await apollo.matchPeople([ADA], { key: KEY, reveal, webhookUrl: HOOK });
    expected()
      .post('/people/bulk_match')
      .query({ ...flags, poll_only: 'true' })
      .reply(200, matches);
    await apollo.matchPeople([ADA], { key: KEY, reveal });
  },
);

it('names no address where nothing comes late', async () => {
  expected()
    .post('/people/bulk_match')
    .reply(200, { matches: [null] });
  await apollo.matchPeople([ADA], { ...PLAIN, webhookUrl: HOOK });
});

it('puts the flags of a batch into the query and the people into the body', async () => {
  const hashed = '8d935115b9ff4489f2d1f9249503cadf';
  expected()
    .post('/people/bulk_match', {
      details: [
        { name: 'Alan Turing', email: 'alan@fabrikam.com' },
        { linkedin_url: 'https://www.linkedin.com/in/grace-hopper' },
        { id: '64a7ff0cc4dfae00013df1a1', hashed_email: hashed },
      ],
    })
    .query({ reveal_personal_emails: 'true' })
    .matchHeader('content-type', 'application/json')
    .reply(200, { matches: [null, null, null] });
  await apollo.matchPeople(
    [
      { name: 'Alan Turing', email: 'alan@fabrikam.com' },
      { linkedinUrl: 'https://www.linkedin.com/in/grace-hopper' },
      { apolloId: '64a7ff0cc4dfae00013df1a1', hashedEmail: hashed },
    ],
    { key: KEY, reveal: { ...NOTHING, personalEmails: true }, webhookUrl: HOOK },
  );
});

it('sends first and last name, or the name, never both', async () => {
  expected()
    .post('/people/bulk_match', {
      details: [
        { first_name: 'Ada', last_name: 'Lovelace' },
        { name: 'Ada King Lovelace' },
        { last_name: 'Lovelace' },
      ],
    })
    .reply(200, { matches: [null, null, null] });
  await apollo.matchPeople(
    [
      { firstName: 'Ada', lastName: 'Lovelace', name: 'Ada Lovelace' },
      { firstName: 'Ada', name: 'Ada King Lovelace' },
      { lastName: 'Lovelace' },
    ],
    PLAIN,
  );
});

it('identifies companies by domain, LinkedIn address and name', async () => {
  const linkedin = 'https://www.linkedin.com/company/contoso';
  const fields = { domain: 'contoso.com', linkedin_url: linkedin, name: 'Contoso' };
  const lead: Lead = { ...ADA, companyLinkedinUrl: linkedin };
  expected().get('/organizations/enrich').query(fields).reply(200, { organization: null });
  await apollo.enrichCompany(lead, PLAIN);
  expected()
    .post('/organizations/bulk_enrich', { details: [fields, { domain: 'fabrikam.com' }] })
    .reply(200, { organizations: [null, null] });
  await apollo.enrichCompanies([lead, { domain: 'fabrikam.com' }], PLAIN);
});
