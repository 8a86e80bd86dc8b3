import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Done } from '../task.ts';
import type { Detail, Match } from './apollo.ts';

/** A row of the list, and Apollo's answer once there is one; `null`: Apollo does not know the person. */
export interface Row {
  readonly cells: Readonly<Record<string, string>>;
  readonly detail: Detail;
  match?: Match | null;
  failed?: boolean;
}

/** Reads a list as the strategies other than ours do: all of it, with the usual library. */
export async function readRows(file: string): Promise<Row[]> {
  const all = parse(await readFile(file, 'utf8'), { columns: true }) as Record<string, string>[];
  return all.map((cells) => ({
    cells,
    detail: {
      first_name: cells['First Name'] ?? '',
      last_name: cells['Last Name'] ?? '',
      organization_name: cells.Company ?? '',
      domain: cells.Website ?? '',
      ...(cells['LinkedIn URL'] && { linkedin_url: cells['LinkedIn URL'] }),
    },
  }));
}

/** Writes the rows with what was found beside them. */
export async function writeRows(file: string, rows: readonly Row[]): Promise<Done> {
  const lines = rows.map(({ cells, match, failed }) => ({
    ...cells,
    outcome: match ? 'matched' : match === null ? 'unmatched' : failed ? 'failed' : '',
    email: match?.email ?? '',
    email_status: match?.email_status ?? '',
    title: match?.title ?? '',
    linkedin: match?.linkedin_url ?? '',
    city: match?.city ?? '',
    country: match?.country ?? '',
    company: match?.organization?.name ?? '',
    company_domain: match?.organization?.primary_domain ?? '',
    industry: match?.organization?.industry ?? '',
    employees: match?.organization?.estimated_num_employees ?? '',
  }));
  await writeFile(file, stringify(lines, { header: true }));
  return {
    answered: rows.filter(({ match }) => match !== undefined).length,
    failed: rows.filter(({ match, failed }) => match === undefined && failed).length,
  };
}

/** Rows by ten. */
export function tens(rows: readonly Row[]): Row[][] {
  const batches: Row[][] = [];
  for (let at = 0; at < rows.length; at += 10) batches.push(rows.slice(at, at + 10));
  return batches;
}

/**
 * The rows to ask for, each person once as far as the LinkedIn address (or, without one, name and company)
 * tells, and a function that gives the others the answer of theirs.
 */
export function distinct(rows: readonly Row[]): { ask: Row[]; share: () => void } {
  const firsts = new Map<string, Row>();
  const others: [Row, Row][] = [];
  for (const row of rows) {
    const { linkedin_url: url, first_name: first, last_name: last, organization_name: company } = row.detail;
    const key = (url ?? `${first} ${last} ${company}`).trim().toLowerCase();
    const same = firsts.get(key);
    if (same) others.push([row, same]);
    else firsts.set(key, row);
  }
  return {
    ask: [...firsts.values()],
    share: () => {
      for (const [row, { match, failed }] of others) {
        if (match !== undefined) row.match = match;
        if (failed) row.failed = failed;
      }
    },
  };
}
