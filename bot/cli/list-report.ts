import type { ColumnMapping, Job } from '@connectionsphere/core';
import type { LeadFileFacts } from '@connectionsphere/core/node';
import { count, estimatedTime, plural } from '../words.ts';
import { facts, oneLine, styled, table } from './output.ts';

const FOUND = { header: 'by its name', values: 'by its values', override: 'as you said' } as const;
const FORMATS = { csv: 'CSV', tsv: 'TSV', ndjson: 'NDJSON', json: 'JSON', xlsx: 'Excel' } as const;
const MOST_UNUSED = 8;

/** Which column was taken for what. */
export function mappingText(file: LeadFileFacts, mapping: ColumnMapping): string {
  const { name, format, encoding, rowCount } = file;
  const kind = format === 'xlsx' ? FORMATS.xlsx : `${FORMATS[format]}, ${encoding}`;
  const rows = Object.entries(mapping.fields).map(([field, { columns, found }]) => [
    field,
    columns.map((index) => oneLine(mapping.headers[index] ?? '', 30)).join(', then '),
    styled('dim', FOUND[found]),
  ]);
  const unused = mapping.unused.map((index) => oneLine(mapping.headers[index] ?? '', 20) || '(no name)');
  const more = unused.length > MOST_UNUSED ? ` and ${unused.length - MOST_UNUSED} more` : '';
  return [
    `${styled('bold', oneLine(name, 60))}  ${plural(rowCount, 'row')}, ${kind}`,
    ...(rows.length > 0 ? [table(['Field', 'Column', ''], rows)] : []),
    ...(unused.length > 0
      ? [styled('dim', `Not used: ${unused.slice(0, MOST_UNUSED).join(', ')}${more}`)]
      : []),
    '',
  ].join('\n');
}

/** The mapping as `--json` gives it: headers by field. */
function mappingDocument({ fields, headers }: ColumnMapping): object {
  return Object.fromEntries(
    Object.entries(fields).map(([field, { columns }]) => [
      field,
      columns.map((index) => headers[index] ?? ''),
    ]),
  );
}

export function estimateDocument({ name, estimate, kind, mapping }: Job): object {
  const { seconds, ...rest } = estimate;
  return { name, kind, ...rest, seconds: seconds ?? null, mapping: mappingDocument(mapping) };
}

/** What it would cost and take. */
export function estimateText({ estimate, kind, creditLimit }: Job): string {
  const who = kind === 'companies' ? ['company', 'companies'] : ['person', 'people'];
  return facts([
    ['Rows', count(estimate.rows)],
    ['Duplicates', count(estimate.duplicates)],
    ['Already known', count(estimate.known)],
    ...(estimate.skipped > 0
      ? [['Skipped', `${count(estimate.skipped)} (nothing to identify them by, or forgotten)`] as const]
      : []),
    ['To look up', plural(estimate.lookups, who[0] ?? '', who[1])],
    [
      'Most credits',
      count(estimate.mostCredits) +
        (creditLimit === undefined ? '' : `, but it pauses at your limit of ${count(creditLimit)}`),
    ],
    ['Time', estimatedTime(estimate)],
  ]);
}
