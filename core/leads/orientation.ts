/** Lists whose leads do not stand one below the other. */
import { namesColumn, namesField } from './header-words.ts';

type Row = readonly string[];

/**
 * Whether a list is written sideways, with its fields one below the other ("Name, Ada, Grace" above "Company, Contoso,
 * Cobol"), or as blocks of lines ("Name: Ada" above "Company: Contoso"). `whole`: all rows of the list.
 */
export function orientation(whole: readonly Row[]): 'sideways' | 'blocks' | undefined {
  const rows = whole
    .map((row) => row.map((cell) => cell.trim()))
    .filter((row) => row.some((cell) => cell !== ''));
  if (rows.length < 2) return undefined;
  const first = rows.map(([cell = '']) => cell);
  const labels = first.flatMap((cell) => /^([^:]{1,40}):(?!\/\/)/.exec(cell)?.[1] ?? []);
  const areAlone = rows.every((row) => row.filter((cell) => cell !== '').length === 1);
  if (areAlone && labels.filter(namesField).length * 2 >= rows.length && labels.length > 2) return 'blocks';
  const fields = new Set(first.filter(namesField));
  if (fields.size < 2 || first.filter(namesColumn).length * 3 < rows.length * 2) return undefined;
  const across = (rows[0] ?? []).slice(1).filter((cell) => cell !== '');
  return across.length > 0 && !across.some(namesColumn) ? 'sideways' : undefined;
}
