/**
 * n8n's own engine around the built package: a workflow runs here as it does in n8n, without its server,
 * editor and database.
 */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { PackageDirectoryLoader } from 'n8n-core';
import type {
  IConnections,
  ICredentialDataDecryptedObject,
  ICredentialsHelper,
  IDataObject,
  IHttpRequestOptions,
  INode,
  INodeExecutionData,
  INodeParameters,
  INodeType,
  INodeTypeDescription,
  INodeTypes,
  IRun,
  IWebhookFunctions,
  IWorkflowExecuteAdditionalData,
  Workflow,
} from 'n8n-workflow';

/** A folder with another n8n's engine and our package in its node_modules; else the engine beside this file. */
const OTHER = process.env.N8N_ENGINE;
const require = createRequire(OTHER === undefined ? import.meta.url : path.join(OTHER, 'package.json'));
// As the built package loads them: their ESM editions would be other classes with the same names.
const core: typeof import('n8n-core') = require('n8n-core');
const workflowPackage: typeof import('n8n-workflow') = require('n8n-workflow');
const { NodeConnectionTypes } = workflowPackage;

const ROOT =
  OTHER === undefined
    ? path.resolve(import.meta.dirname, '..')
    : path.join(OTHER, 'node_modules', 'n8n-nodes-connectionsphere');
const PREFIX = 'n8n-nodes-connectionsphere';

export type Item = INodeExecutionData;

/** What a node of the package is given in a workflow. */
export interface NodeUnderTest {
  readonly parameters: INodeParameters;
  /** The credential's data, by type. */
  readonly credentials: Readonly<Record<string, ICredentialDataDecryptedObject>>;
  readonly retryOnFail?: boolean;
  readonly maxTries?: number;
  readonly waitBetweenTries?: number;
  readonly onError?: 'continueRegularOutput' | 'continueErrorOutput' | 'stopWorkflow';
  readonly alwaysOutputData?: boolean;
}

/** How the node's part of an execution ended. */
export interface Ended {
  readonly run: IRun;
  /** What left the node, by output. */
  readonly outputs: readonly (readonly INodeExecutionData[])[];
  readonly error: { readonly message: string; readonly description?: string | null } | undefined;
  readonly hints: readonly string[];
}

/** What became of a post to a waiting execution. */
interface Woken {
  /** What the execution goes on with; `undefined`: it sleeps on. */
  readonly items: readonly Item[] | undefined;
  /** HTTP status that the node answered with by itself. */
  readonly status: number | undefined;
}

export interface Engine {
  /** Runs the items through a ConnectionSphere node. The execution is cancelled once `cancelWhen` holds. */
  run(
    node: NodeUnderTest,
    items: readonly INodeExecutionData[],
    settings?: {
      readonly cancelWhen?: () => boolean;
      /** Below this, in place of n8n's own address, waiting executions are woken. */
      readonly resumeUrl?: string;
      /** Retries of one execution have one id; a new one unless given. */
      readonly executionId?: string;
      /** Functions that this n8n is too old to have. */
      readonly lacking?: readonly string[];
    },
  ): Promise<Ended>;
  /** Posts to the address under which a waiting execution of the node is woken. */
  wake(node: NodeUnderTest, posted: IDataObject): Promise<Woken>;
  /** Makes a credential's own test; `undefined`: it passed, else what n8n would say. */
  testCredential(type: string, data: ICredentialDataDecryptedObject): Promise<string | undefined>;
  /** What the package's credentials are called where n8n looks for them. */
  credentialNames(): string[];
  /** The package's nodes as n8n describes them, the one that does the work first. */
  descriptions(): INodeTypeDescription[];
  /** Lets an AI agent call the node as a tool, once; gives what the agent gets to read. */
  callAsTool(node: NodeUnderTest, args: IDataObject): Promise<string>;
}

/** Loads the built package as n8n does. */
export async function openEngine(): Promise<Engine> {
  const loader = new core.PackageDirectoryLoader(ROOT);
  await loader.loadAll();

  const nodeType = (name: string): INodeType => {
    const loaded = loader.nodeTypes[name]?.type;
    if (!loaded || !('description' in loaded)) throw new Error(`The package has no node "${name}".`);
    return loaded as INodeType;
  };
  const asTool = (type: INodeType): INodeType => {
    const tool = Object.create(type) as INodeType;
    tool.description = { ...type.description, inputs: [], outputs: [NodeConnectionTypes.AiTool] };
    return tool;
  };
  const types: Record<string, INodeType> = {
    'test.items': stub([], [NodeConnectionTypes.Main]),
    'test.agent': {
      ...stub([NodeConnectionTypes.Main, NodeConnectionTypes.AiTool], [NodeConnectionTypes.Main]),
      async execute() {
        const connected = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as
          | InvokableTool
          | { response: InvokableTool }[];
        const tool = Array.isArray(connected) ? connected[0] : connected;
        const invokable = tool && 'response' in tool ? tool.response : tool;
        const [item] = this.getInputData();
        const answer = String(await invokable?.invoke(item?.json ?? {}));
        return [[{ json: { answer } }]];
      },
    },
    [`${PREFIX}.connectionSphere`]: nodeType('connectionSphere'),
    [`${PREFIX}.connectionSphereTool`]: asTool(nodeType('connectionSphere')),
  };
  const nodeTypes: INodeTypes = {
    getByName: (type) => known(types, type),
    getByNameAndVersion: (type) => known(types, type),
    getKnownTypes: () => ({}),
  };

  const execute = async (
    nodes: INode[],
    connections: IConnections,
    items: readonly INodeExecutionData[],
    credentials: NodeUnderTest['credentials'],
    { cancelWhen, resumeUrl, executionId = randomUUID() }: NonNullable<Parameters<Engine['run']>[2]>,
  ): Promise<IRun> => {
    const workflow = new workflowPackage.Workflow({
      id: 'workflow',
      nodes,
      connections,
      active: false,
      nodeTypes,
      settings: { executionOrder: 'v1' },
    });
    const [start] = nodes;
    if (!start) throw new Error('A workflow needs a node.');
    const data = workflowPackage.createRunExecutionData({
      executionData: {
        nodeExecutionStack: [{ node: start, data: { main: [[...items]] }, source: null }],
      },
    });
    const running = new core.WorkflowExecute(
      {
        ...surroundings(new Credentials(loader, credentials)),
        executionId,
        ...(resumeUrl !== undefined && { webhookWaitingBaseUrl: resumeUrl }),
      },
      'manual',
      data,
    ).processRunExecutionData(workflow);
    const watch = setInterval(() => {
      if (cancelWhen?.()) running.cancel();
    }, 5);
    try {
      return await running;
    } finally {
      clearInterval(watch);
    }
  };

  return {
    async run(node, items, { lacking = [], ...settings } = {}) {
      types[`${PREFIX}.connectionSphere`] = without(nodeType('connectionSphere'), lacking);
      const under = nodeOf('Enrich', `${PREFIX}.connectionSphere`, node);
      const start = nodeOf('Items', 'test.items', { parameters: {}, credentials: {} });
      const connections = {
        Items: { main: [[{ node: 'Enrich', type: NodeConnectionTypes.Main, index: 0 }]] },
      };
      const run = await execute([start, under], connections, items, node.credentials, settings);
      const task = run.data.resultData.runData.Enrich?.at(-1);
      const error = task?.error ?? run.data.resultData.error;
      return {
        run,
        outputs: (task?.data?.main ?? []).map((output) => output ?? []),
        error: error && {
          message: error.message,
          ...('description' in error && { description: error.description as string | null }),
        },
        hints: (task?.hints ?? []).map(({ message }) => message),
      };
    },
    async wake(node, posted) {
      const under = nodeOf('Enrich', `${PREFIX}.connectionSphere`, node);
      const workflow = new workflowPackage.Workflow({
        id: 'workflow',
        nodes: [under],
        connections: {},
        active: false,
        nodeTypes,
      });
      const type = nodeType('connectionSphere');
      const [description] = type.description.webhooks ?? [];
      if (!description || !type.webhook) throw new Error('The node cannot be woken.');
      let answered: number | undefined;
      const response = {
        status: (code: number) => {
          answered = code;
          return response;
        },
        end: () => response,
      };
      const additionalData = {
        ...surroundings(new Credentials(loader, node.credentials)),
        httpResponse: response as unknown as NonNullable<IWorkflowExecuteAdditionalData['httpResponse']>,
        httpRequest: { body: posted } as NonNullable<IWorkflowExecuteAdditionalData['httpRequest']>,
      };
      const webhook = {
        httpMethod: 'POST' as const,
        node: 'Enrich',
        path: '',
        webhookDescription: description,
        workflowId: 'workflow',
        workflowExecuteAdditionalData: additionalData,
      };
      const context = new core.WebhookContext(workflow, under, additionalData, 'webhook', webhook, [], null);
      const { workflowData } = await type.webhook.call(context as IWebhookFunctions);
      return { items: workflowData?.[0], status: answered };
    },
    async testCredential(type, data) {
      const credential = loader.credentialTypes[type]?.type;
      if (!credential?.test) return await testByNode(nodeType('connectionSphere'), type, data);
      const { request, rules = [] } = credential.test;
      const node = nodeOf('Credential', 'test.items', { parameters: {}, credentials: { [type]: data } });
      const workflow = new workflowPackage.Workflow({
        nodes: [node],
        connections: {},
        active: false,
        nodeTypes,
      });
      const credentials = new Credentials(loader, { [type]: data });
      const decrypted = await credentials.getDecrypted(surroundings(credentials), undefined, type);
      const keys = { $credentials: decrypted };
      const baseUrl = workflow.expression.getSimpleParameterValue(
        node,
        String(request?.baseURL),
        'internal',
        keys,
        undefined,
        '',
      );
      const asked = { url: `${baseUrl}${request?.url}` };
      const { url, headers } = await credentials.authenticate(decrypted, type, asked, workflow, node);
      const response = await fetch(url, { headers: headers as Record<string, string> });
      if (!response.ok) return `status ${response.status}`;
      const body: IDataObject = JSON.parse(await response.text());
      for (const { type: kind, properties } of rules) {
        if (kind === 'responseSuccessBody' && body[properties.key] === properties.value)
          return properties.message;
      }
      return undefined;
    },
    descriptions: () => Object.keys(loader.nodeTypes).map((name) => nodeType(name).description),
    credentialNames: () =>
      Object.values(loader.credentialTypes).map(({ type: { displayName } }) => displayName),
    async callAsTool(node, args) {
      const agent = nodeOf('Agent', 'test.agent', { parameters: {}, credentials: {} });
      const tool = nodeOf('Enrich', `${PREFIX}.connectionSphereTool`, node);
      const type = NodeConnectionTypes.AiTool;
      const connections = { Enrich: { [type]: [[{ node: 'Agent', type, index: 0 }]] } };
      const run = await execute([agent, tool], connections, [{ json: args }], node.credentials, {});
      const { error, runData } = run.data.resultData;
      if (error) throw error;
      return String(runData.Agent?.[0]?.data?.main?.[0]?.[0]?.json.answer);
    },
  };
}

/** The node in an n8n that lacks some functions. */
function without(type: INodeType, lacking: readonly string[]): INodeType {
  if (lacking.length === 0) return type;
  const older = Object.create(type) as INodeType;
  older.execute = async function () {
    const functions = new Proxy(this, {
      has: (target, name) => !lacking.includes(String(name)) && name in target,
      get: (target, name) => (lacking.includes(String(name)) ? undefined : Reflect.get(target, name)),
    });
    return (await type.execute?.call(functions)) ?? null;
  };
  return older;
}

/** As n8n lets a node test the credentials that it uses. */
async function testByNode(
  { description, methods }: INodeType,
  type: string,
  data: ICredentialDataDecryptedObject,
): Promise<string | undefined> {
  const { testedBy } = description.credentials?.find(({ name }) => name === type) ?? {};
  const test = methods?.credentialTest?.[String(testedBy)];
  if (!test) throw new Error(`Nothing tests the credential "${type}".`);
  const context = new core.CredentialTestContext();
  const { status, message } = await test.call(context, { id: type, name: type, type, data });
  return status === 'OK' ? undefined : message;
}

interface InvokableTool {
  invoke(args: IDataObject): Promise<unknown>;
}

function known(types: Readonly<Record<string, INodeType>>, name: string): INodeType {
  const type = types[name];
  if (!type) throw new Error(`There is no node type "${name}".`);
  return type;
}

/** A node that passes on what it is given. */
function stub(
  inputs: INodeType['description']['inputs'],
  outputs: INodeType['description']['outputs'],
): INodeType {
  return {
    description: {
      displayName: 'Stub',
      name: 'stub',
      group: ['transform'],
      version: 1,
      description: 'Passes on what it is given',
      defaults: {},
      inputs,
      outputs,
      properties: [],
    },
    async execute() {
      return [this.getInputData()];
    },
  };
}

function nodeOf(name: string, type: string, { credentials, ...node }: NodeUnderTest): INode {
  return {
    id: name,
    name,
    type,
    typeVersion: 1,
    position: [0, 0],
    ...node,
    credentials: Object.fromEntries(Object.keys(credentials).map((kind) => [kind, { id: kind, name: kind }])),
  };
}

/** Gives out the credentials of a test, and puts them into requests as n8n does for `generic` ones. */
export class Credentials extends workflowPackage.ICredentialsHelper {
  readonly #loader: PackageDirectoryLoader;
  readonly #data: NodeUnderTest['credentials'];

  constructor(loader: PackageDirectoryLoader, data: NodeUnderTest['credentials']) {
    super();
    this.#loader = loader;
    this.#data = data;
  }

  getParentTypes(): string[] {
    return [];
  }

  isCredentialUsableByNode(): boolean {
    return true;
  }

  async authenticate(
    credentials: ICredentialDataDecryptedObject,
    typeName: string,
    request: IHttpRequestOptions,
    workflow?: Workflow,
    node?: INode,
  ): Promise<IHttpRequestOptions> {
    const authenticate = this.#loader.credentialTypes[typeName]?.type?.authenticate;
    if (typeof authenticate !== 'object' || !workflow || !node) return request;
    const headers = Object.entries(authenticate.properties.headers ?? {}).map(([name, value]) => [
      name,
      workflow.expression.getSimpleParameterValue(
        node,
        String(value),
        'internal',
        { $credentials: credentials },
        undefined,
        '',
      ),
    ]);
    return { ...request, headers: { ...request.headers, ...Object.fromEntries(headers) } };
  }

  async preAuthentication(): Promise<undefined> {}

  async runPreAuthentication(): Promise<undefined> {}

  async getCredentials(): Promise<never> {
    throw new Error('Only decrypted credentials are to be had here.');
  }

  async getDecrypted(
    _: IWorkflowExecuteAdditionalData,
    __: unknown,
    type: string,
  ): Promise<ICredentialDataDecryptedObject> {
    const data = this.#data[type];
    if (!data) throw new Error(`The test has no credential "${type}".`);
    const { properties } = this.#loader.credentialTypes[type]?.type ?? { properties: [] };
    return workflowPackage.NodeHelpers.getNodeParameters(
      properties,
      data as INodeParameters,
      true,
      false,
      null,
      null,
    ) as ICredentialDataDecryptedObject;
  }

  async updateCredentials(): Promise<void> {}

  async updateCredentialsOauthTokenData(): Promise<void> {}

  getCredentialsProperties(type: string) {
    return this.#loader.credentialTypes[type]?.type.properties ?? [];
  }
}

export function surroundings(credentialsHelper: ICredentialsHelper): IWorkflowExecuteAdditionalData {
  const address = 'http://127.0.0.1:5678';
  const nothing = async () => {
    throw new Error('There is no such thing in a test.');
  };
  return {
    credentialsHelper,
    externalSecretsProxy: new core.ExternalSecretsProxy(),
    executionId: 'execution',
    hooks: new core.ExecutionLifecycleHooks('manual', 'execution', {
      id: 'workflow',
      name: 'workflow',
      active: false,
      activeVersionId: null,
      isArchived: false,
      createdAt: new Date(),
      updatedAt: new Date(),
      nodes: [],
      connections: {},
    }),
    currentNodeExecutionIndex: 0,
    restApiUrl: `${address}/rest`,
    instanceBaseUrl: address,
    formBaseUrl: `${address}/form`,
    formWaitingBaseUrl: `${address}/form-waiting`,
    formTestBaseUrl: `${address}/form-test`,
    webhookBaseUrl: `${address}/webhook`,
    webhookWaitingBaseUrl: `${address}/webhook-waiting`,
    webhookTestBaseUrl: `${address}/webhook-test`,
    mcpBaseUrl: `${address}/mcp`,
    mcpTestBaseUrl: `${address}/mcp-test`,
    variables: {},
    executeWorkflow: nothing,
    getRunExecutionData: async () => undefined,
    getRuntimeCredential: async () => undefined,
    logAiEvent: () => undefined,
    startRunnerTask: nothing,
  };
}
