import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readParameters } from '../../n8n-nodes/testing/parameters.mts';
import { type ApiServer, leads, startApiServer } from '../api/api-server.ts';
import { type S3, startS3 } from '../n8n/s3.ts';
import { chain, manualStart, node } from './compare.ts';
import { type Model, startModel } from './model.ts';
import { N8n, type Workflow, type WorkflowNode } from './n8n.ts';
import { Editor, N8nProcess } from './running.ts';
import { keysCredential, ourNodes, readExamples, serverCredential } from './world.ts';

const examples = await readExamples();
const onServer = {
  credentials: { connectionSphereApi: { id: 'connectionsphere', name: 'ConnectionSphere API' } },
};

const TOLD: Workflow = {
  id: 'told000000000001',
  name: 'Told',
  nodes: [
    node(
      'Told',
      'n8n-nodes-connectionsphere.connectionSphereTrigger',
      1,
      { events: ['job.finished'] },
      {
        webhookId: '3d3e1fd0-58cc-4ca4-a04f-2ee5d3f1d0aa',
        credentials: { connectionSphereApi: { id: 'connectionsphere', name: 'ConnectionSphere API' } },
      },
    ),
    node('Result', 'n8n-nodes-base.noOp', 1, {}),
  ],
  connections: chain('Told', 'Result'),
};

/** From a manual trigger, with keys of the workflow's own. */
const KEYED = keyed('keyed00000000001', 25);

/** Long enough to be ended before its end: by hand, and by n8n. */
const CANCELLED = keyed('cancelled0000001', 300, 20_000);
const TIMED_OUT = keyed('timedout00000001', 300, 21_000, { executionTimeout: 2 });
const IN_TIME = keyed('intime0000000001', 300, 21_000);

function keyed(id: string, count: number, from = 0, settings: object = {}): Workflow {
  return {
    id,
    name: id,
    settings,
    nodes: [
      manualStart(),
      node('Leads', 'n8n-nodes-base.code', 2, {
        jsCode: `return ${JSON.stringify(leads(count, from))}.map((json) => ({ json }));`,
      }),
      node(
        'Result',
        'n8n-nodes-connectionsphere.connectionSphere',
        1,
        {
          authentication: 'connectionSphereApolloKeysApi',
          resource: 'person',
          operation: 'enrich',
          options: { creditLimit: count },
        },
        { credentials: { connectionSphereApolloKeysApi: { id: 'apollokeys', name: 'Apollo keys' } } },
      ),
    ],
    connections: chain('Start', 'Leads', 'Result'),
  };
}

function leadsCode(from: number): string {
  return `return ${JSON.stringify(leads(3, from))}.map((json) => ({ json: { ...json, active: false, tags: ['a', 1] } }));`;
}

/** A list on the server, of whose rows each asks for the item that it came from. */
const LINKED: Workflow = {
  id: 'linked0000000001',
  name: 'Linked',
  nodes: [
    manualStart(),
    node('Leads', 'n8n-nodes-base.code', 2, {
      jsCode: leadsCode(7000),
    }),
    node(
      'List',
      'n8n-nodes-connectionsphere.connectionSphere',
      1,
      { authentication: 'connectionSphereApi', resource: 'list', operation: 'start' },
      { ...onServer, webhookId: '5b6de1cf-0c39-4b57-9a55-6a2a6c0a9d55' },
    ),
    node(
      'Result',
      'n8n-nodes-connectionsphere.connectionSphere',
      1,
      {
        authentication: 'connectionSphereApi',
        resource: 'list',
        operation: 'getResults',
        list: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
      },
      onServer,
    ),
    node('First', 'n8n-nodes-base.set', 3.4, {
      assignments: {
        assignments: [
          { id: 'who', name: 'who', value: "={{ $('Leads').item.json.first_name }}", type: 'string' },
        ],
      },
    }),
  ],
  connections: chain('Start', 'Leads', 'List', 'Result', 'First'),
};

/** The same where the results leave the node that started the list. */
const WHOLE: Workflow = {
  ...LINKED,
  id: 'whole00000000001',
  name: 'Whole',
  nodes: LINKED.nodes
    .filter(({ name }) => name !== 'Result')
    .map((each) => {
      const parameters = { ...each.parameters };
      if (each.name === 'List') parameters.putOut = 'results';
      if (each.name === 'Leads') parameters.jsCode = leadsCode(7100);
      if (each.name === 'First') parameters.includeOtherFields = true;
      return { ...each, id: `whole-${each.name}`, parameters };
    }),
  connections: chain('Start', 'Leads', 'List', 'First'),
};

/** A file that n8n keeps on disk between the nodes. */
const FILED: Workflow = {
  id: 'filed00000000001',
  name: 'From a file',
  nodes: [
    manualStart(),
    node('Leads', 'n8n-nodes-base.code', 2, {
      jsCode: `return ${JSON.stringify(leads(25, 8000))}.map((json) => ({ json }));`,
    }),
    node('File', 'n8n-nodes-base.convertToFile', 1.1, { options: { fileName: 'leads.csv' } }),
    node(
      'Result',
      'n8n-nodes-connectionsphere.connectionSphere',
      1,
      { authentication: 'connectionSphereApi', resource: 'person', operation: 'enrich', leadsFrom: 'file' },
      onServer,
    ),
  ],
  connections: chain('Start', 'Leads', 'File', 'Result'),
};

const IN_S3 = { key: 'workflows/stored/executions/1/binary_data/leads', type: 'text/csv' };

/** A file that another node put into an S3: reading it takes no licence of n8n's, writing does. */
const STORED: Workflow = {
  id: 'stored0000000001',
  name: 'From an S3',
  nodes: [
    manualStart(),
    node('File', 'n8n-nodes-base.code', 2, {
      jsCode: `return [{ json: {}, binary: { data: ${JSON.stringify({
        data: 's3',
        id: `s3:${IN_S3.key}`,
        mimeType: IN_S3.type,
        fileName: 'leads.csv',
      })} } }];`,
    }),
    ...FILED.nodes.filter(({ name }) => name === 'Result'),
  ],
  connections: chain('Start', 'File', 'Result'),
};

/** The example as it is, but for a chat that needs no login and a model of our own. */
const ASKED: Workflow = withModel(exampleOf('ai-agent.json'));

/** The example with Google's nodes replaced by what they would give and take. */
const SHEET: Workflow = withStandIns('enrich-google-sheet.json', 'sheet00000000001', {
  'Read rows': given([
    { row_number: 2, Name: 'Ada Lovelace', Company: 'Contoso', apollo_outcome: '' },
    { row_number: 3, Name: 'Grace Hopper', Company: 'Contoso', apollo_outcome: 'matched' },
    { row_number: 4, Name: 'Alan Turing', Company: 'Contoso' },
  ]),
  'Write rows': { type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
});

/** The same with HubSpot's nodes; what would be written to the contact leaves the last one. */
const CRM: Workflow = withStandIns('enrich-crm-contacts.json', 'crm0000000000001', {
  'New contact': manualStart(),
  'Get contact': given([
    {
      properties: {
        firstname: { value: 'Ada' },
        lastname: { value: 'Lovelace' },
        company: { value: 'Contoso' },
        website: { value: 'contoso.com' },
      },
    },
    { properties: { email: { value: 'noreply@contoso.com' } } },
  ]),
  'Update contact': fieldsOf('enrich-crm-contacts.json', 'Update contact'),
});

let s3: S3;
let model: Model;
let api: ApiServer;
let n8n: N8n;
let server: N8nProcess;
let editor: Editor;

beforeAll(async () => {
  api = await startApiServer({ env: { ALLOW_PRIVATE_CALLBACKS: 'true' }, latencyMs: 300 });
  model = await startModel();
  s3 = await startS3();
  n8n = await N8n.create({ ...s3.env });
  await n8n.importCredentials([
    serverCredential(api),
    keysCredential(api.sandbox),
    { id: 'model', name: 'Model', type: 'openAiApi', data: { apiKey: 'none', url: model.url } },
  ]);
  await n8n.importWorkflows([
    ...[TOLD, KEYED, CANCELLED, TIMED_OUT, IN_TIME, LINKED, WHOLE, FILED, STORED, ASKED, SHEET, CRM],
    ...examples.values(),
  ]);
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await n8n?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
  await model?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
});

it('runs on the command line of n8n, with keys of its own', async () => {
  const executed = await n8n.execute(KEYED.id);
  expect(executed.error).toBeUndefined();
  const [matched = []] = executed.outputs('Result');
  expect(matched.map(({ json }) => json)).toMatchObject(
    leads(25).map((lead) => ({ ...lead, apollo: { name: `${lead.first_name} ${lead.last_name}` } })),
  );
  expect(executed.hints('Result')[0]).toMatch(/^25 of 25 found/);
  expect(api.sandbox.counts().byEndpoint['people/bulk_match']).toBe(3);
});

it('reads a file that n8n keeps on disk', async () => {
  const executed = await n8n.execute(FILED.id);
  expect(executed.error).toBeUndefined();
  const [matched = []] = executed.outputs('Result');
  expect(matched.map(({ json }) => json)).toMatchObject(leads(25, 8000));
});

it('reads a file that n8n has in an S3', async () => {
  const rows = leads(25, 8500).map(
    ({ first_name, last_name, domain }) => `${first_name},${last_name},${domain}`,
  );
  await s3.put(IN_S3.key, Buffer.from(['First name,Last name,Domain', ...rows].join('\n')), IN_S3.type);
  const executed = await n8n.execute(STORED.id);
  expect(executed.error).toBeUndefined();
  const [matched = []] = executed.outputs('Result');
  expect(matched.map(({ json }) => json)).toMatchObject(
    leads(25, 8500).map(({ first_name }) => ({ 'First name': first_name, apollo: { outcome: 'matched' } })),
  );
});

it('enriches the rows of a sheet that are not enriched yet, ready to be written back', async () => {
  const executed = await n8n.execute(SHEET.id);
  expect(executed.error).toBeUndefined();
  expect(executed.outputs('Write rows')[0]?.map(({ json }) => json)).toMatchObject([
    {
      row_number: 2,
      Name: 'Ada Lovelace',
      apollo_outcome: 'matched',
      apollo_email: expect.stringContaining('@'),
    },
    { row_number: 4, Name: 'Alan Turing', apollo_outcome: 'matched' },
  ]);
});

it('writes to a contact of a CRM what was found, and nothing where nobody was', async () => {
  const executed = await n8n.execute(CRM.id);
  expect(executed.error).toBeUndefined();
  expect(executed.outputs('Update contact')[0]?.map(({ json }) => json)).toMatchObject([
    { email: expect.stringContaining('@'), companyName: 'Contoso', jobTitle: expect.stringMatching(/\w/) },
  ]);
  expect(executed.outputs('Nobody found')[0]).toHaveLength(1);
});

describe('in a running n8n', () => {
  beforeAll(async () => {
    server = await N8nProcess.start(n8n, ['start']);
    editor = await Editor.setUp(server);
  });

  describe.each([...examples])('%s', (_, example) => {
    it('is imported whole, with the credential of the name that it asks for', async () => {
      const { nodes } = await editor.ask<Workflow>('GET', `/rest/workflows/${example.id}`);
      expect(nodes.map(({ name }) => name)).toEqual(example.nodes.map(({ name }) => name));
      for (const { credentials } of ourNodes({ ...example, nodes })) {
        expect(credentials).toEqual({
          connectionSphereApi: { id: 'connectionsphere', name: 'ConnectionSphere API' },
        });
      }
    });

    it('gives our nodes what they take, and nothing else', async () => {
      for (const ours of ourNodes(example)) {
        const { known, issues } = readParameters(await descriptionOf(ours.type), ours);
        // A tool has these two beside the parameters of the node.
        const { descriptionType: _, toolDescription: __, ...parameters } = ours.parameters;
        expect(known).toMatchObject(parameters);
        expect(issues).toBeNull();
      }
    });
  });

  it('gives the items of a list back as they were, and links no row to somebody else\u2019s item', async () => {
    const executed = await editor.run(LINKED.id, 'Start');
    expect(executed.outputs('Result')[0]?.map(({ json }) => json)).toMatchObject(
      leads(3, 7000).map((lead) => ({
        ...lead,
        active: false,
        tags: ['a', 1],
        apollo: { outcome: 'matched' },
      })),
    );
    expect(executed.outputs('First')).toEqual([]);
    expect(executed.error).toMatch(/paired/i);
    const whole = await editor.run(WHOLE.id, 'Start');
    expect(whole.error).toBeUndefined();
    const who = leads(3, 7100).map(({ first_name }) => ({ first_name, who: first_name, active: false }));
    expect(whole.outputs('First')[0]?.map(({ json }) => json)).toMatchObject(who);
  });

  it.each([
    ['cancelled', CANCELLED, CANCELLED],
    ['timed out', TIMED_OUT, IN_TIME],
  ])(
    'keeps what an execution bought that was %s, and holds nothing back for it',
    async (how, first, next) => {
      const before = api.sandbox.counts();
      // Half of the calls are answered at once; the others are under way when the execution ends.
      const heal = api.sandbox.fault({ kind: 'slow', endpoint: 'people/bulk_match', ms: 6_000, after: 15 });
      const id = await editor.start(first.id, 'Start');
      await expect.poll(() => api.sandbox.counts().credits).toBeGreaterThan(before.credits);
      if (how === 'cancelled') await editor.ask('POST', `/rest/executions/${id}/stop`);
      expect(await editor.untilEnded(id)).toBe('canceled');
      heal();
      // The limit is the price of all of them, but for the few that Apollo has nothing for: held credits would leave some out.
      const again = await editor.run(next.id, 'Start');
      expect(again.error).toBeUndefined();
      expect(again.outputs('Result')[0]).toHaveLength(300);
      const { credits, chargedMoreThanOnce } = api.sandbox.counts();
      expect(credits - before.credits).toBeLessThanOrEqual(300);
      expect(chargedMoreThanOnce).toEqual(before.chargedMoreThanOnce);
    },
  );

  it('enriches the new rows of a data table and writes them back, once', async () => {
    const { id: project } = await editor.ask<{ id: string }>('GET', '/rest/projects/personal');
    const tables = `/rest/projects/${project}/data-tables`;
    const written = [
      'outcome',
      'match',
      'email',
      'email_status',
      'phone',
      'title',
      'company',
      'linkedin_url',
    ];
    const columns = ['name', 'company', ...written.map((name) => `apollo_${name}`)];
    const { id } = await editor.ask<{ id: string }>('POST', tables, {
      name: 'Leads',
      columns: columns.map((name) => ({ name, type: 'string' })),
    });
    await editor.ask('POST', `${tables}/${id}/insert`, {
      data: [
        { name: 'Ada Lovelace', company: 'Contoso' },
        { name: 'Grace Hopper', company: 'Contoso' },
        { name: 'Alan Turing', company: 'Contoso', apollo_outcome: 'unmatched' },
      ],
    });
    const example = exampleOf('enrich-data-table.json');
    const first = await editor.run(example.id, 'Every hour');
    expect(first.error).toBeUndefined();
    expect(first.outputs('Write back')[0]?.map(({ json }) => json)).toMatchObject([
      { name: 'Ada Lovelace', apollo_outcome: 'matched', apollo_email: expect.stringContaining('@') },
      { name: 'Grace Hopper', apollo_outcome: 'matched' },
    ]);
    const second = await editor.run(example.id, 'Every hour');
    expect(second.outputs('New rows').flat()).toEqual([]);
  });

  it('answers a webhook with an enriched lead', async () => {
    const example = exampleOf('answer-with-enriched-lead.json');
    await editor.activate(example.id);
    const ask = (body: object) =>
      fetch(`${server.url}/webhook/enrich-lead`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    let found = await ask({ email: 'ada.lovelace@contoso.com' });
    // n8n says that a workflow is on a moment before it listens.
    while (found.status === 404) found = await ask({ email: 'ada.lovelace@contoso.com' });
    expect(await found.json()).toMatchObject({ outcome: 'matched', email: 'ada.lovelace@contoso.com' });
    const nobody = await ask({ email: 'noreply@contoso.com' });
    expect([nobody.status, await nobody.json()]).toEqual([404, { outcome: 'skipped' }]);
  });

  it('is a tool that an agent can fill in, with an answer that says no more than it knows', async () => {
    await editor.activate(ASKED.id);
    const [chat] = ASKED.nodes.filter(({ name }) => name === 'Chat');
    const ask = async (fields: object) => {
      const chatInput = JSON.stringify({
        email: '',
        linkedin_url: '',
        name: '',
        company: '',
        domain: '',
        ...fields,
      });
      const said = await fetch(`${server.url}/webhook/${chat?.webhookId}/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action: 'sendMessage', sessionId: 'one', chatInput }),
      });
      return { status: said.status, text: await said.text() };
    };
    const told = ({ text }: { text: string }) => JSON.parse(JSON.parse(text).output);
    const ada = { name: 'Ada Lovelace', company: 'Contoso' };
    await expect.poll(async () => (await ask(ada)).status, { timeout: 30_000 }).toBe(200);
    expect(told(await ask(ada))).toMatchObject([{ found: true, ...ada }]);
    expect(told(await ask({ email: 'noreply@contoso.com' }))).toMatchObject([{ found: false }]);
    expect(model.tool?.description).toMatch(/Give what is known.*Answers with one flat object/);
    expect(Object.keys(model.tool?.parameters.properties ?? {}).sort()).toEqual([
      'company',
      'domain',
      'email',
      'linkedin_url',
      'name',
    ]);
    await editor.deactivate(ASKED.id);
  });

  it('enriches a large CSV asleep, and tells the trigger of another workflow when it is done', async () => {
    const example = exampleOf('enrich-large-csv.json');
    await editor.activate(TOLD.id);
    await editor.activate(example.id);
    await expect.poll(async () => (await api.call('GET', '/v1/hooks')).body.hooks).toHaveLength(1);
    const rows = leads(3000, 1000).map(
      ({ first_name, last_name }) => `${first_name},${last_name},contoso.com`,
    );
    const form = new FormData();
    form.set('field-0', new Blob([['First name,Last name,Domain', ...rows].join('\n')]), 'leads.csv');
    const [trigger] = example.nodes.filter(({ name }) => name === 'List');
    const page = `${server.url}/form/${trigger?.webhookId}`;
    await expect.poll(async () => (await fetch(page)).status).toBe(200);
    const sent = await fetch(page, { method: 'POST', body: form });
    expect([sent.status, await sent.text()]).toEqual([200, expect.any(String)]);

    const statusOf = async () => (await editor.executions(example.id))[0]?.status;
    await expect.poll(statusOf, { timeout: 30_000, interval: 50 }).toBe('waiting');
    const [{ id } = { id: '' }] = await editor.executions(example.id);
    const executed = await editor.ended(id);
    expect(executed.error).toBeUndefined();
    const [results = []] = executed.outputs('Get results');
    expect(results).toHaveLength(3000);
    expect(results[2999]?.json).toMatchObject({
      'First name': leads(1, 3999)[0]?.first_name,
      apollo_outcome: 'matched',
    });
    expect(executed.outputs('Enriched file')[0]).toHaveLength(1);

    await expect.poll(async () => (await editor.executions(TOLD.id)).length, { timeout: 30_000 }).toBe(1);
    const [told = { id: '' }] = await editor.executions(TOLD.id);
    expect((await editor.ended(told.id)).outputs('Result')[0]?.[0]?.json).toMatchObject({
      type: 'job.finished',
      job: { name: 'leads.csv', state: 'done', rows: 3000 },
    });
    await editor.deactivate(TOLD.id);
    await expect.poll(async () => (await api.call('GET', '/v1/hooks')).body).toEqual({ hooks: [] });
    expect(api.sandbox.counts().rateLimited).toBe(0);
  });
});

function exampleOf(file: string): Workflow {
  const example = examples.get(file);
  if (!example) throw new Error(`There is no example ${file}.`);
  return example;
}

/** As n8n describes a node to its editor. */
async function descriptionOf(type: string): Promise<unknown> {
  // A node as a tool has the parameters of the node.
  const nodeInfos = [{ name: type.replace(/Tool$/, ''), version: 1 }];
  const [description] = await editor.ask<unknown[]>('POST', '/rest/node-types', { nodeInfos });
  return description;
}

function withModel(example: Workflow): Workflow {
  const nodes = example.nodes.map((each) => {
    if (each.name === 'Chat') return { ...each, parameters: { ...each.parameters, public: true } };
    if (each.name !== 'Chat model') return each;
    return { ...each, credentials: { openAiApi: { id: 'model', name: 'Model' } } };
  });
  return { ...example, id: 'asked00000000001', nodes };
}

type StandIn = Pick<WorkflowNode, 'type' | 'parameters'> & { readonly typeVersion?: unknown };

function withStandIns(file: string, id: string, standIns: Readonly<Record<string, StandIn>>): Workflow {
  const example = exampleOf(file);
  const nodes = example.nodes.map((each) => {
    const { type, typeVersion, parameters } = standIns[each.name] ?? each;
    return { ...each, type, typeVersion, parameters };
  });
  return { ...example, id, nodes };
}

/** A node that gives these items, whatever comes in. */
function given(items: readonly object[]): StandIn {
  const jsCode = `return ${JSON.stringify(items)}.map((json) => ({ json }));`;
  return { type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { jsCode } };
}

/** A node whose items are the fields that another would have written. */
function fieldsOf(file: string, name: string): StandIn {
  const { parameters } = exampleOf(file).nodes.find((each) => each.name === name) ?? {};
  const fields = { email: parameters?.email, ...(parameters?.additionalFields as object) };
  const assignments = Object.entries(fields).map(([field, value]) => ({
    id: field,
    name: field,
    value,
    type: 'string',
  }));
  return { type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: { assignments: { assignments } } };
}
