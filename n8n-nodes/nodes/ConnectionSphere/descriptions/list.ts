import type { INodeProperties } from 'n8n-workflow';
import { alsoFind, leadInput, SPENDING_OPTIONS } from './input';
import { RESULT_FIELD_OPTION, resultOutput } from './output';

const start = { resource: ['list'], operation: ['start'] };
const results = { resource: ['list'], operation: ['getResults'] };

export const listDescription: INodeProperties[] = [
  {
    displayName:
      'Lists run on the ConnectionSphere server, so choose a "ConnectionSphere API" credential. A list of any size costs n8n nothing while it waits.',
    name: 'serverNotice',
    type: 'notice',
    default: '',
    displayOptions: { show: { resource: ['list'], authentication: ['connectionSphereApolloKeysApi'] } },
  },
  {
    displayName: 'List Name',
    name: 'listName',
    type: 'string',
    default: '',
    placeholder: 'e.g. Webinar sign-ups',
    displayOptions: { show: start },
    description:
      "What the list is called in Slack and on the server. Empty: the file's name, or the workflow's.",
  },
  ...leadInput(start, 'person'),
  alsoFind(start),
  {
    displayName: 'Wait for the End',
    name: 'wait',
    type: 'boolean',
    default: true,
    displayOptions: { show: start },
    description:
      'Whether the execution sleeps until the list is done (or needs care), and goes on then. The server must reach n8n.',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    displayOptions: { show: start },
    options: SPENDING_OPTIONS,
  },
  {
    displayName: 'List',
    name: 'list',
    type: 'resourceLocator',
    default: { mode: 'id', value: '' },
    required: true,
    description: 'The list, as Start gave it',
    displayOptions: { show: { resource: ['list'], operation: ['get', 'getResults', 'cancel'] } },
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
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
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: true,
    displayOptions: { show: results },
    description: 'Whether to return all results or only up to a given limit',
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    displayOptions: { show: { ...results, returnAll: [false] } },
    description: 'Max number of results to return',
  },
  {
    displayName: 'Outcomes',
    name: 'outcomes',
    type: 'multiOptions',
    default: [],
    displayOptions: { show: results },
    description: 'Only results with these outcomes. None: all.',
    options: [
      { name: 'Failed', value: 'failed' },
      { name: 'Matched', value: 'matched' },
      { name: 'Pending', value: 'pending' },
      { name: 'Review', value: 'review' },
      { name: 'Skipped', value: 'skipped' },
      { name: 'Unmatched', value: 'unmatched' },
    ],
  },
  ...resultOutput(results, 'person'),
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    displayOptions: { show: results },
    options: [RESULT_FIELD_OPTION],
  },
];
