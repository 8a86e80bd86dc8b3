import {
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from 'n8n-workflow';
import { executeEnrich } from './actions/enrich';
import { enrichDescription } from './descriptions/enrich';
import { getCompanyColumns, getPersonColumns } from './methods/columns';

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
    subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
    description: 'Enrich leads with Apollo over several keys at once',
    defaults: { name: 'ConnectionSphere' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
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
          { name: 'Person', value: 'person' },
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
            description: 'Find e-mail addresses, phone numbers and more for all items at once',
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
      ...enrichDescription,
    ],
  };

  methods = { resourceMapping: { getPersonColumns, getCompanyColumns } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return await executeEnrich.call(this);
  }
}
