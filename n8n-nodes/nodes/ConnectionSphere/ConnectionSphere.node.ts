import type {
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { executeCredits, executeSlots } from './actions/account';
import { executeEnrich } from './actions/enrich';
import { executeEstimate } from './actions/estimate';
import { cancelList, getList, getListResults, resumeList, startList } from './actions/list';
import { creditsDescription } from './descriptions/credits';
import { enrichDescription } from './descriptions/enrich';
import { listDescription } from './descriptions/list';
import { getCompanyColumns, getPersonColumns } from './methods/columns';
import { searchLists } from './methods/lists';

type Operation = (functions: IExecuteFunctions) => Promise<INodeExecutionData[]>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'list.start': startList,
  'list.get': getList,
  'list.getResults': getListResults,
  'list.cancel': cancelList,
  'slot.getAll': executeSlots,
  'credits.estimate': executeEstimate,
  'credits.get': executeCredits,
};

/** Enriches leads with Apollo, through a ConnectionSphere server or with keys of one's own. */
export class ConnectionSphere implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'ConnectionSphere',
    name: 'connectionSphere',
    icon: {
      light: 'file:../../icons/connectionsphere.svg',
      dark: 'file:../../icons/connectionsphere.dark.svg',
    },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Enrich leads with Apollo over several keys at once',
    defaults: { name: 'ConnectionSphere' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs:
      '={{ $parameter["operation"] === "enrich" && $parameter["separateOutputs"] !== false ? [{ type: "main", displayName: "Matched" }, { type: "main", displayName: "Unmatched" }, { type: "main", displayName: "Failed" }] : [{ type: "main" }] }}',
    credentials: [
      {
        name: 'connectionSphereApi',
        required: true,
        displayOptions: { show: { authentication: ['connectionSphereApi'] } },
      },
      {
        name: 'connectionSphereApolloKeysApi',
        required: true,
        displayOptions: { show: { authentication: ['connectionSphereApolloKeysApi'] } },
      },
    ],
    webhooks: [
      {
        name: 'default',
        httpMethod: 'POST',
        responseMode: 'onReceived',
        path: '',
        restartWebhook: true,
      },
    ],
    properties: [
      {
        displayName: 'Connect With',
        name: 'authentication',
        type: 'options',
        default: 'connectionSphereApolloKeysApi',
        options: [
          {
            name: 'Apollo Key Slots',
            value: 'connectionSphereApolloKeysApi',
            description: 'Up to four Apollo keys; no server needed',
          },
          {
            name: 'ConnectionSphere API',
            value: 'connectionSphereApi',
            description: 'Your ConnectionSphere server, which shares slots, limits and known results',
          },
        ],
      },
      {
        displayName: 'Resource',
        name: 'resource',
        type: 'options',
        noDataExpression: true,
        default: 'person',
        options: [
          { name: 'Company', value: 'company' },
          { name: 'Credit', value: 'credits' },
          { name: 'List', value: 'list' },
          { name: 'Person', value: 'person' },
          { name: 'Slot', value: 'slot' },
        ],
      },
      {
        displayName: 'Operation',
        name: 'operation',
        type: 'options',
        noDataExpression: true,
        default: 'enrich',
        displayOptions: { show: { resource: ['person'] } },
        options: [
          {
            name: 'Enrich',
            value: 'enrich',
            action: 'Enrich people',
            description: 'Find email addresses, phone numbers and profiles for all items at once',
          },
        ],
      },
      {
        displayName: 'Operation',
        name: 'operation',
        type: 'options',
        noDataExpression: true,
        default: 'enrich',
        displayOptions: { show: { resource: ['company'] } },
        options: [
          {
            name: 'Enrich',
            value: 'enrich',
            action: 'Enrich companies',
            description: 'Find industry, size, phone number and more for all items at once',
          },
        ],
      },
      {
        displayName: 'Operation',
        name: 'operation',
        type: 'options',
        noDataExpression: true,
        default: 'start',
        displayOptions: { show: { resource: ['list'] } },
        options: [
          {
            name: 'Cancel',
            value: 'cancel',
            action: 'Cancel a list',
            description: 'End a list for good; what was found stays',
          },
          {
            name: 'Get',
            value: 'get',
            action: 'Get a list',
            description: 'Say how far a list is, what was found and spent',
          },
          {
            name: 'Get Results',
            value: 'getResults',
            action: 'Get the results of a list',
            description: 'Put out an item for each row of a list, in its order',
          },
          {
            name: 'Start',
            value: 'start',
            action: 'Start a list',
            description: 'Enrich a list of any size on the server, and wait for its end asleep',
          },
        ],
      },
      {
        displayName: 'Operation',
        name: 'operation',
        type: 'options',
        noDataExpression: true,
        default: 'getAll',
        displayOptions: { show: { resource: ['slot'] } },
        options: [
          {
            name: 'Get Many',
            value: 'getAll',
            action: 'Get many slots',
            description: 'Say how each key is: health, credits and limits',
          },
        ],
      },
      {
        displayName: 'Operation',
        name: 'operation',
        type: 'options',
        noDataExpression: true,
        default: 'estimate',
        displayOptions: { show: { resource: ['credits'] } },
        options: [
          {
            name: 'Estimate',
            value: 'estimate',
            action: 'Estimate credits',
            description: 'Say what leads would cost and take; nothing is spent',
          },
          {
            name: 'Get',
            value: 'get',
            action: 'Get credits',
            description: 'Say what was spent this month, and what is left',
          },
        ],
      },
      ...enrichDescription,
      ...listDescription,
      ...creditsDescription,
    ],
  };

  methods = {
    resourceMapping: { getPersonColumns, getCompanyColumns },
    listSearch: { searchLists },
  };

  /** The server is given the address with the list and forgets it with the list: there is nothing to do. */
  webhookMethods = {
    default: {
      checkExists: async () => true,
      create: async () => true,
      delete: async () => true,
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const resource = this.getNodeParameter('resource', 0);
    const operation = this.getNodeParameter('operation', 0);
    const run = OPERATIONS[`${resource}.${operation}`];
    return run ? [await run(this)] : await executeEnrich(this);
  }

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    return await resumeList(this);
  }
}
