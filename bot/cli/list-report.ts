import type { ColumnMapping, DuplicateKey, Estimate, Job } from '@connectionsphere/core';
import type { Delimiter, LeadFileInfo } from '@connectionsphere/core/node';
import { foundDocument, listDocument, listNotes, mappingDocument } from '../list-notes.ts';
import { count, estimatedTime, plural } from '../words.ts';
import type { PreparedList } from './list.ts';
import { facts, oneLine, styled, table } from './output.ts';

const FOUND = { header: 'by its name', values: 'by its values', override: 'as you said' } as const;
const FORMATS = { csv: 'CSV', tsv: 'TSV', ndjson: 'NDJSON', json: 'JSON', xlsx: 'Excel' } as const;
const DELIMITER_NAMES: Readonly<Record<Delimiter, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  '^': 'carets',
  '~': 'tildes',
  ':': 'colons',
  '\u0001': 'control characters',
  '\u001f': 'control characters',
};
const MOST_UNUSED = 8;

/** Which column was taken for what. */
export function mappingText(file: LeadFileInfo, mapping: ColumnMapping): string {
  const { name, format, encoding, rowCount, delimiter, sheet, hasHeader, headerRow } = file;
  const parts = [
    FORMATS[format],
    ...(format === 'xlsx' ? [] : [encoding]),
    ...(format === 'csv' && delimiter ? [`separated by ${DELIMITER_NAMES[delimiter]}`] : []),
    ...(sheet ? [`sheet "${oneLine(sheet.name, 30)}"`] : []),
    ...(hasHeader && headerRow > 0 ? [`header in row ${headerRow}`] : []),
    ...(hasHeader ? [] : ['no header']),
  ];
  const kind = parts.join(', ');
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

export function estimateDocument({ job, file }: PreparedList): object {
  const { name, estimate, kind, mapping } = job;
  const { seconds, ...rest } = estimate;
  return {
    name,
    kind,
    ...rest,
    seconds: seconds ?? null,
    mapping: mappingDocument(mapping),
    found: foundDocument(mapping),
    unused: mapping.unused.map((index) => mapping.headers[index] ?? ''),
    list: listDocument(file),
    notes: listNotes(file, job),
  };
}

/** By what duplicates were told, in words. */
const KEYS: Readonly<Record<DuplicateKey, string>> = {
  apollo_id: 'Apollo id',
  linkedin_url: 'LinkedIn address',
  email: 'e-mail',
  hashed_email: 'hashed e-mail',
  name_and_domain: 'name and domain',
  name_and_company: 'name and company',
  domain: 'domain',
  company_linkedin_url: 'LinkedIn address',
  company: 'company name',
};

function duplicatesText({ duplicates, duplicatesBy = {} }: Job['estimate']): string {
  const parts = Object.entries(duplicatesBy).map(
    ([key, number]) => `${count(number)} by ${KEYS[key as DuplicateKey]}`,
  );
  return parts.length === 0 ? count(duplicates) : `${count(duplicates)} (${parts.join(', ')})`;
}

/** What it would cost and take. */
export function estimateText({ job, file }: PreparedList): string {
  const { estimate, kind, creditLimit } = job;
  const who = kind === 'companies' ? ['company', 'companies'] : ['person', 'people'];
  const notes = listNotes(file, job).map(({ text }) => `- ${oneLine(text, 400)}`);
  const figures = facts([
    ['Rows', count(estimate.rows)],
    ['Duplicates', duplicatesText(estimate)],
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
    ...(estimate.expectedCredits === undefined
      ? []
      : [['Expected', expectedText(estimate, estimate.expectedCredits)] as const]),
    ...(estimate.creditsLeft === undefined ? [] : [['Credits left', leftText(estimate)] as const]),
    ['Time', estimatedTime(estimate)],
    ...(estimate.phoneSeconds === undefined ? [] : [['Phones', phonesText(estimate.phoneSeconds)] as const]),
    ...(estimate.warnings ?? []).map((warning) => ['Note', styled('yellow', warning)] as const),
  ]);
  return [...(notes.length > 0 ? [...notes, ''] : []), figures].join('\n');
}

function expectedText({ expectedFrom }: Estimate, credits: number): string {
  const by = expectedFrom === 'workspace' ? 'as your last lists of this kind went' : 'by default hit rates';
  return `${plural(credits, 'credit')}, ${by}`;
}

function leftText({ creditsLeft = 0, mobileCreditsLeft }: Estimate): string {
  const mobile = mobileCreditsLeft === undefined ? '' : `, ${count(mobileCreditsLeft)} for mobile numbers`;
  return `${count(creditsLeft)} in Apollo${mobile}`;
}

function phonesText(seconds: number): string {
  return `come later, after 10 s to hours; asking Apollo for them takes ${estimatedTime({ lookups: 1, seconds })} within its limits. With PUBLIC_URL set, Apollo sends them.`;
}
