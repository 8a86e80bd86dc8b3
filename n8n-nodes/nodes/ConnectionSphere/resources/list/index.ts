import type { INodeProperties } from 'n8n-workflow';
import { getFileDescription } from './getFile';
import { getResultsDescription } from './getResults';
import { startDescription } from './start';

export const listDescription: INodeProperties[] = [
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
        action: 'Cancel list',
        description: 'End a list for good; what was found stays',
      },
      {
        name: 'Get',
        value: 'get',
        action: 'Get list',
        description: 'Say how far a list is, what was found and spent',
      },
      {
        name: 'Get File',
        value: 'getFile',
        action: 'Get list file',
        description: 'Put out the enriched list as a CSV or XLSX file, or ready for another tool',
      },
      {
        name: 'Get Results',
        value: 'getResults',
        action: 'Get list results',
        description: 'Put out an item for each row of a list, in its order',
      },
      {
        name: 'Start',
        value: 'start',
        action: 'Start list',
        description: 'Enrich a list of any size on the server, and wait for its end asleep',
      },
    ],
  },
  {
    displayName:
      'Lists run on the ConnectionSphere server, so choose a "ConnectionSphere API" credential. A list of any size costs n8n nothing while it waits.',
    name: 'serverNotice',
    type: 'notice',
    default: '',
    displayOptions: { show: { resource: ['list'], authentication: ['connectionSphereApolloKeysApi'] } },
  },
  {
    displayName: 'List',
    name: 'list',
    type: 'resourceLocator',
    default: { mode: 'list', value: '' },
    required: true,
    description: 'The list, as Start gave it',
    displayOptions: { show: { resource: ['list'], operation: ['get', 'getFile', 'getResults', 'cancel'] } },
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        placeholder: 'Choose a list…',
        typeOptions: { searchListMethod: 'searchLists', searchable: true },
      },
      {
        displayName: 'By ID',
        name: 'id',
        type: 'string',
        placeholder: 'e.g. mwtpnwhc9c9a9a',
        validation: [
          {
            type: 'regex',
            properties: {
              regex: '^\\s*[\\w-]{1,100}\\s*$',
              errorMessage: 'An ID has letters and digits only',
            },
          },
        ],
      },
    ],
  },
  ...startDescription,
  ...getFileDescription,
  ...getResultsDescription,
];
