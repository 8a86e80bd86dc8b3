import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import {
  COMPANY_FIELD_LABELS,
  type Kind,
  PERSON_FIELD_LABELS,
  RESULT_FIELD,
} from '../../../../enrichment/result-fields';

type Show = NonNullable<IDisplayOptions['show']>;

/** How results are written into items. */
export function resultOutput(show: Show, kind: Kind): INodeProperties[] {
  const labels = kind === 'person' ? PERSON_FIELD_LABELS : COMPANY_FIELD_LABELS;
  return [
    {
      displayName: 'Output',
      name: 'output',
      type: 'options',
      noDataExpression: true,
      displayOptions: { show },
      default: 'simplified',
      description: 'How much of each result to put out',
      options: [
        { name: 'Raw', value: 'raw', description: 'Everything, nested as it came' },
        { name: 'Selected Fields', value: 'selected', description: 'The fields that you choose' },
        {
          name: 'Simplified',
          value: 'simplified',
          description: 'Ten fields at most: what most workflows need',
        },
      ],
    },
    {
      displayName: 'Fields',
      name: 'selectedFields',
      type: 'multiOptions',
      displayOptions: { show: { ...show, output: ['selected'] } },
      default: [],
      description: 'What to put out of each result; outcome and ID are always there',
      options: Object.entries(labels)
        .map(([value, name]) => ({ name, value }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    },
  ];
}

const RESULT_FIELD_OPTION: INodeProperties = {
  displayName: 'Put Result in Field',
  name: 'resultField',
  type: 'string',
  default: 'apollo',
  placeholder: 'e.g. apollo',
  description:
    "Leave empty for flat fields beside those of the item, all named apollo_…. What stands in a field of the item's own stays.",
};

export function resultFieldOption(kind: Kind): INodeProperties {
  return { ...RESULT_FIELD_OPTION, default: RESULT_FIELD[kind], placeholder: `e.g. ${RESULT_FIELD[kind]}` };
}
