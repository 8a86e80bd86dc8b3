import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { COMPANY_FIELD_LABELS, PERSON_FIELD_LABELS } from '../../../enrichment/result-fields';

type Show = NonNullable<IDisplayOptions['show']>;

/** How results are written into items. */
export function resultOutput(show: Show, kind: 'person' | 'company'): INodeProperties[] {
  const labels = kind === 'person' ? PERSON_FIELD_LABELS : COMPANY_FIELD_LABELS;
  return [
    {
      displayName: 'Output',
      name: 'output',
      type: 'options',
      displayOptions: { show },
      default: 'simplified',
      description: 'How much of each result to put out',
      options: [
        { name: 'Raw', value: 'raw', description: 'Everything, nested as it came' },
        { name: 'Selected Fields', value: 'selected', description: 'The fields that you choose' },
        { name: 'Simplified', value: 'simplified', description: 'The fields that most workflows need' },
      ],
    },
    {
      displayName: 'Fields',
      name: 'selectedFields',
      type: 'multiOptions',
      displayOptions: { show: { ...show, output: ['selected'] } },
      default: [],
      description: 'What to put out of each result; the outcome is always there',
      options: Object.entries(labels)
        .map(([value, name]) => ({ name, value }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    },
  ];
}

export const RESULT_FIELD_OPTION: INodeProperties = {
  displayName: 'Put Result in Field',
  name: 'resultField',
  type: 'string',
  default: 'apollo',
  placeholder: 'e.g. apollo',
  description: 'Leave empty for flat fields beside those of the item, all named apollo_…',
};
