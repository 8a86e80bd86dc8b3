import type { Job } from '@connectionsphere/core';
import type { KnownBlock } from '@slack/types';
import type { ListReading } from '../../list-again.ts';
import type { ListSource } from '../../list-file.ts';
import { LIMITS, plain } from '../blocks.ts';
import type { FormValues } from './form-values.ts';

const READING_FIELDS = {
  sheet: { block: 'reading.sheet', action: 'sheet' },
  headerRow: { block: 'reading.header', action: 'header' },
  kind: { block: 'reading.kind', action: 'kind' },
} as const;

const KINDS = [
  { text: plain('People'), value: 'people' },
  { text: plain('Companies'), value: 'companies' },
] as const;

/** How the list is to be read where that was not recognised rightly. `job`: of the list as it was read. */
export function readingInputs(job: Pick<Job, 'source'> | undefined): KnownBlock[] {
  const { format, sheet, sheets = [], headerRow } = (job?.source ?? {}) as Partial<ListSource>;
  const { sheet: sheetField, headerRow: headerField, kind } = READING_FIELDS;
  const options = sheets.slice(0, LIMITS.options).map(({ name }) => ({
    text: plain(name, LIMITS.optionText),
    value: name,
  }));
  const taken = options.find(({ value }) => value === sheet?.name);
  const now =
    headerRow === undefined ? '' : headerRow === 0 ? ' Now no row does.' : ` Now it is row ${headerRow}.`;
  return [
    ...(taken
      ? [
          {
            type: 'input',
            block_id: sheetField.block,
            label: plain('Sheet'),
            element: {
              type: 'static_select',
              action_id: sheetField.action,
              options,
              initial_option: taken,
            },
          } as const,
        ]
      : []),
    ...(format === 'json' || format === 'ndjson'
      ? []
      : [
          {
            type: 'input',
            block_id: headerField.block,
            optional: true,
            label: plain('Header row'),
            hint: plain(`The row that names the columns, counted from 1. 0: no row does.${now}`, LIMITS.hint),
            element: {
              type: 'number_input',
              action_id: headerField.action,
              is_decimal_allowed: false,
              min_value: '0',
              max_value: '1000',
            },
          } as const,
        ]),
    {
      type: 'input',
      block_id: kind.block,
      optional: true,
      label: plain('It is a list of'),
      element: {
        type: 'static_select',
        action_id: kind.action,
        placeholder: plain('As it was recognised'),
        options: [...KINDS],
      },
    },
  ];
}

/** What a form with {@link readingInputs} says that is not so already; empty where it says nothing. */
export function readingIn(values: FormValues, job?: Pick<Job, 'source' | 'kind'>): ListReading {
  const { sheet, headerRow, kind } = READING_FIELDS;
  const sheetName = values[sheet.block]?.[sheet.action]?.selected_option?.value;
  const row = values[headerRow.block]?.[headerRow.action]?.value;
  const chosen = KINDS.find(
    ({ value }) => value === values[kind.block]?.[kind.action]?.selected_option?.value,
  )?.value;
  const now = (job?.source ?? {}) as Partial<ListSource>;
  return {
    ...(sheetName !== undefined && sheetName !== now.sheet?.name && { sheet: sheetName }),
    ...(row && Number(row) !== now.headerRow && { headerRow: Number(row) }),
    ...(chosen !== undefined && chosen !== job?.kind && { kind: chosen }),
  };
}
