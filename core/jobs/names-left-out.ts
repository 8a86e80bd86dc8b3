import { type ColumnMapping, type Lead, type LeftOutOfName, leftOutOfRow } from '../leads/index.ts';
import type { LeftOutOfNames } from './types.ts';

/** Counts the rows of a list of which a part of the name's cell is not sent. */
export class NamesLeftOut {
  readonly #why: Partial<Record<LeftOutOfName, number>> = {};
  #rows = 0;
  #example: LeftOutOfNames['example'] | undefined;

  add(row: readonly string[], mapping: ColumnMapping, lead: Lead): void {
    const parts = leftOutOfRow(row, mapping, lead);
    if (parts.length === 0) return;
    this.#rows += 1;
    for (const why of new Set(parts.map((part) => part.why))) this.#why[why] = (this.#why[why] ?? 0) + 1;
    this.#example ??= {
      sent: lead.name ?? [lead.firstName, lead.lastName].filter((part) => part !== undefined).join(' '),
      leftOut: parts.map(({ text }) => text).join(', '),
    };
  }

  /** `undefined`: nothing is left out of any name. */
  result(): LeftOutOfNames | undefined {
    return this.#example && { rows: this.#rows, why: this.#why, example: this.#example };
  }
}
