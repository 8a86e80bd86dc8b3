import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startApiServer } from '../api/api-server.ts';
import { startReceiver } from '../api/receiver.ts';
import { workbook } from '../files/workbook.ts';
import {
  apollo,
  apolloOf,
  engine,
  jsonOf,
  KEYS,
  people,
  quickClock,
  SHORT_MINUTE_MS,
  withKeys,
  withServer,
} from './world.ts';

/** What went wrong in a real n8n once, each for its kind. */

async function run(...args: Parameters<Awaited<ReturnType<typeof engine>>['run']>) {
  return await (await engine()).run(...args);
}

function file(bytes: Buffer, fileName: string) {
  return {
    json: {},
    binary: { data: { data: bytes.toString('base64'), mimeType: 'application/octet-stream', fileName } },
  };
}

/** A server that forgets at once whom it found, and finds anybody for whom it may pay. */
async function forgetfulServer() {
  const asked = { paid: 0, polls: 0 };
  const server = createServer(async (request, response) => {
    const text = (await Array.fromAsync(request)).join('');
    const { leads = [], options = {} } = text === '' ? {} : JSON.parse(text);
    const mayPay = (options.creditLimit ?? leads.length) >= leads.length;
    if (mayPay) asked.paid += leads.length;
    else asked.polls += 1;
    const person = { id: '64a1f0c2e5b7d90001a2b3c4', name: 'Ada Lovelace' };
    const found = { outcome: 'matched', how: 'lookup', pending: true, person };
    const results = leads.map(() => (mayPay ? found : { outcome: 'undecided' }));
    const none = { inDoubtCalls: 0, inDoubtCredits: 0, rateLimited: 0 };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ results, credits: mayPay ? leads.length : 0, calls: 1, ...none }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: `csa_000000000000_${'x'.repeat(43)}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('credits and late parts', () => {
  it('ends with phones under a credit limit that they do not all fit into, and keeps to it', async () => {
    await using sandbox = await apollo({ lateMs: 300 });
    using _ = quickClock();
    const node = withKeys(sandbox, { alsoFind: ['phones'], options: { creditLimit: 100 } });
    const ended = await run(node, people(15));
    expect(ended.error).toBeUndefined();
    expect(ended.outputs.flat()).toHaveLength(15);
    expect(sandbox.counts().credits).toBeLessThanOrEqual(100);
    expect(jsonOf(ended).filter((json) => apolloOf(json).pending)).toEqual([]);
    expect(jsonOf(ended).length).toBeGreaterThan(11);
  });

  it('does not wait longer than it was told for phones that do not come', async () => {
    await using sandbox = await apollo({ lateMs: 600_000 });
    const options = { creditLimit: 30, waitForLate: 1 };
    const ended = await run(withKeys(sandbox, { alsoFind: ['phones'], options }), people(15));
    expect(ended.error).toBeUndefined();
    expect(ended.outputs.map((output) => output.length)).toEqual([3, 0, 12]);
    expect(apolloOf(jsonOf(ended, 2)[0]).error).toMatch(/kept for phone numbers still to come/);
    expect(sandbox.counts().credits).toBeLessThanOrEqual(30);
  });

  it('keeps to its limit over batches that want different things, counting calls whose answers were lost', async () => {
    await using sandbox = await apollo();
    sandbox.fault({ kind: 'cut', endpoint: 'people/bulk_match', times: 1 });
    const options = { creditLimit: 20, matchedDays: '={{ $json.row < 10 ? 30 : 60 }}' };
    const ended = await run(withKeys(sandbox, { options }), people(20));
    expect(ended.outputs.map((output) => output.length)).toEqual([10, 0, 10]);
    expect(sandbox.counts().credits).toBe(20);
  });

  it.each(['keys', 'a server'])('says with %s what it really cost, phones included', async (way) => {
    await using api = await startApiServer({ lateMs: 200, minuteMs: SHORT_MINUTE_MS });
    using _ = way === 'keys' ? quickClock() : undefined;
    const { sandbox } = api;
    const asked = { alsoFind: ['phones'] };
    const node =
      way === 'keys' ? withKeys(sandbox, asked, {}, ['contoso-sales-key-0000-7Q2A']) : withServer(api, asked);
    const ended = await run(node, people(12));
    expect(ended.error).toBeUndefined();
    const { credits } = sandbox.counts();
    expect(credits).toBeGreaterThan(12);
    expect(ended.hints[0]).toMatch(new RegExp(`, ${credits} credits in `));
  });

  it('buys nobody again while it waits for phones', async () => {
    await using server = await forgetfulServer();
    using _ = quickClock();
    const node = withServer(server, { alsoFind: ['phones'], options: { waitForLate: 10 } });
    const ended = await run(node, people(2));
    expect(ended.error).toBeUndefined();
    expect(server.asked.polls).toBeGreaterThan(1);
    expect(server.asked.paid).toBe(2);
  });

  it('counts a call that Apollo refused once, however many batches wait for it', async () => {
    await using api = await startApiServer({ latencyMs: 100 });
    api.sandbox.fault({ kind: '429', endpoint: 'people/bulk_match', times: 2 });
    const ended = await run(withServer(api, { options: { concurrency: 4 } }), people(400));
    expect(ended.outputs[0]).toHaveLength(400);
    const refused = api.sandbox.counts().byStatus['429'] ?? 0;
    expect(refused).toBeGreaterThan(0);
    expect(ended.hints[0]).toMatch(new RegExp(`Calls that Apollo refused as too many: ${refused}\\.`));
  });
});

describe('a list', () => {
  const ITEMS = [
    {
      json: {
        row: 0,
        email: 'ada@contoso.com',
        active: false,
        none: null,
        score: 1.5,
        tags: ['a', 1, { deep: true }],
        account: { owner: { name: 'Grace' }, list: [] },
      },
    },
    { json: { row: 1, email: 'grace@fabrikam.com', active: true, tags: [] } },
  ];

  it('gives its items back as they went in', async () => {
    await using api = await startApiServer();
    const started = await run(
      withServer(api, { resource: 'list', operation: 'start', wait: false, leadsFrom: 'recognize' }),
      ITEMS,
    );
    expect(started.hints.join(' ')).toMatch(/email from "email"/);
    const list = { mode: 'id', value: String(jsonOf(started)[0]?.id) };
    const get = withServer(api, { resource: 'list', operation: 'get', list });
    await expect.poll(async () => jsonOf(await run(get, [{ json: {} }]))[0]?.state).toBe('done');
    const results = withServer(api, { resource: 'list', operation: 'getResults', list, returnAll: true });
    const rows = jsonOf(await run(results, [{ json: {} }]));
    expect(rows.map(({ apollo: _, ...own }) => own)).toEqual(ITEMS.map(({ json }) => json));
    expect(rows.map((json) => apolloOf(json).outcome)).toEqual(['matched', 'matched']);
  });

  it('that ended is linked to no single item, so that nobody takes the first one for each row', async () => {
    await using receiver = await startReceiver();
    await using api = await startApiServer({ env: { ALLOW_PRIVATE_CALLBACKS: 'true' } });
    const node = withServer(api, { resource: 'list', operation: 'start', wait: true });
    await run(node, people(5), { resumeUrl: receiver.url });
    const [told] = await receiver.came(1);
    const woken = await (await engine()).wake(node, told?.body);
    expect(woken.items).toMatchObject([{ json: { state: 'done' }, pairedItem: [] }]);
  });

  it('that ended puts out each item with its result, linked to the item that went in, where that is wanted', async () => {
    await using receiver = await startReceiver();
    await using api = await startApiServer({ env: { ALLOW_PRIVATE_CALLBACKS: 'true' } });
    const node = withServer(api, { resource: 'list', operation: 'start', wait: true, putOut: 'results' });
    const items = [...ITEMS, ...people(3)];
    await run(node, items, { resumeUrl: receiver.url });
    const [told] = await receiver.came(1);
    const { items: woken = [] } = await (await engine()).wake(node, told?.body);
    expect(woken.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
    expect(woken.map(({ json: { apollo: _, ...own } }) => own)).toEqual(items.map(({ json }) => json));
    expect(woken.map(({ json }) => apolloOf(json).outcome)).toEqual(items.map(() => 'matched'));
  });

  it('takes one file, and says so where several come', async () => {
    await using api = await startApiServer();
    const node = withServer(api, { resource: 'list', operation: 'start', wait: false, leadsFrom: 'file' });
    const ended = await run(node, [
      file(Buffer.from('email\na@contoso.com\n'), 'a.csv'),
      file(Buffer.from('email\n'), 'b.csv'),
    ]);
    expect(ended.error?.message).toMatch(/2 items came, and a list has one file/);
  });
});

describe('fields of an item', () => {
  it('keep a person and a company side by side', async () => {
    await using sandbox = await apollo();
    const people = await run(withKeys(sandbox), [
      { json: { email: 'ada@contoso.com', domain: 'contoso.com' } },
    ]);
    const both = await run(withKeys(sandbox, { resource: 'company' }), [...(people.outputs[0] ?? [])]);
    expect(jsonOf(both)[0]).toMatchObject({
      apollo: { outcome: 'matched', email: 'ada@contoso.com' },
      apolloCompany: { outcome: 'matched', domain: 'contoso.com' },
    });
    const flat = { options: { resultField: '' } };
    const flatPeople = await run(withKeys(sandbox, flat), [
      { json: { email: 'ada@contoso.com', domain: 'contoso.com' } },
    ]);
    const person = jsonOf(flatPeople)[0];
    const flatBoth = await run(withKeys(sandbox, { resource: 'company', ...flat }), [
      ...(flatPeople.outputs[0] ?? []),
    ]);
    expect(jsonOf(flatBoth)[0]).toMatchObject({ ...person, apollo_company_outcome: 'matched' });
  });

  it.each(['mine', 7, false, { email: 'mine@contoso.com' }, ['a']])(
    'are never overwritten: %j stays, and the hint says where the result is',
    async (own) => {
      await using sandbox = await apollo();
      const ended = await run(withKeys(sandbox), [
        { json: { email: 'ada@contoso.com', apollo: own } },
        ...people(1),
      ]);
      expect(jsonOf(ended)[0]).toMatchObject({ apollo: own, apollo_2: { outcome: 'matched' } });
      expect(apolloOf(jsonOf(ended)[1])).toMatchObject({ outcome: 'matched' });
      expect(ended.hints.join(' ')).toMatch(/in 1 of the items.*stand in "apollo_2"/);
    },
  );

  it('may be named for the result although they are the input, which is read and kept', async () => {
    await using sandbox = await apollo();
    const node = withKeys(sandbox, { leadsFrom: 'recognize', options: { resultField: 'email' } });
    const [json] = jsonOf(await run(node, [{ json: { email: 'ada@contoso.com' } }]));
    expect(json).toMatchObject({ email: 'ada@contoso.com', email_2: { outcome: 'matched' } });
  });

  it('that hold an earlier result of the node get the new one, with a word', async () => {
    await using sandbox = await apollo();
    const first = await run(withKeys(sandbox), people(2));
    const again = await run(withKeys(sandbox, { output: 'raw' }), [...(first.outputs[0] ?? [])]);
    expect(jsonOf(again).map((json) => apolloOf(json).how)).toEqual(['known', 'known']);
    expect(jsonOf(again)[0]).not.toHaveProperty('apollo_2');
    expect(again.hints.join(' ')).toMatch(/Results of an earlier run were replaced in 2 of the items/);
  });

  it('of a simplified result are ten at most, and the ID is always among them', async () => {
    await using sandbox = await apollo({ lateMs: 100 });
    using _ = quickClock();
    const asked = { alsoFind: ['phones', 'personalEmails', 'company'] };
    const ended = await run(withKeys(sandbox, asked), people(20));
    for (const json of jsonOf(ended)) {
      expect(Object.keys(apolloOf(json)).length).toBeLessThanOrEqual(10);
      expect(apolloOf(json)).toHaveProperty('id');
    }
    const selected = await run(
      withKeys(sandbox, { output: 'selected', selectedFields: ['title'] }),
      people(1),
    );
    expect(Object.keys(apolloOf(jsonOf(selected)[0])).sort()).toEqual(['id', 'outcome', 'title']);
  });
});

describe('an older n8n', () => {
  it('works without what it does not have yet', async () => {
    await using sandbox = await apollo();
    const lacking = ['isToolExecution', 'getExecutionCancelSignal', 'addExecutionHints'];
    const ended = await run(withKeys(sandbox), people(3), { lacking });
    expect(ended.error).toBeUndefined();
    expect(ended.outputs[0]).toHaveLength(3);
  });
});

describe('in the panel', () => {
  it('both nodes say first what the product does, and are found by "apollo"', async () => {
    for (const { description, codex } of (await engine()).descriptions()) {
      expect(description).toMatch(/^Enrich leads with Apollo/);
      expect(codex?.alias).toContain('apollo');
    }
  });

  it('the operations have names without articles', async () => {
    const [node] = (await engine()).descriptions();
    const actions = (node?.properties ?? []).flatMap(({ name, options = [] }) =>
      name === 'operation' ? options.map((option) => ('action' in option ? String(option.action) : '')) : [],
    );
    expect(actions).toHaveLength(10);
    for (const action of actions) expect(action).toMatch(/^[A-Z](?!.*\b(?:a|an|the)\b)/);
  });

  it('a list is chosen from those there are', async () => {
    const [node] = (await engine()).descriptions();
    const list = node?.properties.find(({ name }) => name === 'list');
    expect(list?.default).toMatchObject({ mode: 'list' });
  });
});

describe('columns', () => {
  const ADA = { name: 'Ada Lovelace', email: 'ada@contoso.com' };
  it.each([
    [
      'Pipedrive',
      {
        id: 1,
        name: 'Ada Lovelace',
        email: [
          { value: 'private@example.org', primary: false, label: 'home' },
          { value: 'ada@contoso.com', primary: true, label: 'work' },
        ],
        owner_id: { id: 9, name: 'Grace Hopper', email: 'grace@fabrikam.com' },
        org_id: { name: 'Contoso', value: 5, people_count: 3 },
      },
    ],
    ['Airtable', { id: 'rec1', createdTime: '2026-01-01', Email: ['ada@contoso.com'], Name: 'Ada Lovelace' }],
    [
      'Airtable, as its API has it',
      { id: 'rec1', fields: { 'E-mail': ['ada@contoso.com', 'other@contoso.com'], Name: 'Ada Lovelace' } },
    ],
    [
      'Google Contacts',
      {
        resourceName: 'people/c1',
        names: [{ displayName: 'Ada Lovelace', givenName: 'Ada', familyName: 'Lovelace' }],
        emailAddresses: [
          { value: 'private@example.org', type: 'home' },
          { metadata: { primary: true }, value: 'ada@contoso.com', type: 'work' },
        ],
      },
    ],
    [
      'Attio',
      {
        id: { record_id: 'r1' },
        values: {
          name: [{ first_name: 'Ada', last_name: 'Lovelace', full_name: 'Ada Lovelace' }],
          email_addresses: [{ email_address: 'ada@contoso.com', email_domain: 'contoso.com' }],
        },
      },
    ],
    [
      'HubSpot',
      {
        vid: 7,
        properties: {
          email: { value: 'ada@contoso.com', versions: [{ value: 'old@contoso.com' }] },
          firstname: { value: 'Ada', versions: [] },
          lastname: { value: 'Lovelace' },
          hubspot_owner_id: { value: '77' },
        },
      },
    ],
    [
      'Salesforce',
      {
        Id: '003',
        Name: 'Ada Lovelace',
        Email: 'ada@contoso.com',
        Owner: { Name: 'Grace Hopper', Email: 'grace@fabrikam.com' },
        Account: { Name: 'Contoso' },
      },
    ],
  ])('of %s are read, the primary value of several', async (_, json) => {
    await using sandbox = await apollo();
    const ended = await run(withKeys(sandbox, { leadsFrom: 'recognize' }), [{ json }]);
    expect(ended.error).toBeUndefined();
    expect(apolloOf(jsonOf(ended)[0])).toMatchObject({ outcome: 'matched', email: ADA.email });
    expect(jsonOf(ended)[0]).toMatchObject(json);
  });

  it.each([
    ['Pipedrive', { name: 'Ada Lovelace', org_id: { name: 'Contoso', value: 5 } }],
    [
      'Google Contacts',
      { names: [{ displayName: 'Ada Lovelace' }], organizations: [{ name: 'Contoso', title: 'CTO' }] },
    ],
    ['Salesforce', { Name: 'Ada Lovelace', Account: { Name: 'Contoso' } }],
    ['HubSpot', { properties: { firstname: 'Ada', lastname: 'Lovelace', company: 'Contoso' } }],
    [
      'Attio',
      { values: { name: [{ first_name: 'Ada', last_name: 'Lovelace' }], company: [{ name: 'Contoso' }] } },
    ],
  ])('of %s tell a name and a company', async (_, json) => {
    await using sandbox = await apollo();
    const ended = await run(withKeys(sandbox, { leadsFrom: 'recognize', output: 'raw' }), [{ json }]);
    expect(ended.error).toBeUndefined();
    expect(apolloOf(jsonOf(ended)[0]).asked).toMatchObject({ company: 'Contoso' });
    expect(apolloOf(jsonOf(ended)[0]).person).toMatchObject({ name: 'Ada Lovelace' });
  });

  it('are named in the hint, in the result and in an estimate, with what they were taken for', async () => {
    await using sandbox = await apollo();
    const items = [{ json: { Vorname: 'Ada', Nachname: 'Lovelace', Firma: 'Contoso', Farbe: 'blau' } }];
    const words =
      /Columns read: first name from "Vorname"; last name from "Nachname"; company from "Firma"\./;
    const ended = await run(withKeys(sandbox, { leadsFrom: 'recognize', output: 'raw' }), items);
    expect(ended.hints.join(' ')).toMatch(words);
    expect(apolloOf(jsonOf(ended)[0]).asked).toEqual({
      first_name: 'Ada',
      last_name: 'Lovelace',
      company: 'Contoso',
    });
    const estimate = await run(
      withKeys(sandbox, { leadsFrom: 'recognize', options: { dryRun: true } }),
      items,
    );
    expect(jsonOf(estimate)[0]?.columns).toMatchObject({ company: ['Firma'] });
    expect(estimate.hints.join(' ')).toMatch(words);
  });
});

describe('an item with several records', () => {
  it.each([
    [
      {
        contacts: [
          { name: 'Ada Lovelace', company: 'Contoso' },
          { name: 'Grace Hopper', company: 'Fabrikam' },
        ],
      },
      true,
    ],
    [
      { data: { people: [{ email: 'ada@contoso.com', name: 'Ada Lovelace' }, { email: 'b@contoso.com' }] } },
      true,
    ],
    [{ name: 'Ada Lovelace', emails: [{ email: 'ada@contoso.com' }, { email: 'old@contoso.com' }] }, false],
    [{ contacts: [{ name: 'Ada Lovelace', company: 'Contoso' }] }, false],
  ])('is not read in part without a word: %j', async (json, isTold) => {
    await using sandbox = await apollo();
    const { hints, error } = await run(withKeys(sandbox, { leadsFrom: 'recognize' }), [{ json }]);
    expect(error).toBeUndefined();
    expect(hints.some((hint) => /holds several records in 1 of the items.*Split Out/.test(hint))).toBe(
      isTold,
    );
  });
});

it('says nothing of a domain that was read from what Salesforce says of a record', async () => {
  await using sandbox = await apollo();
  const of = (type: string) => ({ type, url: `/services/data/v58.0/sobjects/${type}/003xx000004TmiQAAS` });
  const json = {
    attributes: of('Contact'),
    Name: 'Ada Lovelace',
    Account: { attributes: of('Account'), Name: 'Contoso' },
  };
  const { hints } = await run(withKeys(sandbox, { leadsFrom: 'recognize' }), [{ json }]);
  expect(hints).toContain('Columns read: full name from "Name"; company from "Account.Name".');
});

describe('expressions', () => {
  const items = people(4).map((item, index) => ({
    json: {
      ...item.json,
      find: index % 2 === 0 ? ['phones'] : [],
      field: `result${index}`,
      limit: 10 + index,
    },
  }));

  it('of what to find, and of options that can differ, hold for each item', async () => {
    await using sandbox = await apollo({ lateMs: 100 });
    using _ = quickClock();
    const parameters = {
      alsoFind: '={{ $json.find }}',
      options: { resultField: '={{ $json.field }}' },
      output: 'raw',
    };
    const ended = await run(withKeys(sandbox, parameters), items);
    expect(ended.error).toBeUndefined();
    const results = jsonOf(ended).map((json, index) => json[`result${index}`]) as { outcome: string }[];
    expect(results.map(({ outcome }) => outcome)).toEqual(['matched', 'matched', 'matched', 'matched']);
    // One call for those who want phones, one for those who do not.
    expect(sandbox.counts().byEndpoint['people/bulk_match']).toBe(2);
  });

  it('are paid once where two items about one person want different things', async () => {
    await using sandbox = await apollo({ lateMs: 100 });
    using _ = quickClock();
    const twice = [false, true].map((phones) => ({ json: { email: 'ada@contoso.com', phones } }));
    const ended = await run(
      withKeys(sandbox, { alsoFind: '={{ $json.phones ? ["phones"] : [] }}', options: { fresh: true } }),
      twice,
    );
    expect(ended.error).toBeUndefined();
    expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
    expect(new Set(jsonOf(ended).map((json) => apolloOf(json).id)).size).toBe(1);
  });

  it.each([
    ['Credit Limit per Run', { options: { creditLimit: '={{ $json.limit }}' } }],
    ['Wait for Phones', { options: { waitForLate: '={{ $json.limit }}' } }],
    ['Duplicates', { options: { duplicates: '={{ $json.row ? "drop" : "each" }}' } }],
  ])('of "%s" are refused before anything is spent, when they differ', async (name, parameters) => {
    await using sandbox = await apollo();
    const ended = await run(withKeys(sandbox, parameters), items);
    expect(ended.error?.message).toContain(`"${name}" is one for the whole run`);
    expect(ended.error?.description).toMatch(/Item 0 has .+, item 1 has .+ Nothing was spent\./);
    expect(sandbox.counts().credits).toBe(0);
  });

  it.each([
    ['Only Estimate', 'true or false', { options: { dryRun: '={{ "yes" }}' } }],
    ['Credit Limit per Run', 'a number of at least 0', { options: { creditLimit: '={{ $json.nothing }}' } }],
    ['Credit Limit per Run', 'a number of at least 0', { options: { creditLimit: -1 } }],
    ['Credit Limit per Lead', 'a number of at least 0', { options: { creditsPerLead: '={{ "few" }}' } }],
    ['Known Matches: Days', 'a number of at least 0', { options: { matchedDays: '={{ null }}' } }],
    ['On Failed', 'one of continue, stop', { options: { onFailed: '={{ "Stop" }}' } }],
    ['Also Find', 'some of company, personalEmails, phones, waterfall', { alsoFind: '={{ ["phone"] }}' }],
  ])('of "%s" are refused before anything is spent, when they are not %s', async (name, what, parameters) => {
    await using sandbox = await apollo();
    const ended = await run(withKeys(sandbox, parameters), people(2));
    expect(ended.error?.message).toContain(`"${name}" must be ${what}, and its value is `);
    expect(ended.error?.description).toMatch(/Nothing was spent\./);
    expect(sandbox.counts().credits).toBe(0);
  });

  it('that give numbers, switches and several values as text are read as these', async () => {
    await using sandbox = await apollo();
    const estimate = await run(withKeys(sandbox, { options: { dryRun: '={{ "true" }}' } }), people(2));
    expect(jsonOf(estimate)).toMatchObject([{ estimate: true, rows: 2 }]);
    const dear = withKeys(sandbox, {
      alsoFind: '={{ "phones, personalEmails" }}',
      options: { creditsPerLead: '={{ "1" }}' },
    });
    expect((await run(dear, people(2))).error?.message).toMatch(
      /may cost \d+ credits, more than the limit of 1/,
    );
    expect(sandbox.counts().credits).toBe(0);
    const found = { alsoFind: '={{ null }}', output: 'selected', selectedFields: '={{ "email, subtitle" }}' };
    const [first] = jsonOf(await run(withKeys(sandbox, found), people(1)));
    expect(Object.keys(apolloOf(first)).sort()).toEqual(['email', 'id', 'outcome']);
  });

  it('that give a field its values as a CRM holds them are read as these', async () => {
    await using sandbox = await apollo();
    const values = [
      ['ada@contoso.com', 'old@contoso.com'],
      [{ value: 'x@contoso.com' }, { value: 'grace@fabrikam.com', primary: true }],
    ];
    const parameters = { leadsFrom: 'fields', lead_email: '={{ $json.addresses }}' };
    const ended = await run(
      withKeys(sandbox, parameters),
      values.map((addresses) => ({ json: { addresses } })),
    );
    expect(jsonOf(ended).map((json) => apolloOf(json).email)).toEqual([
      'ada@contoso.com',
      'grace@fabrikam.com',
    ]);
  });

  it('that give all items the same are taken', async () => {
    await using sandbox = await apollo();
    const ended = await run(withKeys(sandbox, { options: { creditLimit: '={{ 1 + 1 }}' } }), items);
    expect(ended.outputs[0]).toHaveLength(2);
  });
});

describe('errors', () => {
  it('keep what to do about them when the node goes on', async () => {
    await using sandbox = await apollo();
    sandbox.revoke(KEYS.sales);
    const ended = await run(withKeys(sandbox, {}, { onError: 'continueRegularOutput' }), people(2));
    expect(apolloOf(jsonOf(ended, 2)[0]).error).toMatch(
      /None of the Apollo keys can be used\. Key 1 \(Label 1\): .*Copy it again from Apollo/,
    );
  });

  it('leave by the error output with the item once', async () => {
    await using sandbox = await apollo();
    sandbox.revoke(KEYS.sales);
    const [item] = people(1);
    const ended = await run(withKeys(sandbox, {}, { onError: 'continueErrorOutput' }), [
      item ?? { json: {} },
    ]);
    expect(ended.outputs[3]?.[0]?.json).toEqual({
      ...item?.json,
      error: expect.stringMatching(/Copy it again from Apollo/),
    });
  });

  it('of a row of a file leave with the row', async () => {
    await using sandbox = await apollo();
    const csv = Buffer.from('email,Note\na@contoso.com,one\nb@contoso.com,two\n');
    const ended = await run(
      withKeys(
        sandbox,
        { leadsFrom: 'file', options: { creditLimit: 1 } },
        { onError: 'continueErrorOutput' },
      ),
      [file(csv, 'leads.csv')],
    );
    expect(ended.outputs[3]?.[0]?.json).toMatchObject({
      error: expect.any(String),
      details: { Note: 'two' },
    });
  });

  it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
    'of one file are its own, and the others are looked up: %s',
    async (onError) => {
      await using sandbox = await apollo();
      const leads = (email: string) => file(Buffer.from(`email\n${email}\n`), 'leads.csv');
      const node = withKeys(sandbox, { leadsFrom: 'file' }, { onError });
      const given = [
        leads('ada@contoso.com'),
        file(Buffer.alloc(0), 'empty.csv'),
        leads('grace@contoso.com'),
      ];
      const ended = await run(node, given);
      expect(jsonOf(ended).map((json) => json.email)).toEqual(['ada@contoso.com', 'grace@contoso.com']);
      const failed = (ended.outputs[onError === 'continueErrorOutput' ? 3 : 2] ?? [])[0];
      expect(JSON.stringify(failed?.json)).toMatch(/empty\.csv is empty/);
      expect(failed?.pairedItem).toEqual({ item: 1 });
    },
  );

  it('of a list keep what to do about them', async () => {
    await using api = await startApiServer();
    const list = { mode: 'id', value: 'nosuchjob' };
    const node = withServer(
      api,
      { resource: 'list', operation: 'get', list },
      { onError: 'continueRegularOutput' },
    );
    expect(jsonOf(await run(node, [{ json: {} }]))[0]?.error).toMatch(/There is no job nosuchjob/);
  });
});

describe('a file that is read as its options say', () => {
  it.each([
    [
      'its header row',
      Buffer.from('Name;Firma;Ort\nErika;Muster;Köln\nName;Firma;Ort\nAda Lovelace;Contoso;Bonn\n'),
      { headerRow: 3 },
      ['Ada Lovelace'],
    ],
    [
      'that it has none',
      Buffer.from('Name;Company\nAda Lovelace;Contoso\nGrace Hopper;Fabrikam\n'),
      { headerRow: 0 },
      ['Name', 'Ada Lovelace', 'Grace Hopper'],
    ],
    [
      'its encoding',
      Buffer.from('Name;Firma\nJos\u00e9 Lovelace;Contoso\n', 'latin1'),
      { encoding: 'iso-8859-1' },
      ['Jos\u00e9 Lovelace'],
    ],
    [
      'its sheet',
      workbook(
        [
          ['Name', 'Company'],
          ['Ada Lovelace', 'Contoso'],
        ],
        [
          ['Name', 'Company'],
          ['Grace Hopper', 'Fabrikam'],
        ],
      ),
      { sheet: '2' },
      ['Grace Hopper'],
    ],
  ])('%s', async (_, bytes, fileOptions, names) => {
    await using sandbox = await apollo();
    const node = withKeys(sandbox, { leadsFrom: 'file', separateOutputs: false, fileOptions });
    const ended = await run(node, [file(bytes, 'leads')]);
    expect(ended.error).toBeUndefined();
    expect(jsonOf(ended).map((json) => Object.values(json)[0])).toEqual(names);
  });
});

describe('a file that is no list', () => {
  const noise = Buffer.from(
    Array.from({ length: 5000 }, (_, index) => (index * index * 31 + index * 7) % 256),
  );
  it.each([
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nemail,name\n'), /is a PDF/],
    ['random bytes', noise, /is no text but a file of some other program/],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), /is an image/],
    [
      'an old workbook',
      Buffer.from('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1', 'latin1'),
      /an old Excel file \(\.xls\)/,
    ],
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>Log in</body></html>'), /is a web page/],
    ['nothing', Buffer.from(''), /is empty/],
  ])('such as %s is refused, and nothing of it is printed', async (_, bytes, words) => {
    await using api = await startApiServer();
    const nodes = [
      withKeys(api.sandbox, { leadsFrom: 'file' }, {}, ['contoso-sales-key-0000-7Q2A']),
      withServer(api, { resource: 'list', operation: 'start', wait: false, leadsFrom: 'file' }),
    ];
    for (const node of nodes) {
      const { error } = await run(node, [file(bytes, 'leads.csv')]);
      expect(error?.message).toBe('The file cannot be read as a list of leads');
      expect(error?.description).toMatch(words);
      expect(error?.description?.length).toBeLessThan(300);
      expect(error?.description).toMatch(/^[\x20-\x7e]+$/);
    }
  });

  it.each(['utf-8', 'utf-16le', 'latin1'] as const)('is not a CSV in %s', async (encoding) => {
    await using sandbox = await apollo();
    const text = `${encoding === 'latin1' ? '' : '\uFEFF'}Vorname;Nachname;Firma\r\nAda;L\u00f6velace;Contoso\r\n`;
    const ended = await run(withKeys(sandbox, { leadsFrom: 'file' }), [
      file(Buffer.from(text, encoding), 'a.csv'),
    ]);
    expect(ended.error).toBeUndefined();
    expect(jsonOf(ended)[0]).toMatchObject({ Vorname: 'Ada', Nachname: 'L\u00f6velace' });
  });
});
