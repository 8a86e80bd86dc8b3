/** The trigger in an active workflow, with n8n's own contexts and a real address in place of n8n's server. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type {
  IDataObject,
  IHookFunctions,
  INode,
  INodeType,
  IWebhookFunctions,
  IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { Credentials, surroundings } from './engine.mts';

const require = createRequire(import.meta.url);
const core: typeof import('n8n-core') = require('n8n-core');
const workflowPackage: typeof import('n8n-workflow') = require('n8n-workflow');

const TYPE = 'connectionSphereTrigger';

type Method = 'checkExists' | 'create' | 'delete';

/** A workflow with the trigger, as long as n8n knows it. */
export interface Triggered extends AsyncDisposable {
  /** Where the server tells it. */
  readonly url: string;
  /** What n8n keeps with the workflow for this node. */
  readonly kept: IDataObject;
  /** What n8n does when a workflow is switched on and off. */
  hook(method: Method): Promise<boolean>;
  activate(): Promise<void>;
  /** What the workflow was started with so far. */
  readonly started: readonly IDataObject[];
}

/** `credentials`: of `connectionSphereApi`. */
export async function openTrigger(
  events: readonly string[],
  credentials: { baseUrl: string; token: string },
): Promise<Triggered> {
  const loader = new core.PackageDirectoryLoader(path.resolve(import.meta.dirname, '..'));
  await loader.loadAll();
  const type = loader.nodeTypes[TYPE]?.type as INodeType;
  const node: INode = {
    id: TYPE,
    name: 'Trigger',
    type: TYPE,
    typeVersion: 1,
    position: [0, 0],
    parameters: { events: [...events] },
    webhookId: 'webhook-of-this-node',
    credentials: { connectionSphereApi: { id: 'connectionSphereApi', name: 'connectionSphereApi' } },
  };
  const workflow = new workflowPackage.Workflow({
    id: 'workflow',
    nodes: [node],
    connections: {},
    active: true,
    nodeTypes: { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) },
  });
  const [webhookDescription] = type.description.webhooks ?? [];
  if (!webhookDescription) throw new Error('The trigger has no webhook.');
  const webhook = (additionalData: IWorkflowExecuteAdditionalData) => ({
    httpMethod: 'POST' as const,
    node: node.name,
    path: '',
    webhookDescription,
    workflowId: 'workflow',
    workflowExecuteAdditionalData: additionalData,
  });
  const helper = new Credentials(loader, { connectionSphereApi: credentials });
  const started: IDataObject[] = [];

  const server = createServer(async (request, response) => {
    const rawBody = await read(request);
    const answer = Object.assign(response, {
      status: (status: number) => Object.assign(response, { statusCode: status }),
      json: (body: object) => response.end(JSON.stringify(body)),
    });
    const additionalData = {
      ...surroundings(helper),
      httpRequest: Object.assign(request, {
        rawBody,
        readRawBody: async () => undefined,
        body: JSON.parse(String(rawBody)),
      }),
      httpResponse: answer,
    } as unknown as IWorkflowExecuteAdditionalData;
    const context = new core.WebhookContext(
      workflow,
      node,
      additionalData,
      'webhook',
      webhook(additionalData),
      [],
      null,
    );
    const data = await type.webhook?.call(context as IWebhookFunctions);
    for (const { json } of data?.workflowData?.[0] ?? []) started.push(json);
    if (!data?.noWebhookResponse) response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;

  const hook = async (method: Method): Promise<boolean> => {
    const additionalData = { ...surroundings(helper), webhookBaseUrl: base };
    const context = new core.HookContext(
      workflow,
      node,
      additionalData,
      'trigger',
      'activate',
      webhook(additionalData),
    );
    const run = type.webhookMethods?.default?.[method];
    if (!run) throw new Error(`The trigger has no ${method}.`);
    return await run.call(context as IHookFunctions);
  };
  return {
    url: `${base}/${node.webhookId}/webhook`,
    get kept() {
      return workflow.getStaticData('node', node);
    },
    hook,
    async activate() {
      if (!(await hook('checkExists'))) await hook('create');
    },
    started,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
