import type {
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { testApolloKeys } from './credentialTest/apolloKeys';
import { searchLists } from './listSearch/searchLists';
import { getCompanyColumns, getPersonColumns } from './resourceMapping/columns';
import { companyDescription } from './resources/company';
import { enrichCompanies } from './resources/company/enrich';
import { creditsDescription } from './resources/credits';
import { estimate } from './resources/credits/estimate';
import { getCredits } from './resources/credits/get';
import { listDescription } from './resources/list';
import { cancelList } from './resources/list/cancel';
import { getList } from './resources/list/get';
import { getFile } from './resources/list/getFile';
import { getResults } from './resources/list/getResults';
import { resumeList, startList } from './resources/list/start';
import { personDescription } from './resources/person';
import { enrichPeople } from './resources/person/enrich';
import { slotDescription } from './resources/slot';
import { getSlots } from './resources/slot/getAll';

type Operation = (functions: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'person.enrich': enrichPeople,
  'company.enrich': enrichCompanies,
  'list.start': startList,
  'list.get': getList,
  'list.getFile': getFile,
  'list.getResults': getResults,
  'list.cancel': cancelList,
  'slot.getAll': getSlots,
  'credits.estimate': estimate,
  'credits.get': getCredits,
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
    description:
      'Enrich leads with Apollo: give an email, a LinkedIn URL, or a name and company; get back verified email, phone, title and company',
    defaults: { name: 'ConnectionSphere' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs:
      '={{ $parameter["operation"] === "enrich" && $parameter["separateOutputs"] !== false ? [{ type: "main", displayName: "Matched" }, { type: "main", displayName: "Unmatched" }, { type: "main", displayName: "Failed" }].concat($parameter["reviewOutput"] === true ? [{ type: "main", displayName: "Review" }] : []) : [{ type: "main" }] }}',
    credentials: [
      {
        name: 'connectionSphereApi',
        required: true,
        displayOptions: { show: { authentication: ['connectionSphereApi'] } },
      },
      {
        name: 'connectionSphereApolloKeysApi',
        required: true,
        testedBy: 'testApolloKeys',
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
        noDataExpression: true,
        default: 'connectionSphereApolloKeysApi',
        options: [
          {
            name: 'Apollo Keys',
            value: 'connectionSphereApolloKeysApi',
            description: 'Up to four Apollo keys; no server needed',
          },
          {
            name: 'ConnectionSphere Server',
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
      ...companyDescription,
      ...creditsDescription,
      ...listDescription,
      ...personDescription,
      ...slotDescription,
    ],
  };

  methods = {
    credentialTest: { testApolloKeys },
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
    if (run) return await run(this);
    throw new NodeOperationError(this.getNode(), `There is no operation "${operation}" of "${resource}"`, {
      description: 'Choose Resource and Operation anew. Nothing was spent.',
    });
  }

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    return await resumeList(this);
  }
}
