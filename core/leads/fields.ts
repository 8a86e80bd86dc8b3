import { bearersIn, startsWithGivenName } from './column-values.ts';
import type { Column, ColumnMapping, LeftOutColumn, MappedField } from './columns.ts';
import { doubtfulColumns } from './doubtful-columns.ts';
import { type NameDetail, nameDetail } from './header-words.ts';
import { LEAD_FIELDS, type LeadField, PERSON_FIELDS } from './lead.ts';
import { isFamilyFirst } from './name-order.ts';

interface Found {
  readonly column: Column;
  readonly rank: number;
  readonly found: MappedField['found'];
}

/** A plain "Name" gives way to columns that say "full name". */
export const LAST_RANK = 10_000;

/** So many rows, and given names in so many of their cells, prove that the header above them is wrong. */
const TURNED_ROWS = 5;
const TURNED = 0.6;

/** The fields found so far. A column serves one field. */
export class Fields {
  readonly #found = new Map<LeadField, Found[]>();
  readonly #taken = new Set<number>();

  /** Whether some column is the field. */
  has(field: LeadField): boolean {
    return (this.#found.get(field)?.length ?? 0) > 0;
  }

  /** Whether an override named the field's columns. */
  isFixed(field: LeadField): boolean {
    return this.#found.get(field)?.[0]?.found === 'override';
  }

  /** Whether no field has the column. */
  isFree(column: Column): boolean {
    return !this.#taken.has(column.index);
  }

  /** What an override names stands alone. */
  fix(field: LeadField, columns: readonly Column[]): void {
    for (const column of columns) this.#add(field, { column, rank: 0, found: 'override' });
  }

  /** Takes the column for the field, unless another field has it or an override named others; the lower rank is preferred. */
  offer(field: LeadField, column: Column, found: 'header' | 'values', rank = 0): void {
    if (this.isFree(column) && !this.isFixed(field)) this.#add(field, { column, rank, found });
  }

  /** The field's columns, in the order in which they were found. */
  columns(field: LeadField): readonly Column[] {
    return (this.#found.get(field) ?? []).map(({ column }) => column);
  }

  /** The same, the best by its header first. */
  ranked(field: LeadField): readonly Column[] {
    if (this.isFixed(field)) return [];
    const found = this.#found.get(field) ?? [];
    return found.toSorted((a, b) => a.rank - b.rank).map(({ column }) => column);
  }

  /** The field's columns; none where an override named them. */
  inferred(field: LeadField): readonly Column[] {
    return this.isFixed(field) ? [] : this.columns(field);
  }

  /** Takes a column back from its field. */
  drop(index: number): void {
    this.#taken.delete(index);
    for (const [field, list] of this.#found) {
      this.#found.set(
        field,
        list.filter(({ column }) => column.index !== index),
      );
    }
  }

  #add(field: LeadField, found: Found): void {
    const list = this.#found.get(field);
    if (list === undefined) this.#found.set(field, [found]);
    else list.push(found);
    this.#taken.add(found.column.index);
  }

  /** Where the headers of first and last name stand above each other's columns, as their cells show. */
  turnNames(): void {
    const [first, ...moreFirst] = this.#found.get('first_name') ?? [];
    const [last, ...moreLast] = this.#found.get('last_name') ?? [];
    if (!first || !last || moreFirst.length + moreLast.length > 0) return;
    if (first.found === 'override' || last.found === 'override') return;
    const given = ({ column: { values } }: Found) => values.shareWhere(startsWithGivenName);
    const isTurned =
      last.column.values.filled >= TURNED_ROWS && given(last) >= TURNED && given(first) * 5 <= given(last);
    if (!isTurned) return;
    this.#found.set('first_name', [{ ...last, found: 'values' }]);
    this.#found.set('last_name', [{ ...first, found: 'values' }]);
  }

  /** Columns of middle names and the like, where they stand beside a name. */
  #nameDetails(
    columns: readonly Column[],
    leftOut: ReadonlyMap<number, LeftOutColumn['why']>,
  ): ColumnMapping['nameDetails'] {
    if (!this.has('last_name') && !this.has('name')) return undefined;
    const details: Partial<Record<NameDetail, number>> = {};
    for (const column of columns) {
      const detail = nameDetail(column.header);
      if (detail !== undefined && this.isFree(column) && !leftOut.has(column.index))
        details[detail] ??= column.index;
    }
    return Object.keys(details).length > 0 ? details : undefined;
  }

  /** Of several columns of e-mails, those that name who is in the row come before those that name nobody there. */
  #rankEmails(): void {
    const emails = this.#found.get('email') ?? [];
    const names = [...this.columns('name'), ...this.columns('last_name')];
    if (emails.length < 2 || emails[0]?.found === 'override' || names.length === 0) return;
    const naming = new Set(emails.filter(({ column }) => bearersIn(names, column.values) > 0.5));
    if (naming.size === 0) return;
    this.#found.set(
      'email',
      emails.map((found) => (naming.has(found) ? found : { ...found, rank: found.rank + LAST_RANK })),
    );
  }

  #familyFirst(): ColumnMapping['familyFirst'] {
    const orders = this.columns('name').map(({ header, values }) => isFamilyFirst(header, values.cells));
    if (orders.length === 0 || orders.includes(false)) return undefined;
    return orders.includes('perhaps') ? 'perhaps' : true;
  }

  /** The mapping of a list with these headers and columns. */
  mapping(
    headers: readonly string[],
    columns: readonly Column[],
    leftOut: ReadonlyMap<number, LeftOutColumn['why']>,
  ): ColumnMapping {
    const fields: Partial<Record<LeadField, MappedField>> = {};
    this.#rankEmails();
    for (const field of LEAD_FIELDS) {
      const list = this.#found
        .get(field)
        ?.toSorted(
          (a, b) =>
            emptiness(field, a) - emptiness(field, b) || a.rank - b.rank || a.column.index - b.column.index,
        );
      const [best] = list ?? [];
      if (list === undefined || best === undefined) continue;
      fields[field] = { columns: list.map(({ column }) => column.index), found: best.found };
    }
    const nameDetails = this.#nameDetails(columns, leftOut);
    const familyFirst = this.#familyFirst();
    const unused = columns.filter((column) => this.isFree(column) && column.index !== nameDetails?.particle);
    const left = [...leftOut].filter(([index]) => !this.#taken.has(index));
    const doubtful = PERSON_FIELDS.some((field) => this.has(field)) ? [] : doubtfulColumns(unused);
    return {
      headers: [...headers],
      fields,
      unused: unused.map(({ index }) => index),
      ...(left.length > 0 && { leftOut: left.map(([column, why]) => ({ column, why })) }),
      ...(nameDetails && { nameDetails }),
      ...(familyFirst && { familyFirst }),
      ...(doubtful.length > 0 && { doubtful }),
    };
  }
}

/** 1 for a column whose sample holds nothing that the field can use, so that it comes last. */
function emptiness(field: LeadField, { column: { values } }: Found): 0 | 1 {
  if (field === 'linkedin_url') return values.share('person-page') > 0 ? 0 : 1;
  return values.filled > 0 ? 0 : 1;
}
