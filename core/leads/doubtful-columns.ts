/** Columns by which a list may be one of people, though no person was recognised in it. */
import {
  type ColumnValues,
  looksLikeWholeName,
  looksLikeWordOfName,
  looksLikeWordsOfName,
  namesFirm,
  namesPerson,
} from './column-values.ts';
import type { Column, ColumnMapping, MappedField } from './columns.ts';
import { isUnknown, readHeader } from './header-words.ts';

/** Which of the columns that no field uses look like people, by index. */
export function doubtfulColumns(unused: readonly Column[]): number[] {
  return unused
    .filter((column, at) => looksLikePeople(column) || looksLikePart(column, unused[at - 1], unused[at + 1]))
    .map(({ index }) => index);
}

/**
 * The mapping of a list that its sender says is one of people, with the columns that look like names as their names;
 * `undefined`: none does.
 */
export function withDoubtfulNames(mapping: ColumnMapping): ColumnMapping | undefined {
  const { doubtful = [], headers, unused, ...rest } = mapping;
  const [one, other] = doubtful.filter((index) => readHeader(headers[index] ?? '').kind !== 'about');
  if (one === undefined) return undefined;
  const inColumn = (column: number): MappedField => ({ columns: [column], found: 'values' });
  const isPair = other === one + 1;
  const names = isPair ? { first_name: inColumn(one), last_name: inColumn(other) } : { name: inColumn(one) };
  const used = isPair ? [one, other] : [one];
  return {
    ...rest,
    headers,
    fields: { ...mapping.fields, ...names },
    unused: unused.filter((index) => !used.includes(index)),
  };
}

/** Headers of people at other companies. Who is called an owner or a representative otherwise keeps the record. */
const OUTSIDE = /\b(?:partner|vendor|supplier|reseller|agent|recruiter)\b|^руководитель/iu;
/** Fewer do not tell the owners of firms from those of records. */
const FEWEST_OWNERS = 3;

/** Whether a column that no field uses says that the list is one of people: their jobs, or perhaps their names. */
function looksLikePeople({ header, meaning, values }: Column): boolean {
  if (meaning.kind === 'about') return meaning.subject === 'person' && values.filled > 0;
  // "Partner" and "Owner" of a firm each, other than those of the records, who are few.
  if (meaning.kind === 'elsewhere') {
    const isOutside = OUTSIDE.test(header) || values.filled >= FEWEST_OWNERS;
    return isOutside && values.distinct > 1 && isEachOnes(values) && values.shareWhere(namesPerson) >= 0.5;
  }
  if (!isUnknown(meaning)) return false;
  if (values.shareWhere(namesFirm) >= 0.2) return false;
  const likeNames = Math.max(values.shareWhere(looksLikeWholeName), values.shareWhere(looksLikeWordsOfName));
  return values.shareWhere(namesPerson) >= 0.2 || (likeNames >= 0.6 && isEachOnes(values));
}

/** Whether hardly a value is there twice. */
function isEachOnes({ distinct, filled }: ColumnValues): boolean {
  return distinct >= filled * 0.9;
}

/** Whether a column may be a first or last name in words that nobody knows: one word each, beside another such column. */
function looksLikePart(column: Column, ...beside: readonly (Column | undefined)[]): boolean {
  return (
    isWordColumn(column) &&
    beside.some((other) => other && Math.abs(other.index - column.index) === 1 && isWordColumn(other))
  );
}

function isWordColumn({ meaning, values }: Column): boolean {
  if (!isUnknown(meaning)) return false;
  return values.shareWhere(looksLikeWordOfName) > 0.8 && values.distinct * 2 > values.filled;
}
