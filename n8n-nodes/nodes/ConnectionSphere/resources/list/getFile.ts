import { PRESET_NAMES, PRESETS } from '@connectionsphere/core';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { forEachList, showJob } from '../../shared/lists';

const show = { resource: ['list'], operation: ['getFile'] };

const TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

export const getFileDescription: INodeProperties[] = [
  {
    displayName: 'File Format',
    name: 'fileFormat',
    type: 'options',
    noDataExpression: true,
    default: 'csv',
    displayOptions: { show },
    description: 'What the file is',
    options: [
      { name: 'CSV', value: 'csv', description: 'The columns of the list, and the new ones behind them' },
      {
        name: 'XLSX',
        value: 'xlsx',
        description: 'A workbook; of a list that was one, its own sheet with the new columns',
      },
    ],
  },
  {
    displayName: 'Ready For',
    name: 'preset',
    type: 'options',
    noDataExpression: true,
    default: '',
    displayOptions: { show },
    description:
      'The tool that is to import the file: with its columns, only whom it can contact, and without numbers on a do-not-call list',
    options: [
      { name: 'All Rows', value: '', description: 'The list as it came, with what was found' },
      ...PRESETS.map((value) => ({ name: PRESET_NAMES[value], value })).sort((a, b) =>
        a.name.localeCompare(b.name),
      ),
    ],
  },
  {
    displayName: 'Put Output File in Field',
    name: 'outputField',
    type: 'string',
    default: 'data',
    required: true,
    displayOptions: { show },
    hint: 'The name of the output binary field to put the file in',
  },
];

/** The enriched list of each item as a file. */
export async function getFile(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  return await forEachList(functions, async (id, ask, item) => {
    const format = functions.getNodeParameter('fileFormat', item) as keyof typeof TYPES;
    const preset = functions.getNodeParameter('preset', item) as string;
    const field = functions.getNodeParameter('outputField', item) as string;
    const { name, rows, state } = await showJob(ask, id);
    const bytes = await ask<Buffer>({
      method: 'GET',
      path: `/v1/jobs/${encodeURIComponent(id)}/results`,
      query: { format, ...(preset !== '' && { preset }) },
      bytes: true,
    });
    const fileName = `${String(name).replace(/\.\w{1,5}$/, '')}-${preset || 'enriched'}.${format}`;
    const json: IDataObject = { id, name, rows, state, fileName };
    return [
      {
        json,
        binary: { [field]: await functions.helpers.prepareBinaryData(bytes, fileName, TYPES[format]) },
      },
    ];
  });
}
