import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Preset } from '@connectionsphere/core';
import type { ListSource, Writing } from '../list-file.ts';
import { UsageError } from './usage-error.ts';

/** What the command line remembers of a list. */
export interface OwnListSource extends ListSource {
  /** Where the enriched list goes, absolute. */
  readonly out?: string;
  /** The tool that it is written for. */
  readonly preset?: Preset;
  /** False: cells are written as they are, formulas too. */
  readonly guard?: false;
}

/** Where the enriched list goes unless somebody says otherwise: beside the list, never over a file. */
export function defaultOut(list: string, preset?: Preset): string {
  const { dir, name, ext } = path.parse(path.resolve(list));
  const ending = preset === undefined && /^\.xls[xm]$/i.test(ext) ? '.xlsx' : '.csv';
  for (let number = 1; ; number += 1) {
    const out = path.join(dir, `${name}-${preset ?? 'enriched'}${number === 1 ? '' : `-${number}`}${ending}`);
    if (!existsSync(out)) return out;
  }
}

/**
 * What a file of this name holds.
 * @throws {UsageError} for an ending that promises something else.
 */
export function writingTo(out: string): Pick<Writing, 'format' | 'delimiter'> {
  switch (path.extname(out).toLowerCase()) {
    case '.xlsx':
      return { format: 'xlsx' };
    case '.tsv':
      return { format: 'csv', delimiter: '\t' };
    case '':
    case '.csv':
    case '.txt':
      return { format: 'csv' };
    default:
      throw new UsageError(
        `${out}: the enriched list is written as CSV or as an Excel file. Choose a name that ends in .csv, .tsv or .xlsx.`,
      );
  }
}

/**
 * Checks, before anything is spent, that the enriched list can go there.
 * @throws {UsageError} if its ending promises something else, its folder is missing, if it is a folder, or if it is the list itself.
 */
export function checkedOut(out: string, list?: string): string {
  const target = path.resolve(out);
  writingTo(out);
  if (list !== undefined && existsSync(target) && sameFile(target, list)) {
    throw new UsageError(
      `${out} is the list itself. Choose another --out, so that your list stays as it is.`,
    );
  }
  if (existsSync(target) && statSync(target).isDirectory()) {
    throw new UsageError(
      `${out} is a folder. Add a file name, as in --out ${path.join(out, 'enriched.csv')}.`,
    );
  }
  if (!existsSync(path.dirname(target))) {
    throw new UsageError(`The folder of ${out} does not exist. Make it, or choose another --out.`);
  }
  return target;
}

function sameFile(a: string, b: string): boolean {
  if (!existsSync(b)) return false;
  const [one, other] = [statSync(a), statSync(b)];
  return one.dev === other.dev && one.ino === other.ino;
}
