import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AnswerLost,
  AnswerNotUnderstood,
  type Apollo,
  ApolloError,
  ApolloInTrouble,
  BadLead,
  createApollo,
  KeyNotAllowed,
  KeyRefused,
  OutOfCredits,
  RateLimited,
  RequestRefused,
  type Reveal,
  type RevealContext,
} from '../../core/apollo/index.ts';
import type { Lead } from '../../core/leads/lead.ts';
import { HttpFailure } from '../../core/ports.ts';
import { REFUSAL_KINDS, REFUSALS } from '../sandbox/refusals.ts';
import { HttpDouble, type Reply } from './http-double.ts';

const KEY = 'kEy_of-the.sandbox1234';
const NOTHING: Reveal = { personalEmails: false, phones: false, waterfall: false };
const PLAIN: RevealContext = { key: KEY, reveal: NOTHING };
const PHONES: RevealContext = {
  key: KEY,
  reveal: { ...NOTHING, phones: true },
  webhookUrl: 'https://hooks.example.com/apollo?secret=a&b=c',
};
const WATERFALL: RevealContext = { ...PHONES, reveal: { ...NOTHING, waterfall: true } };

const ADA: Lead = { firstName: 'Ada', lastName: 'Lovelace', company: 'Contoso', domain: 'contoso.com' };
const ALAN: Lead = { name: 'Alan Turing', email: 'alan@fabrikam.com' };
const ID_OF_ADA = '64a7ff0cc4dfae00013df1a1';
const ID_OF_GRACE = '64a7ff0cc4dfae00013df1a3';
const NAMED = { id: ID_OF_ADA, name: 'Ada Lovelace' };
const LIMIT_HEADERS = {
  'x-rate-limit-minute': '1000',
  'x-minute-usage': '7',
  'x-rate-limit-hourly': '',
  'x-rate-limit-24-hour': '2000',
  'x-24-hour-usage': '1999',
};

function apolloThat(reply: Reply | Error): { apollo: Apollo; http: HttpDouble } {
  const http = new HttpDouble(reply);
  return { apollo: createApollo({ http, baseUrl: 'https://apollo.example.com/api/v1/' }), http };
}

function matchPeople(reply: Reply | Error, leads: readonly Lead[] = [ADA, ALAN], context = PLAIN) {
  return apolloThat(reply).apollo.matchPeople(leads, context);
}

async function failure(promise: Promise<unknown>): Promise<ApolloError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApolloError)) throw new Error(`no ApolloError but ${String(error)}`);
  return error;
}

const EVERY_CALL: Readonly<Record<string, (apollo: Apollo, context: RevealContext) => Promise<unknown>>> = {
  matchPerson: (apollo, context) => apollo.matchPerson(ADA, context),
  matchPeople: (apollo, context) => apollo.matchPeople([ADA, ALAN], context),
  enrichCompany: (apollo, context) => apollo.enrichCompany(ADA, context),
  enrichCompanies: (apollo, context) => apollo.enrichCompanies([ADA, ALAN], context),
  profile: (apollo, context) => apollo.profile(context),
  credits: (apollo, context) => apollo.credits(context),
  usage: (apollo, context) => apollo.usage(context),
  lateResult: (apollo, context) => apollo.lateResult('-17', context),
};
const PAID = ['matchPerson', 'matchPeople', 'enrichCompany', 'enrichCompanies'];
const FREE = ['profile', 'credits', 'usage', 'lateResult'];

function call(name: string, reply: Reply | Error, context: RevealContext = PLAIN) {
  const { apollo, http } = apolloThat(reply);
  const made = EVERY_CALL[name]?.(apollo, context);
  if (!made) throw new Error(`no call ${name}`);
  return { made, http };
}

describe('what is sent', () => {
  it.each([...PAID, ...FREE])('%s makes one request, whatever the answer', async (name) => {
    for (const status of [200, 400, 429, 500, 502]) {
      const { made, http } = call(name, { status, body: 'nonsense' });
      await made.catch(() => undefined);
      expect(http.requests).toHaveLength(1);
    }
  });

  it.each(['', 'two words', 'line\nbreak', 'carriage\rreturn', 'tab\t', 'schlüssel', '\u200bkey', 'key '])(
    'lets no text that cannot be a key reach a header: %j',
    async (key) => {
      const { made, http } = call('profile', { body: {} }, { ...PLAIN, key });
      expect(await failure(made)).toBeInstanceOf(KeyRefused);
      expect(http.requests).toHaveLength(0);
    },
  );
});

describe('people', () => {
  it('reads what Apollo knows of a person and a company, and leaves out what it does not', async () => {
    const { people } = await matchPeople(
      {
        body: {
          matches: [
            {
              id: ID_OF_ADA,
              first_name: 'Ada',
              last_name: 'Lovelace',
              name: 'Ada Lovelace',
              title: 'Analyst',
              headline: '',
              seniority: 'founder',
              email: 'ada@contoso.com',
              email_status: 'likely to engage',
              personal_emails: ['ada@example.com', null, 'ada@example.com'],
              linkedin_url: 'http://www.linkedin.com/in/ada-lovelace',
              city: 'London',
              state: null,
              country: 'United Kingdom',
              a_field_of_tomorrow: { nested: [] },
              organization: {
                id: '5e66b6381e05b4008c8331b1',
                name: 'Contoso',
                primary_domain: 'contoso.com',
                website_url: 'http://www.contoso.com',
                estimated_num_employees: 1600,
                founded_year: 1842,
                annual_revenue_printed: '100M',
                industry: null,
                primary_phone: { number: '+1 202-555-0114' },
              },
            },
          ],
        },
      },
      [ADA],
    );
    expect(people).toEqual([
      {
        id: ID_OF_ADA,
        firstName: 'Ada',
        lastName: 'Lovelace',
        name: 'Ada Lovelace',
        title: 'Analyst',
        seniority: 'founder',
        email: 'ada@contoso.com',
        emailStatus: 'likely to engage',
        personalEmails: ['ada@example.com'],
        linkedinUrl: 'http://www.linkedin.com/in/ada-lovelace',
        city: 'London',
        country: 'United Kingdom',
        company: {
          id: '5e66b6381e05b4008c8331b1',
          name: 'Contoso',
          domain: 'contoso.com',
          website: 'http://www.contoso.com',
          size: 1600,
          foundedYear: 1842,
          revenue: '100M',
          phone: '+1 202-555-0114',
        },
      },
    ]);
  });

  it('does not take a batch that matched nobody for a success', async () => {
    const body = {
      status: 'success',
      unique_enriched_records: 0,
      credits_consumed: 0,
      matches: [null, null],
    };
    expect(await matchPeople({ body })).toMatchObject({ people: [null, null], credits: 0 });
  });

  it('counts matches by the list, not by the people who were charged', async () => {
    const matches = [{ id: ID_OF_ADA }, { id: ID_OF_GRACE }];
    const body = { status: 'success', unique_enriched_records: 0, credits_consumed: 0, matches };
    expect((await matchPeople({ body })).people).toHaveLength(2);
  });

  it.each([1.25, '1.25'])('keeps fractions of credits: %j', async (credits_consumed) => {
    const body = { matches: [null, null], credits_consumed };
    expect((await matchPeople({ body })).credits).toBe(1.25);
  });

  it.each([[[]], [''], [false], [{}], [null]])('takes what holds nothing for a miss: %j', async (miss) => {
    const grace = { id: ID_OF_GRACE, name: 'Grace Hopper' };
    expect((await matchPeople({ body: { matches: [miss, grace] } })).people).toEqual([null, grace]);
  });

  it('takes a page that Cloudflare holds a call up with for passing trouble, whatever its status', async () => {
    const headers = { 'cf-mitigated': 'challenge' };
    for (const status of [200, 403, 429, 503]) {
      const page = '<!DOCTYPE html><title>Just a moment...</title>';
      const error = await failure(matchPeople({ status, headers, body: page }));
      expect(error).toMatchObject({ passing: true, reached: false, inDoubt: false });
    }
  });

  it.each([
    [[null, {}], 0],
    [[{ id: 'a', name: 'Ada Lovelace', linkedin_url: 'http://www.linkedin.com/in/ada' }, null], 0],
    [
      [
        { id: 'a', name: 'Ada Lovelace', title: 'Engineer' },
        { id: 'b', name: 'Alan', email: 'a@b.example' },
      ],
      2,
    ],
    [[{ id: 'a', name: 'Ada Lovelace', personal_emails: ['ada@example.com'] }, null], 1],
    [[{ id: 'a', name: 'Ada Lovelace', email: 'email_not_unlocked@domain.com' }, null], 0],
    [[{ name: '', title: 'Engineer', match_confidence: 'none' }, null], 0],
    [[{ name: '', email: 'ada@contoso.com', match_confidence: 'none' }, null], 1],
    [
      [
        { id: 'a', name: 'Ada Lovelace', title: 'Engineer' },
        { id: 'a', name: 'Ada Lovelace', title: 'Engineer' },
      ],
      1,
    ],
  ])(
    'counts the credits of a waterfall, which does not say them, as Apollo bills: %j',
    async (matches, credits) => {
      const body = { matches, waterfall: { status: 'accepted' }, request_id: 5 };
      expect((await matchPeople({ body }, [ADA, ALAN], WATERFALL)).credits).toBe(credits);
    },
  );

  it.each([[['a']], [['a', 'b', 'c']], [[]]])(
    'are given as they are listed, also when the list is not as long as the batch: %j of 2',
    async (ids) => {
      const body = { matches: ids.map((id) => ({ id, name: 'Ada Lovelace' })), credits_consumed: 3 };
      const answer = await matchPeople({ body, headers: LIMIT_HEADERS });
      expect(answer.people).toEqual(ids.map((id) => ({ id, name: 'Ada Lovelace' })));
      expect(answer.credits).toBe(3);
      expect(answer.limits.minute).toEqual({ limit: 1000, used: 7 });
    },
  );

  it.each([
    ['no id', { name: 'Ada Lovelace' }],
    ['an id that is no text', { id: 17, name: 'Ada Lovelace' }],
    ['a blank id', { id: ' ', name: 'Ada Lovelace' }],
    ['a text', 'Ada Lovelace'],
    ['a list', [{ id: ID_OF_ADA }]],
  ])('puts no malformed match on a lead: %s', async (_, match) => {
    const grace = { id: ID_OF_GRACE, name: 'Grace Hopper' };
    const bulk = await matchPeople({ body: { matches: [grace, match] } });
    expect(bulk.people).toEqual([grace, undefined]);
    expect(await failure(matchPeople({ body: { matches: [match, match] } }))).toBeInstanceOf(
      AnswerNotUnderstood,
    );
    const single = apolloThat({ body: { person: match } }).apollo.matchPerson(ADA, PLAIN);
    expect(await failure(single)).toBeInstanceOf(AnswerNotUnderstood);
  });

  it('takes the placeholder of an e-mail that is not paid for as no e-mail', async () => {
    const person = { ...NAMED, email: 'email_not_unlocked@domain.com', email_status: 'verified' };
    const { people } = await apolloThat({ body: { person } }).apollo.matchPerson(ADA, PLAIN);
    expect(people).toEqual([NAMED]);
  });

  it('takes a match without an e-mail for a match', async () => {
    const person = { ...NAMED, email: null, email_status: 'unavailable' };
    const { people } = await apolloThat({ body: { person } }).apollo.matchPerson(ADA, PLAIN);
    expect(people).toEqual([NAMED]);
  });

  it.each(['unavailable', 'bounced', 'Bounced'])(
    'takes an address that is %s for no e-mail',
    async (status) => {
      const person = { ...NAMED, email: 'ada@contoso.com', email_status: status };
      const { people } = await apolloThat({ body: { person } }).apollo.matchPerson(ADA, PLAIN);
      expect(people).toEqual([NAMED]);
    },
  );

  it("takes the e-mail of the team's own contact where Apollo has no other", async () => {
    const contact = {
      person_id: ID_OF_ADA,
      email: null,
      contact_emails: [
        { email: 'ada@old.example', email_status: 'unverified' },
        { email: 'ada@contoso.com', email_status: 'verified' },
      ],
    };
    const { people } = await apolloThat({ body: { person: { ...NAMED, contact } } }).apollo.matchPerson(
      ADA,
      PLAIN,
    );
    expect(people).toEqual([{ ...NAMED, email: 'ada@contoso.com', emailStatus: 'verified' }]);
  });

  const STUB = {
    name: '',
    first_name: '',
    match_confidence: 'none',
    organization: { id: 'o', name: 'Contoso' },
  };
  it.each<[string, unknown]>([
    ['null', null],
    ['an empty object', {}],
    ['a stub without an id', STUB],
    ['a stub whose id is null', { ...STUB, id: null }],
    ['a stub with an id', { ...STUB, id: ID_OF_ADA }],
    ['a stub that repeats the e-mail', { ...STUB, id: ID_OF_ADA, email: 'nobody@contoso.com' }],
    ['somebody without a name', { id: ID_OF_ADA, name: '', organization: { id: 'o', name: 'Contoso' } }],
  ])('knows %s for a miss, and the others beside it for what they are', async (_, miss) => {
    const bulk = await matchPeople({ body: { status: 'success', matches: [miss, NAMED] } });
    expect(bulk.people).toEqual([null, NAMED]);
    const single = await apolloThat({ body: { person: miss } }).apollo.matchPerson(ADA, PLAIN);
    expect(single.people).toEqual([null]);
  });

  it('keeps the switchboard apart from the numbers of the person, of which the best comes first', async () => {
    const person = {
      ...NAMED,
      phone_numbers: [
        { sanitized_number: '+18885550100', type: 'work_hq', position: 0 },
        { sanitized_number: '+18885550150', type: 'other', position: 1 },
        { sanitized_number: '+18885550142', type: 'work_direct', position: 2 },
        {
          sanitized_number: '+13125550142',
          type: 'mobile',
          position: 3,
          confidence_cd: 'high',
          dnc_status: 'found',
        },
      ],
    };
    const { people } = await apolloThat({ body: { person } }).apollo.matchPerson(ADA, PLAIN);
    expect(people[0]).toEqual({
      ...NAMED,
      companyPhone: '+18885550100',
      phones: [
        { number: '+13125550142', type: 'mobile', confidence: 'high', doNotCall: true },
        { number: '+18885550142', type: 'work_direct' },
        { number: '+18885550150', type: 'other' },
      ],
    });
  });

  it('collects phones of the person and the team contact once each, without invalid ones', async () => {
    const person = {
      ...NAMED,
      phone_numbers: [{ sanitized_number: '+12025550101', type: 'mobile', status: 'valid_number' }],
      contact: {
        person_id: ID_OF_ADA,
        sanitized_phone: '+12025550103',
        phone_numbers: [
          { raw_number: '(202) 555-0101', sanitized_number: '+12025550101' },
          { raw_number: '(202) 555-0102', sanitized_number: null },
          { sanitized_number: '+12025550199', status: 'invalid_number' },
        ],
      },
    };
    const { people } = await apolloThat({ body: { person } }).apollo.matchPerson(ADA, PLAIN);
    expect(people?.[0]?.phones).toEqual([
      { number: '+12025550101', type: 'mobile' },
      { number: '(202) 555-0102' },
      { number: '+12025550103' },
    ]);
  });

  it("leaves out a number that the contact's list calls invalid, and a contact of somebody else", async () => {
    const invalid = {
      sanitized_phone: '+12025550199',
      phone_numbers: [{ sanitized_number: '+12025550199', status: 'invalid_number' }],
    };
    for (const contact of [invalid, { person_id: ID_OF_GRACE, sanitized_phone: '+12025550103' }]) {
      const { people } = await apolloThat({
        body: { person: { id: ID_OF_ADA, contact } },
      }).apollo.matchPerson(ADA, PLAIN);
      expect(people).toEqual([{ id: ID_OF_ADA }]);
    }
  });
});

describe('the request id of the late part', () => {
  const answer = (fields: string) => ({ body: `{"matches": [null], ${fields}}` });

  it.each([
    ['9223372036854775807', '"request_id": 9223372036854775807'],
    ['-9223372036854775808', '"request_id" :\n-9223372036854775808'],
    [
      '-1039995589705121903',
      '"waterfall": {"request_id": 5, "status": "accepted"}, "request_id":-1039995589705121903',
    ],
    ['1039995589705121903', '"request_id": "1039995589705121903"'],
    ['1039995589705121903', '"note": "\\"request_id\\": 5, ", "request_id": 1039995589705121903'],
    ['1039995589705121903', '"\\\\": "\\\\\\"", "request_id": 1039995589705121903'],
    [
      '7',
      '"phone_enrichment": {"status": "pending", "request_id": "64a7ff0cc4dfae00013df1a5"}, "request_id": 7',
    ],
    ['1039995589705121903', '"data": {"request_id": 1039995589705121903}'],
  ])('is kept digit by digit: %s', async (id, fields) => {
    expect((await matchPeople(answer(fields), [ADA], PHONES)).requestId).toBe(id);
  });

  it.each([
    ['more than 64 bits', '"request_id": 9223372036854775808'],
    ['a fraction', '"request_id": 12.5'],
    ['an exponent', '"request_id": 1e5'],
    ['null', '"request_id": null'],
    ['only words in a text', '"note": "\\"request_id\\": 5"'],
    ['a value of that name', '"note": ["request_id", 5]'],
    ['a waterfall that was not accepted', '"request_id": 5, "waterfall": {"status": "rejected"}'],
    [
      'phones that an earlier request looks for',
      '"request_id": 5, "phone_enrichment": {"status": "skipped"}',
    ],
  ])('is absent where there is nothing to wait for: %s', async (_, fields) => {
    expect((await matchPeople(answer(fields), [ADA], PHONES)).requestId).toBeUndefined();
  });

  it('is absent where nothing late was asked for', async () => {
    expect((await matchPeople(answer('"request_id": 5'), [ADA], PLAIN)).requestId).toBeUndefined();
  });

  it('is any 64-bit integer beside any texts', () => {
    return fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom('"request_id": 1', '\\"request_id": 1', '{"request_id":', '\\'),
        async (id, noise, text) => {
          const { request_id: _, ...rest } = noise;
          const start = JSON.stringify({
            ...rest,
            matches: [null],
            text,
            phone_enrichment: null,
            waterfall: null,
          });
          const body = `${start.slice(0, -1)}, "request_id": ${id}}`;
          expect((await matchPeople({ body }, [ADA], PHONES)).requestId).toBe(String(id));
        },
      ),
    );
  });
});

describe('companies', () => {
  it('reads a batch with misses', async () => {
    const organizations = [{ id: 'c1', name: 'Contoso', phone: '+1 202-555-0114' }, null];
    const { apollo } = apolloThat({ body: { status: 'success', organizations }, headers: LIMIT_HEADERS });
    expect(await apollo.enrichCompanies([ADA, ALAN], PLAIN)).toMatchObject({
      companies: [{ id: 'c1', name: 'Contoso', phone: '+1 202-555-0114' }, null],
      credits: 1,
      limits: { minute: { limit: 1000, used: 7 } },
    });
  });

  it('are given as they are listed, also when the list is shorter than the batch', async () => {
    const { apollo } = apolloThat({ body: { organizations: [{ id: 'c1' }] } });
    expect((await apollo.enrichCompanies([ADA, ALAN], PLAIN)).companies).toEqual([{ id: 'c1' }]);
  });

  it('reads one company, or none; figures also as text, and a domain out of an address', async () => {
    const organization = { id: 'c1', estimated_num_employees: '1600', founded_year: 'about 1900' };
    const primary_domain = 'https://www.Contoso.com/about';
    const one = apolloThat({ body: { organization: { ...organization, primary_domain } } }).apollo;
    expect((await one.enrichCompany(ADA, PLAIN)).companies).toEqual([
      { id: 'c1', size: 1600, domain: 'contoso.com' },
    ]);
    const none = apolloThat({ body: { organization: null } }).apollo;
    expect((await none.enrichCompany(ADA, PLAIN)).companies).toEqual([null]);
  });
});

describe('limits', () => {
  const limitsOf = async (headers: Record<string, string>) =>
    (await matchPeople({ body: { matches: [null, null] }, headers })).limits;

  it('takes an empty limit header for no limit, and an absent one for nothing said', async () => {
    expect(await limitsOf(LIMIT_HEADERS)).toEqual({
      minute: { limit: 1000, used: 7 },
      hour: { limit: null },
      day: { limit: 2000, used: 1999 },
    });
    expect(await limitsOf({})).toEqual({});
  });

  it('ignores what is no number', async () => {
    const headers = { 'x-rate-limit-minute': 'many', 'x-rate-limit-hourly': '-5', 'x-hourly-usage': '1' };
    expect(await limitsOf({ ...headers, 'x-rate-limit-24-hour': '600', 'x-24-hour-usage': 'NaN' })).toEqual({
      day: { limit: 600 },
    });
  });

  it.each([
    [422, BadLead],
    [429, RateLimited],
    [500, ApolloInTrouble],
    [504, AnswerLost],
  ])('are learnt from a %i as well', async (status, type) => {
    const error = await failure(matchPeople({ status, headers: LIMIT_HEADERS }));
    expect(error).toBeInstanceOf(type);
    expect(error.limits.day).toEqual({ limit: 2000, used: 1999 });
  });
});

describe('429', () => {
  const limited = async (message: string, headers: Record<string, string> = {}) =>
    (await failure(matchPeople({ status: 429, headers, body: { message } }))) as RateLimited;
  const MESSAGE = 'The maximum number of api calls allowed for api/v1/people/match is 600 times per hour.';

  it.each(['minute', 'hour', 'day'] as const)('names the window: %s', async (window) => {
    const error = await limited(MESSAGE.replace('hour', window));
    expect(error).toBeInstanceOf(RateLimited);
    expect(error.window).toBe(window);
    expect(error.message).toContain(`per ${window}`);
  });

  it('finds the window in the headers where the message names none', async () => {
    const full = { ...LIMIT_HEADERS, 'x-24-hour-usage': '2000' };
    expect((await limited('Slow down', full)).window).toBe('day');
    expect((await limited('Slow down', LIMIT_HEADERS)).window).toBeUndefined();
  });

  it.each([
    [{ 'retry-after': '42' }, 42_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Mon, 01 Jun 2026 10:01:30 GMT', date: 'Mon, 01 Jun 2026 10:00:00 GMT' }, 90_000],
    [{ 'retry-after': 'Mon, 01 Jun 2026 09:00:00 GMT', date: 'Mon, 01 Jun 2026 10:00:00 GMT' }, 0],
    [{ 'retry-after': 'Mon, 01 Jun 2026 10:01:30 GMT' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('says how long to wait: %o', async (headers, ms) => {
    expect((await limited(MESSAGE, headers)).retryAfterMs).toBe(ms);
  });
});

describe('refusals', () => {
  it.each([...PAID, ...FREE])('%s: 401 in plain text, without limits, is a refused key', async (name) => {
    const reply = { status: 401, headers: { 'content-type': 'text/plain' }, body: 'Invalid API key.' };
    const error = await failure(call(name, reply).made);
    expect(error).toBeInstanceOf(KeyRefused);
    expect(error.limits).toEqual({});
  });

  it.each([...PAID, ...FREE])(
    '%s: 403 API_INACCESSIBLE names the endpoint and leaves the key good',
    async (name) => {
      const body = { error: 'This API key is not authorized.', error_code: 'API_INACCESSIBLE' };
      const error = await failure(call(name, { status: 403, body }).made);
      expect(error).toBeInstanceOf(KeyNotAllowed);
      expect(error.message).toContain(error.endpoint);
    },
  );

  it('tells a closed account and a firewall from a plan that leaves the endpoint out', async () => {
    const refusal = (body: unknown) => failure(matchPeople({ status: 403, body }));
    expect(await refusal({ message: 'Your account is no longer active.' })).toBeInstanceOf(KeyRefused);
    expect(await refusal({ error: 'Not included in your Free plan.' })).toBeInstanceOf(KeyNotAllowed);
    const scope = 'This API key is not authorized to access api/v1/people/bulk_match.';
    expect(await refusal({ error: scope })).toBeInstanceOf(KeyNotAllowed);
    const scoped = {
      error: 'This key is out of scope; credits do not matter',
      error_code: 'API_INACCESSIBLE',
    };
    expect(await refusal(scoped)).toBeInstanceOf(KeyNotAllowed);
    expect(await refusal('<!DOCTYPE html><title>Blocked</title>')).toBeInstanceOf(ApolloInTrouble);
  });

  it.each([
    [402, {}],
    [402, 'Payment required'],
    [422, { error: 'You have insufficient credits for this request.', error_code: 'INSUFFICIENT_CREDITS' }],
    [403, { error_code: 'INSUFFICIENT_CREDITS' }],
    [400, { message: 'Your team has run out of lead credits' }],
    [422, { error_message: 'All of your credits have been exhausted' }],
    [403, { error: 'There are no credits left in this cycle' }],
    [422, { error_details: { code: 'BILLING.LIMIT.USER_LIMIT_REACHED' } }],
    [422, 'You have reached the credit limit set by your admin'],
    [422, { error: 'Credit limit reached for this user' }],
    [200, { status: 'failed', error_message: 'Not enough credits', matches: null }],
  ])('recognises that the credits are gone: %i %j', async (status, body) => {
    expect(await failure(matchPeople({ status, body }))).toBeInstanceOf(OutOfCredits);
  });

  it.each([
    [422, { error: 'Unknown field credits' }, BadLead],
    [422, { error: 'Request failed, no credits were used' }, BadLead],
    [429, { message: 'The maximum number of api calls is exceeded. Buy credits.' }, RateLimited],
  ])('does not take every mention of credits for that: %i %j', async (status, body, type) => {
    expect(await failure(matchPeople({ status, body }))).toBeInstanceOf(type);
  });

  it.each([
    [400, 'INVALID_REQUEST', RequestRefused],
    [400, 'RECORD_LIMIT_EXCEEDED', BadLead],
    [400, 'INVALID_EMAIL', BadLead],
    [422, 'UNKNOWN_ERROR', BadLead],
  ])('%i %s is about the request or a lead, and repeats nothing of it', async (status, code, type) => {
    const body = { status: 'failed', error_code: code, error_message: 'bad email ada@contoso.com' };
    const error = await failure(matchPeople({ status, body }));
    expect(error).toBeInstanceOf(type);
    expect(error.inDoubt).toBe(false);
    expect(error.message).toContain(`${status} ${code}`);
    expect(error.message).not.toContain('contoso');
  });

  it.each([
    [
      400,
      { error_code: 'INVALID_WEBHOOK_URL', error_message: 'Please add a valid webhook_url' },
      'PUBLIC_URL',
    ],
    [422, { error: 'webhook_url is not an https address' }, 'PUBLIC_URL'],
    [400, 'poll_only cannot be used together with reveal_phone_number', 'poll_only'],
    [400, { message: 'run_waterfall_phone is not known' }, 'run_waterfall_phone'],
    [400, { error_code: 'SOMETHING_NEW' }, 'Update'],
  ])('says of a request that is wrong as a whole what to do: %i %j', async (status, body, advice) => {
    const error = await failure(matchPeople({ status, body }));
    expect(error).toBeInstanceOf(RequestRefused);
    expect(error.message).toContain(advice);
    expect(error.message).toContain('no lead is the reason');
  });

  it.each(REFUSAL_KINDS.filter((kind) => /^5|cloudflare/.test(kind)))(
    'takes "%s" for trouble on the way that ends by itself',
    async (kind) => {
      const { status, type, body } = REFUSALS[kind];
      const error = await failure(matchPeople({ status, headers: { 'content-type': type }, body }));
      expect(error).toMatchObject({ passing: true, retryAfterMs: undefined });
      expect(['ApolloInTrouble', 'AnswerLost']).toContain(error.name);
      // Of these alone nobody knows whether Apollo saw the request.
      const mayHaveReached = ['502', '504', '520', '522', '524'].includes(kind);
      expect(error).toMatchObject({ inDoubt: mayHaveReached, reached: mayHaveReached });
    },
  );

  it('leaves alone for as long as Cloudflare asks', async () => {
    const headers = { 'retry-after': '17' };
    const error = await failure(matchPeople({ status: 429, headers, body: 'error code: 1015' }));
    expect(error).toMatchObject({ name: 'ApolloInTrouble', retryAfterMs: 17_000 });
  });

  it('believes that a key is not allowed something only with a reason of Apollo’s', async () => {
    for (const kind of ['not allowed', 'not allowed 401', 'not allowed in words'] as const) {
      const { status, body } = REFUSALS[kind];
      expect(await failure(matchPeople({ status, body }))).toBeInstanceOf(KeyNotAllowed);
    }
    for (const body of [{ message: 'Forbidden' }, 'Forbidden', '', { error_code: 'ACCESS_DENIED' }]) {
      const error = await failure(matchPeople({ status: 403, body }));
      expect(error).toMatchObject({ name: 'ApolloInTrouble', passing: true, inDoubt: false });
    }
  });

  it('takes 401 for the key, as text or JSON, and not as a page', async () => {
    for (const body of ['Invalid access credentials.', { error: 'Invalid access credentials.' }, '']) {
      expect(await failure(matchPeople({ status: 401, body }))).toBeInstanceOf(KeyRefused);
    }
    const page = await failure(matchPeople({ status: 401, body: '<html>Sign in to the hotel</html>' }));
    expect(page).toMatchObject({ name: 'ApolloInTrouble', passing: true });
  });

  it.each([
    [REFUSALS['no mobile credits'].body, { pool: 'mobile', balance: 0, until: Date.UTC(2026, 11, 18) }],
    [
      {
        error_details: {
          code: 'BILLING.LIMIT.CREDITS_EXHAUSTED',
          context: { credit_type: 'lead credits', credit_balance: 0.5, next_billing_date: 'soon' },
        },
      },
      { pool: 'all', balance: 0.5 },
    ],
    ['insufficient credits', { pool: 'all' }],
  ])('says which credits are spent, and until when: %j', async (body, spent) => {
    const error = await failure(matchPeople({ status: 422, body }));
    expect(error).toBeInstanceOf(OutOfCredits);
    expect(error).toMatchObject({ spent });
  });

  it('takes a refusal that is JSON but calls itself plain text', async () => {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const body = '{"status": "failed", "error_code": "INVALID_REQUEST", "error_message": "missing domains"}';
    const { apollo } = apolloThat({ status: 400, headers, body });
    expect((await failure(apollo.enrichCompanies([ADA], PLAIN))).message).toContain('INVALID_REQUEST');
  });

  it.each([302, 404, 405, 408, 409])('%i is about the way to Apollo, not about the lead', async (status) => {
    const error = await failure(matchPeople({ status, body: '<html></html>' }));
    expect(error).toBeInstanceOf(ApolloInTrouble);
    expect(error.message).toContain(String(status));
  });
});

describe('an answer without what was asked for', () => {
  it.each(PAID)('of %s says that Apollo knows nobody', async (name) => {
    for (const body of [
      '{}',
      '{"status":"success"}',
      '{"status":"success","matches":[],"organizations":[]}',
    ]) {
      const answer = await call(name, { body }).made;
      const { people, companies } = answer as { people?: unknown; companies?: unknown };
      expect(people ?? companies).toEqual(name.endsWith('s') || name === 'matchPeople' ? [] : [null]);
    }
  });
});

describe('answers that are lost or make no sense', () => {
  const sent = new HttpFailure('no whole answer within 60000 ms', true);
  const notSent = new HttpFailure('the connection failed (ECONNREFUSED)', false);

  it.each(PAID)('%s is in doubt when it may have been charged', async (name) => {
    for (const reply of [
      sent,
      new TypeError('fetch failed'),
      { status: 502 },
      { status: 504 },
      { status: 524 },
    ]) {
      const error = await failure(call(name, reply).made);
      expect(error).toBeInstanceOf(AnswerLost);
      expect(error.inDoubt).toBe(true);
    }
    for (const body of ['<html>OK</html>', '', '[]', 'null', '{"person"', '{"error":"oops"}']) {
      const error = await failure(call(name, { body }).made);
      expect(error).toBeInstanceOf(AnswerNotUnderstood);
      expect(error.inDoubt).toBe(true);
    }
  });

  it.each(PAID)('%s is not in doubt when nothing can have been charged', async (name) => {
    for (const reply of [notSent, { status: 500 }, { status: 503 }]) {
      const error = await failure(call(name, reply).made);
      expect(error).toBeInstanceOf(ApolloInTrouble);
      expect(error.inDoubt).toBe(false);
    }
  });

  it.each(FREE)('%s is never in doubt', async (name) => {
    for (const reply of [
      sent,
      notSent,
      { status: 500 },
      { status: 502 },
      { status: 422 },
      { body: '<html>' },
    ]) {
      const error = await failure(call(name, reply).made);
      expect(error).toBeInstanceOf(ApolloInTrouble);
    }
  });

  it('says why nothing came', async () => {
    expect((await failure(matchPeople(notSent))).message).toContain('ECONNREFUSED');
  });

  it('sends nothing when it was cancelled before, and is in doubt when cancelled after sending', async () => {
    const before = call('matchPeople', { body: {} }, { ...PLAIN, signal: AbortSignal.abort() });
    expect(await failure(before.made)).toBeInstanceOf(ApolloInTrouble);
    expect(before.http.requests).toHaveLength(0);

    const cancel = new AbortController();
    const http = {
      request: async () => {
        cancel.abort();
        throw new DOMException('aborted', 'AbortError');
      },
    };
    const apollo = createApollo({ http, baseUrl: 'https://apollo.example.com' });
    const error = await failure(apollo.matchPeople([ADA], { ...PLAIN, signal: cancel.signal }));
    expect(error).toBeInstanceOf(AnswerLost);
    expect(error.message).toContain('cancelled');
  });

  it('throws nothing but its own errors, which hold neither the key nor the lead', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          status: fc.constantFrom('success', 'failed', 1),
          matches: fc.array(
            fc.oneof(fc.jsonValue(), fc.record({ id: fc.string(), contact: fc.jsonValue() })),
          ),
          person: fc.jsonValue(),
          organization: fc.jsonValue(),
          organizations: fc.jsonValue(),
          webhook_result: fc.oneof(fc.jsonValue(), fc.record({ people: fc.jsonValue() })),
          credit_usage_stats: fc.record({ lead_credit: fc.jsonValue() }),
          error: fc.constantFrom(KEY, 'Lovelace', null),
        })
        .map((value) => JSON.stringify(value)),
    );
    return fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PAID, ...FREE),
        fc.oneof(fc.constantFrom(200, 400, 403, 404, 422, 429, 500), fc.integer({ min: 200, max: 599 })),
        body,
        fc.dictionary(fc.constantFrom(...Object.keys(LIMIT_HEADERS), 'retry-after', 'date'), fc.string()),
        async (name, status, text, headers) => {
          try {
            await call(name, { status, body: text, headers }, PHONES).made;
          } catch (error) {
            expect(error).toBeInstanceOf(ApolloError);
            expect(String(error)).not.toMatch(/Lovelace|kEy_of/);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the account', () => {
  it('reads user, team and credits', async () => {
    const body = {
      id: 'u1',
      team_id: 't1',
      email: 'ada@contoso.com',
      num_credits_remaining: 9500.5,
      num_lead_credits_used: 500,
      total_unified_credits_used: 910,
    };
    const { apollo, http } = apolloThat({ body });
    expect(await apollo.profile(PLAIN)).toEqual({
      userId: 'u1',
      teamId: 't1',
      email: 'ada@contoso.com',
      creditsLeft: 9500.5,
      creditsUsed: 910,
      limits: {},
    });
    expect(http.only.url).toBe(
      'https://apollo.example.com/api/v1/users/api_profile?include_credit_usage=true',
    );
  });

  it('takes a profile without credits, but none without a team', async () => {
    const without = { id: 'u1', team_id: 't1', num_lead_credits_used: 3 };
    expect(await apolloThat({ body: without }).apollo.profile(PLAIN)).toEqual({
      userId: 'u1',
      teamId: 't1',
      creditsUsed: 3,
      limits: {},
    });
    expect(await failure(apolloThat({ body: { id: 'u1' } }).apollo.profile(PLAIN))).toBeInstanceOf(
      ApolloInTrouble,
    );
  });

  it.each([
    [96, 120, 0, 96],
    [0, 2520, 544, 1976],
    [0, 2520, 2520, 0],
    [0, 100, 101, 0],
    [0, undefined, 544, 0],
    [undefined, 100, undefined, undefined],
  ])('does not take a counter that stands still for empty: %s of %s with %s used', async (...numbers) => {
    const [num_credits_remaining, effective_num_lead_credits, total_unified_credits_used, left] = numbers;
    const credits = { num_credits_remaining, effective_num_lead_credits, total_unified_credits_used };
    const { apollo } = apolloThat({ body: { id: 'u1', team_id: 't1', ...credits } });
    expect((await apollo.profile(PLAIN)).creditsLeft).toBe(left);
  });

  it('reads the balance and the end of the cycle', async () => {
    const body = {
      credit_usage_stats: { lead_credit: { limit: 10000, consumed: 2500.5, left_over: 7499.5 } },
      current_credit_cycle: { end_date: '2026-05-01T00:00:00.000Z' },
    };
    const balance = { limit: 10000, used: 2500.5, left: 7499.5, limits: {} };
    expect(await apolloThat({ body }).apollo.credits(PLAIN)).toEqual({
      ...balance,
      cycleEndsAt: Date.UTC(2026, 4, 1),
    });
    const endless = { ...body, current_credit_cycle: { end_date: null } };
    expect(await apolloThat({ body: endless }).apollo.credits(PLAIN)).toEqual(balance);
  });

  it('finds its endpoints among keys that are JSON text', async () => {
    const windows = { minute: { limit: 1000, consumed: 5, left_over: 995 }, hour: { limit: null }, day: {} };
    const body = {
      '["api/v1/people", "bulk_match"]': windows,
      '["api/v1/webhook_result","show"]': windows,
      '["api/v1/contacts", "search"]': windows,
      '["api/v1/people", "match"]': 'nonsense',
      'not JSON': windows,
      __proto__: null,
    };
    const limits = { minute: { limit: 1000, used: 5 }, hour: { limit: null } };
    expect((await apolloThat({ body }).apollo.usage(PLAIN)).endpoints).toEqual({
      'people/bulk_match': limits,
      'webhook_result/show': limits,
    });
  });
});

describe('polling a late result', () => {
  const poll = (reply: Reply, id = '-1039995589705121903') => {
    const { apollo, http } = apolloThat(reply);
    return { polled: apollo.lateResult(id, PLAIN), http };
  };
  const result = { people: [{ id: ID_OF_ADA, phone_numbers: [] }], credits_consumed: 8 };

  it('asks with the id as it came and gives the result', async () => {
    const { polled, http } = poll({ body: { webhook_status: 'success', webhook_result: result } });
    expect(await polled).toEqual({
      state: 'ready',
      result: {
        requestId: '-1039995589705121903',
        credits: 8,
        people: [{ id: ID_OF_ADA, phones: [], emails: [] }],
      },
      limits: {},
    });
    expect(http.only.at.pathname).toBe('/api/v1/webhook_result/-1039995589705121903');
    // Nothing that a call could buy by.
    expect([http.only.method, http.only.at.search, http.only.body]).toEqual(['GET', '', undefined]);
  });

  it('gives a result that Apollo could not deliver by webhook', async () => {
    const body = { webhook_status: 'failed', failure_reason: 'timeout', webhook_result: result };
    expect(await poll({ body }).polled).toMatchObject({ state: 'ready' });
  });

  it.each([
    [{ status: 404, body: { error_code: 'result_pending', retry_after_seconds: 25 } }, 25_000],
    [{ status: 404, body: { error_code: 'result_pending' }, headers: { 'retry-after': '3' } }, 3_000],
    [{ status: 404, body: { error_code: 'result_pending', retry_after_seconds: null } }, 10_000],
    [{ status: 404, body: { error_code: 'RESULT_PENDING', retry_after_seconds: '25' } }, 25_000],
    [{ status: 404, body: { error_details: { code: 'result_pending' } } }, 10_000],
    [{ body: { webhook_status: 'in_progress', webhook_result: {} } }, 10_000],
    [{ body: { webhook_status: 'queued' } }, 10_000],
    [{ status: 200, body: { webhook_status: 'in_progress', webhook_result: null } }, 10_000],
  ])('waits while it is not there yet: %o', async (reply, retryAfterMs) => {
    expect(await poll(reply).polled).toMatchObject({ state: 'pending', retryAfterMs });
  });

  it.each([
    { status: 404, body: { error_code: 'request_id_unknown' } },
    { status: 410, body: { error_code: 'request_id_expired' } },
    { status: 400, body: { error_code: 'invalid_request_id' } },
    { status: 200, body: { webhook_status: 'failed', webhook_result: null } },
  ])('stops when it will never come: %o', async (reply) => {
    expect(await poll(reply).polled).toMatchObject({ state: 'gone' });
  });

  it.each(['', '..', '9223372036854775808', '1.5', 'abc'])('does not even ask for %j', async (id) => {
    const { polled, http } = poll({}, id);
    expect(await polled).toMatchObject({ state: 'gone' });
    expect(http.requests).toHaveLength(0);
  });

  it('does not take a page of a proxy for the end', async () => {
    expect(await failure(poll({ status: 404, body: '<html>' }).polled)).toBeInstanceOf(ApolloInTrouble);
  });
});
