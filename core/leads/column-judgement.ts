import type { Column } from './columns.ts';
import { businessDomain } from './domain.ts';
import { isUnknown } from './header-words.ts';
import type { LeadField } from './lead.ts';
import { linkedinPage } from './linkedin.ts';

/** Why a column identifies nobody. */
export type Verdict = 'nobody' | 'platform';

/** Fewer rows prove nothing against a column that has no better one beside it. */
const PROOF = 5;
/** Columns of addresses that one is compared with: more tell nothing new, and each is compared with each. */
export const ADDRESS_COLUMNS = 5;
/** One value in so many of the filled cells is one value in nearly all. */
const NEARLY_ALL = 0.9;

type ColumnsOf = (field: LeadField) => readonly Column[];

/**
 * Columns that look like a field cell by cell, and as a list do not: the seller's own address in each row, links
 * to records on one host, the organiser where an employer is expected. By index.
 */
export function judged(columnsOf: ColumnsOf): Map<number, Verdict> {
  const verdicts = new Map<number, Verdict>();
  const people = signatures(
    ['name', 'first_name', 'last_name'].flatMap((field) => columnsOf(field as LeadField)),
  );
  for (const field of ['email', 'linkedin_url'] as const) {
    const columns = columnsOf(field);
    for (const column of columns) {
      const others = [...people, ...signatures(otherAddresses(columnsOf, column))];
      const spread = spreadOf(column.values.cells);
      const enough = columns.length > 1 ? 2 : PROOF;
      if (spread.filled >= enough && isOneFor(spread, column, others)) verdicts.set(column.index, 'nobody');
    }
  }
  judgeNames(columnsOf, verdicts);
  judgeEmployers(columnsOf, verdicts);
  return verdicts;
}

interface Spread {
  readonly filled: number;
  readonly distinct: number;
  /** The share of the value that is there most often. */
  readonly top: number;
}

function spreadOf(cells: readonly (string | undefined)[]): Spread {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    if (cell !== undefined) counts.set(cell.toLowerCase(), (counts.get(cell.toLowerCase()) ?? 0) + 1);
  }
  const filled = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { filled, distinct: counts.size, top: Math.max(0, ...counts.values()) / Math.max(1, filled) };
}

/** Whether a column has few values where the others show many people. */
function isOneFor({ distinct, filled, top }: Spread, column: Column, others: readonly Cells[]): boolean {
  const beside = Math.max(0, ...others.map((cells) => distinctBeside(column, cells)));
  if (beside < 2 || beside < filled * 0.5) return false;
  return top >= NEARLY_ALL || (filled >= PROOF * 2 && beside >= distinct * 4);
}

type Cells = readonly (string | undefined)[];

/** How many different values stand beside the filled cells of a column. */
function distinctBeside({ values }: Column, cells: Cells): number {
  const found = new Set<string>();
  for (const [row, own] of values.cells.entries()) {
    const other = cells[row];
    if (own !== undefined && other !== undefined) found.add(other.toLowerCase());
  }
  return found.size;
}

/** What the columns say of each row together, so that first and last name are one. */
function signatures(columns: readonly Column[]): Cells[] {
  const [first, ...rest] = columns;
  if (first === undefined) return [];
  return [
    first.values.cells.map((cell, row) => {
      const parts = [cell, ...rest.map(({ values }) => values.cells[row])].filter(
        (part) => part !== undefined,
      );
      return parts.length === 0 ? undefined : parts.join('\n');
    }),
  ];
}

function otherAddresses(columnsOf: ColumnsOf, column: Column): Column[] {
  return [...columnsOf('email'), ...columnsOf('linkedin_url')]
    .filter(({ index }) => index !== column.index)
    .slice(0, ADDRESS_COLUMNS);
}

/** One name in all rows of other addresses is a list's owner. */
function judgeNames(columnsOf: ColumnsOf, verdicts: Map<number, Verdict>): void {
  const addresses = [...columnsOf('email'), ...columnsOf('linkedin_url')]
    .filter(({ index }) => !verdicts.has(index))
    .map(({ values }) => values.cells);
  const parts = [...columnsOf('first_name'), ...columnsOf('last_name')];
  const groups = [...columnsOf('name').map((column) => [column]), ...(parts.length > 1 ? [parts] : [])];
  for (const group of groups) {
    const isOne = group.every((column) => {
      const spread = spreadOf(column.values.cells);
      return spread.filled >= PROOF && spread.top >= NEARLY_ALL && isOneFor(spread, column, addresses);
    });
    if (isOne) for (const { index } of group) verdicts.set(index, 'nobody');
  }
  judgeKeepers(columnsOf, verdicts);
}

/** Each of a few people beside many employers is who keeps them ("Gestor de cuenta"), where no header says who it is. */
function judgeKeepers(columnsOf: ColumnsOf, verdicts: Map<number, Verdict>): void {
  const employers = [...columnsOf('company'), ...columnsOf('domain')].map(({ values }) => values.cells);
  for (const column of columnsOf('name')) {
    const { filled, distinct } = spreadOf(column.values.cells);
    if (!isUnknown(column.meaning) || filled < PROOF || distinct * 3 > filled) continue;
    const beside = Math.max(0, ...employers.map((cells) => distinctBeside(column, cells)));
    if (beside >= filled * NEARLY_ALL) verdicts.set(column.index, 'nobody');
  }
}

function judgeEmployers(columnsOf: ColumnsOf, verdicts: Map<number, Verdict>): void {
  const companies = columnsOf('company').map(({ values }) => values.cells);
  const domains = columnsOf('email')
    .filter(({ index }) => !verdicts.has(index))
    .map(({ values }) => values.cells.map(emailDomain));
  for (const column of columnsOf('domain')) {
    const { cells } = column.values;
    const hosts = spreadOf(cells.map(host));
    if (hosts.filled < 2 || hosts.top < NEARLY_ALL) continue;
    const pages = spreadOf(cells.map(path));
    if (pages.filled >= hosts.filled * 0.5 && pages.distinct > 1 && pages.distinct >= pages.filled * 0.5) {
      verdicts.set(column.index, 'platform');
    } else if (hosts.filled >= PROOF && isOneFor(hosts, column, [...companies, ...domains])) {
      verdicts.set(column.index, 'nobody');
    }
  }
  for (const column of columnsOf('company')) {
    const spread = spreadOf(column.values.cells);
    if (spread.filled >= PROOF && spread.top >= NEARLY_ALL && isOneFor(spread, column, domains)) {
      verdicts.set(column.index, 'nobody');
    }
  }
}

function emailDomain(cell: string | undefined): string | undefined {
  const at = cell?.lastIndexOf('@') ?? -1;
  return cell === undefined || at === -1 ? undefined : businessDomain(cell.slice(at + 1));
}

const ADDRESS = /^(?:[a-z]+:\/\/)?(?:www\.)?([^/?#\s@]+)([^\s]*)$/i;

function host(cell: string | undefined): string | undefined {
  return cell === undefined || linkedinPage(cell) !== undefined ? undefined : ADDRESS.exec(cell)?.[1];
}

/** The path of an address, if it has one. */
function path(cell: string | undefined): string | undefined {
  const rest = cell === undefined ? undefined : ADDRESS.exec(cell)?.[2];
  return rest === undefined || rest.replace(/^[/?#]+/, '') === '' ? undefined : rest;
}
