import type { Counts, Sandbox } from '../sandbox/index.ts';
import type { Executed, Item } from './executed.ts';
import type { Credential, Workflow, WorkflowNode } from './n8n.ts';

/** How the same thousand leads are enriched in n8n with our node, and without it, as people build it. */

export const ITEMS = 1000;
const DUPLICATES = 0.1;

interface Lead {
  readonly row: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly domain: string;
}

const SURNAMES = ['Lovelace', 'Hopper', 'Turing', 'Perlman', 'Liskov', 'Hamilton', 'Lamarr'];

/** The last tenth are people who came before. Each round has people of its own, whom nobody knows yet. */
export function leads(round: number, items: number = ITEMS): Lead[] {
  const distinct = Math.ceil(items * (1 - DUPLICATES));
  return Array.from({ length: items }, (_, row) => {
    const person = row < distinct ? row : (row * 7) % distinct;
    const letters = [...person.toString(26)].map((digit) =>
      String.fromCharCode(97 + Number.parseInt(digit, 26)),
    );
    return {
      row,
      first_name: `Ada${letters.join('')}`,
      last_name: SURNAMES[person % SURNAMES.length] ?? '',
      domain: `contoso${round}.com`,
    };
  });
}

type Connections = Record<string, { main: { node: string; type: 'main'; index: number }[][] }>;

/** Nodes one after the other, each the only one after the one before. */
export function chain(...names: readonly string[]): Connections {
  return Object.fromEntries(
    names.slice(1).map((name, index) => [names[index], { main: [[{ node: name, type: 'main', index: 0 }]] }]),
  );
}

export function node(
  name: string,
  type: string,
  typeVersion: number,
  parameters: Record<string, unknown>,
  more: object = {},
): WorkflowNode {
  return { id: name, name, type, typeVersion, parameters, position: [0, 0], ...more };
}

export function manualStart(): WorkflowNode {
  return node('Start', 'n8n-nodes-base.manualTrigger', 1, {});
}

function list(round: number, items: number): WorkflowNode {
  const array = JSON.stringify(leads(round, items));
  return node('Leads', 'n8n-nodes-base.code', 2, { jsCode: `return ${array}.map((json) => ({ json }));` });
}

function request(name: string, url: string, key: string, more: Record<string, unknown>): WorkflowNode {
  const headerParameters = { parameters: [{ name: 'x-api-key', value: key }] };
  const parameters = { method: 'POST', url, sendHeaders: true, headerParameters, ...more };
  return node(name, 'n8n-nodes-base.httpRequest', 4.2, parameters, { onError: 'continueRegularOutput' });
}

/** One call an item, as the HTTP Request node does by itself. */
export function perItem(round: number, sandbox: Sandbox, key: string, items: number = ITEMS): Workflow {
  const parameters = ['first_name', 'last_name', 'domain'].map((name) => ({
    name,
    value: `={{ $json.${name} }}`,
  }));
  const query = { sendQuery: true, queryParameters: { parameters } };
  return {
    id: `peritem${items}x${round}`,
    name: 'HTTP Request, people/match per item',
    nodes: [manualStart(), list(round, items), request('Result', `${sandbox.url}/people/match`, key, query)],
    connections: chain('Start', 'Leads', 'Result'),
  };
}

/** Tens, one after the other. */
export function loopOfTens(round: number, sandbox: Sandbox, key: string): Workflow {
  const fields = '{ first_name: lead.first_name, last_name: lead.last_name, domain: lead.domain }';
  const body = `={{ JSON.stringify({ details: $json.leads.map((lead) => (${fields})) }) }}`;
  const chained = chain('Start', 'Leads', 'Loop');
  return {
    id: `loopoftens${round}`,
    name: 'Loop Over Items, HTTP Request with people/bulk_match',
    nodes: [
      manualStart(),
      list(round, ITEMS),
      node('Loop', 'n8n-nodes-base.splitInBatches', 3, { batchSize: 10, options: {} }),
      node('Ten', 'n8n-nodes-base.aggregate', 1, {
        aggregate: 'aggregateAllItemData',
        destinationFieldName: 'leads',
      }),
      request('Match', `${sandbox.url}/people/bulk_match`, key, {
        sendBody: true,
        specifyBody: 'json',
        jsonBody: body,
      }),
      node('Person', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'matches', options: {} }),
      node('Result', 'n8n-nodes-base.noOp', 1, {}),
    ],
    connections: {
      ...chained,
      ...chain('Ten', 'Match', 'Person', 'Loop'),
      Loop: {
        main: [[{ node: 'Result', type: 'main', index: 0 }], [{ node: 'Ten', type: 'main', index: 0 }]],
      },
    },
  };
}

/** Our node with this credential. */
export function ourNode(
  round: number,
  { type, id, name }: Credential,
  means: string,
  items: number = ITEMS,
): Workflow {
  const parameters = { authentication: type, resource: 'person', operation: 'enrich' };
  return {
    id: `enrich${id}${items}x${round}`,
    name: `ConnectionSphere, Person > Enrich: ${means}`,
    nodes: [
      manualStart(),
      list(round, items),
      node('Result', 'n8n-nodes-connectionsphere.connectionSphere', 1, parameters, {
        credentials: { [type]: { id, name } },
      }),
    ],
    connections: chain('Start', 'Leads', 'Result'),
  };
}

export interface Comparison {
  readonly workflow: string;
  readonly seconds: number;
  readonly calls: number;
  readonly credits: number;
  readonly rateLimited: number;
  /** Items with a person that stand beside the lead they are about, of {@link ITEMS}. */
  readonly paired: number;
}

/** What a run of one of the workflows took, with counts that began with it. Throws when it failed. */
export function measure(workflow: string, executed: Executed, counts: Counts): Comparison {
  if (executed.status !== 'success') throw new Error(`${workflow}: ${executed.error}`);
  const { byEndpoint, credits, rateLimited } = counts;
  return {
    workflow,
    seconds: executed.ms / 1000,
    calls: (byEndpoint['people/match'] ?? 0) + (byEndpoint['people/bulk_match'] ?? 0),
    credits,
    rateLimited,
    paired: paired(executed.outputs('Result')[0] ?? []),
  };
}

/**
 * By n8n's own links between items; where a link leads to no single item, by position, in favour of whoever
 * lost it.
 */
function paired(items: readonly Item[]): number {
  const all = leads(0);
  return items.filter((item, position) => {
    const lead = all[linked(item) ?? position];
    return lead !== undefined && nameIn(item.json) === `${lead.first_name} ${lead.last_name}`.toLowerCase();
  }).length;
}

function linked({ pairedItem }: Item): number | undefined {
  if (typeof pairedItem === 'number') return pairedItem;
  if (Array.isArray(pairedItem)) return pairedItem.length === 1 ? pairedItem[0]?.item : undefined;
  return pairedItem?.item;
}

/** The person's name in Apollo's answer, or in ours. */
function nameIn(json: Record<string, unknown>): string | undefined {
  for (const found of [json.apollo, json.person, json]) {
    if (typeof found === 'object' && found !== null && 'name' in found)
      return String(found.name).toLowerCase();
  }
  return undefined;
}
