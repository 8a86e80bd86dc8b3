import type { Fields } from './ports.ts';

/** Adding fractions leaves something behind; Apollo's credits have few decimals. */
const DECIMALS = 1e6;

/** The fields with `change` added; those that are 0 then are not there any more, `undefined` where none is left. */
export function addFields(before: Fields | undefined, change: Fields): Fields | undefined {
  const fields: Record<string, number> = { ...before };
  for (const [field, amount] of Object.entries(change)) {
    const sum = Math.round(((fields[field] ?? 0) + amount) * DECIMALS) / DECIMALS;
    if (sum === 0) delete fields[field];
    else fields[field] = sum;
  }
  return Object.keys(fields).length > 0 ? fields : undefined;
}
