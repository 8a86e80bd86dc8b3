import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ListSource } from '../list-file.ts';
import { UsageError } from './usage-error.ts';

/** What the command line remembers of a list. */
export interface OwnListSource extends ListSource {
  /** Where the enriched list goes, absolute. */
  readonly out?: string;
}

/** Where the enriched list goes unless somebody says otherwise: beside the list, never over a file. */
export function defaultOut(list: string): string {
  const { dir, name } = path.parse(path.resolve(list));
  for (let number = 1; ; number += 1) {
    const out = path.join(dir, `${name}-enriched${number === 1 ? '' : `-${number}`}.csv`);
    if (!existsSync(out)) return out;
  }
}

/**
 * Checks, before anything is spent, that the enriched list can go there.
 * @throws {UsageError} if its folder is missing, if it is a folder, or if it is the list itself.
 */
export function checkedOut(out: string, list?: string): string {
  const target = path.resolve(out);
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
