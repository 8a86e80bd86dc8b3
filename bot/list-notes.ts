import type { ColumnMapping, Job } from '@connectionsphere/core';
import type { LeadFileInfo } from '@connectionsphere/core/node';
import { count, plural } from './words.ts';

/** Something about a list that whoever gave it should know, for programs and in words. */
export interface ListNote {
  readonly code:
    | 'no-header'
    | 'two-header-rows'
    | 'above-header'
    | 'rows-left-out'
    | 'other-table'
    | 'filled-down'
    | 'formats-not-kept'
    | 'sheet'
    | 'encoding'
    | 'recognised-by-values'
    | 'nobody-column'
    | 'platform-column'
    | 'second-person'
    | 'contradicted-column'
    | 'shared-address'
    | 'left-out-of-names'
    | 'possible-duplicates'
    | 'nobody-identified'
    | 'nothing-to-identify';
  readonly text: string;
  /** The columns that it is about. */
  readonly columns?: readonly string[];
  readonly count?: number;
}

/** All that is odd or was decided about a list, in the order in which one would check it. */
export function listNotes(
  file: LeadFileInfo | undefined,
  { mapping, estimate, kind }: Pick<Job, 'mapping' | 'estimate' | 'kind'>,
): ListNote[] {
  return [...(file ? fileNotes(file) : []), ...columnNotes(mapping), ...rowNotes(mapping, estimate, kind)];
}

function fileNotes(file: LeadFileInfo): ListNote[] {
  return [...readingNotes(file), ...leftOutNotes(file), ...limitNotes(file)];
}

/** How the file was read: sheet, encoding and header. */
function readingNotes(file: LeadFileInfo): ListNote[] {
  const { encoding, format, hasHeader, headerCells, headerRow, sheet, sheets } = file;
  const notes: ListNote[] = [];
  const visible = sheets?.filter(({ hidden }) => !hidden) ?? [];
  if (sheet && (sheets?.length ?? 0) > 1) {
    notes.push({
      code: 'sheet',
      text: `The sheet "${sheet.name}" was taken of ${plural(visible.length, 'visible sheet')}. Choose another by its name.`,
    });
  }
  if (format !== 'xlsx' && !encoding.startsWith('utf')) {
    notes.push({
      code: 'encoding',
      text: `The text was read as ${encoding}. If names look wrong, say which encoding it has.`,
    });
  }
  if (!hasHeader) {
    notes.push({
      code: 'no-header',
      text: 'No row names the columns, so the first one is a lead. If it is the header, say so.',
    });
  }
  if (headerCells) {
    notes.push({
      code: 'two-header-rows',
      text: `Rows ${headerRow - 1} and ${headerRow} together name the columns.`,
    });
  }
  return notes;
}

/** Rows of the file that are no leads. */
function leftOutNotes({ above, hasHeader, headerCells, headerRow, leftOut }: LeadFileInfo): ListNote[] {
  const notes: ListNote[] = [];
  const titles = above.length - (headerCells ? 1 : 0);
  if (titles > 0) {
    const first =
      above
        .flat()
        .find((cell) => cell.trim() !== '')
        ?.trim() ?? '';
    const what = first === '' ? '' : `, beginning with "${first.slice(0, 40)}"`;
    notes.push({
      code: 'above-header',
      count: titles,
      text: `${plural(titles, 'row')} above the ${hasHeader ? `header in row ${headerRow}` : 'first lead'}${what}: no leads, and kept in the result.`,
    });
  }
  const below = leftOut.blank + leftOut.footer + leftOut.header;
  if (below > 0) {
    const parts = [
      ...(leftOut.blank > 0 ? [`${count(leftOut.blank)} blank`] : []),
      ...(leftOut.footer > 0 ? [`${count(leftOut.footer)} with totals or remarks`] : []),
      ...(leftOut.header > 0 ? [`${count(leftOut.header)} with the header again`] : []),
    ];
    notes.push({
      code: 'rows-left-out',
      count: below,
      text: `${plural(below, 'row')} ${below === 1 ? 'is' : 'are'} no lead (${parts.join(', ')}): not looked up, and kept in the result.`,
    });
  }
  return notes;
}

/** What of the file is not looked up, or does not come back. */
function limitNotes({ filledDown, otherTable, tooLargeToKeep }: LeadFileInfo): ListNote[] {
  const notes: ListNote[] = [];
  if (filledDown !== undefined) {
    notes.push({
      code: 'filled-down',
      columns: filledDown,
      text: `${quoted(filledDown)} stands in the first row of each group alone. It was taken for the rows below it, too, and columns of the result have it in each row.`,
    });
  }
  if (tooLargeToKeep !== undefined) {
    notes.push({
      code: 'formats-not-kept',
      text: `The workbook has ${Math.ceil(tooLargeToKeep / 1_000_000)} MB. Up to 20 MB it comes back with its formats and other sheets; this one comes back with the cells of its list alone.`,
    });
  }
  if (otherTable !== undefined) {
    notes.push({
      code: 'other-table',
      text: `Another table with other columns begins in row ${otherTable}. It is not looked up; give it as a list of its own if it should be.`,
    });
  }
  return notes;
}

const WHY = {
  nobody: {
    code: 'nobody-column',
    text: 'the same in nearly all rows, beside different people: it does not identify a person',
  },
  platform: { code: 'platform-column', text: 'other pages of one site: links to records, not to employers' },
  'second-person': {
    code: 'second-person',
    text: 'about a second person in the row, who is not looked up. Give each person a row to look them up',
  },
  contradicted: { code: 'contradicted-column', text: 'not what the name of the column says' },
} as const;

function columnNotes({ fields, headers, leftOut = [] }: ColumnMapping): ListNote[] {
  const name = (index: number) => headers[index] || `#${index + 1}`;
  const notes: ListNote[] = [];
  for (const [field, { columns, found }] of Object.entries(fields)) {
    if (found !== 'values') continue;
    const named = columns.map(name);
    notes.push({
      code: 'recognised-by-values',
      columns: named,
      text: `${quoted(named)} was taken for ${field} by what is in it. Map another column if that is wrong.`,
    });
  }
  for (const [why, { code, text }] of Object.entries(WHY)) {
    const columns = leftOut.filter((each) => each.why === why).map(({ column }) => name(column));
    if (columns.length === 0) continue;
    notes.push({
      code,
      columns,
      text: `${quoted(columns)} ${columns.length === 1 ? 'is' : 'are'} not used: ${text}.`,
    });
  }
  return notes;
}

function rowNotes({ shared = [] }: ColumnMapping, estimate: Job['estimate'], kind: Job['kind']): ListNote[] {
  const notes: ListNote[] = [];
  if (shared.length > 0) {
    notes.push({
      code: 'shared-address',
      count: shared.length,
      text: `${plural(shared.length, 'address', 'addresses')} (${shared.slice(0, 3).join(', ')}) ${shared.length === 1 ? 'stands' : 'stand'} beside different names: those people are asked for by name and company.`,
    });
  }
  notes.push(...nameNotes(estimate));
  if (estimate.rows > 0 && estimate.skipped === estimate.rows) {
    const needed =
      kind === 'companies'
        ? 'a domain, a LinkedIn page or a company name'
        : 'an e-mail, a LinkedIn profile, or a whole name with a company';
    notes.push({
      code: 'nobody-identified',
      text: `No row can be looked up: each needs ${needed}. Check which column was taken for what.`,
    });
  } else if (estimate.skipped > 0) {
    notes.push({
      code: 'nothing-to-identify',
      count: estimate.skipped,
      text: `${plural(estimate.skipped, 'row')} ${estimate.skipped === 1 ? 'is' : 'are'} skipped: nothing in ${estimate.skipped === 1 ? 'it' : 'them'} says who is meant, or the person asked to be forgotten.`,
    });
  }
  return notes;
}

const LEFT_OUT: Readonly<Record<keyof NonNullable<Job['estimate']['leftOutOfNames']>['why'], string>> = {
  title: 'a title',
  degree: 'a degree',
  generation: 'Jr., Sr. or a number, which is compared',
  pronouns: 'pronouns',
  'in-brackets': 'what stands in brackets or quotes',
  'employer-or-place': 'an employer, a job or a place',
  'no-name': 'a cell that holds no name',
  other: 'words that belong to no name',
};

function nameNotes({ leftOutOfNames, possibleDuplicates }: Job['estimate']): ListNote[] {
  const notes: ListNote[] = [];
  if (leftOutOfNames) {
    const { rows, why, example } = leftOutOfNames;
    const parts = Object.entries(why).map(
      ([reason, times]) => `${LEFT_OUT[reason as keyof typeof LEFT_OUT]} (${count(times)})`,
    );
    const sent = example.sent === '' ? 'no name is sent' : `"${example.sent}" is sent`;
    notes.push({
      code: 'left-out-of-names',
      count: rows,
      text: `In ${plural(rows, 'row')} a part of the name's cell is not sent: ${parts.join(', ')}. For example, ${sent} without "${example.leftOut}".`,
    });
  }
  if (possibleDuplicates) {
    const { rows, example } = possibleDuplicates;
    notes.push({
      code: 'possible-duplicates',
      count: rows,
      text: `${plural(rows, 'row')} may be about the person of an earlier row (${example.map((name) => `"${name}"`).join(' and ')} at one employer), and ${rows === 1 ? 'is' : 'are'} looked up each. Remove one row of each pair if they are one person.`,
    });
  }
  return notes;
}

function quoted(columns: readonly string[]): string {
  const shown = columns.slice(0, 6).map((column) => `"${column}"`);
  return columns.length > 6 ? `${shown.join(', ')} and ${columns.length - 6} more` : shown.join(', ');
}

/** What is known of a list beside its rows, as JSON. Rows are counted from 1. */
export function listDocument(file: LeadFileInfo): object {
  const { above, delimiter, encoding, format, hasHeader, headerRow, leftOut, sheet, sheets } = file;
  return {
    format,
    encoding: format === 'xlsx' ? null : encoding,
    delimiter: delimiter ?? null,
    sheet: sheet?.name ?? null,
    sheets: sheets?.map(({ name }) => name) ?? [],
    headerRow: hasHeader && headerRow > 0 ? headerRow : null,
    above,
    leftOut,
  };
}

/** Which columns were taken for what: headers by field. */
export function mappingDocument({ fields, headers }: ColumnMapping): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, { columns }]) => [
      field,
      columns.map((index) => headers[index]?.trim() ?? ''),
    ]),
  );
}

/** How each field's columns were recognised. */
export function foundDocument({ fields }: ColumnMapping): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([field, { found }]) => [field, found]));
}
