import type { RawLead } from './lead.ts';
import { type PersonName, STANDS_IN_BRACKETS, wordKind } from './person-name.ts';
import { unspoilt } from './spoilt-text.ts';
import { SEPARATED_WORK } from './work-behind-name.ts';

/** Why a part of a cell with a name is not sent as the name. */
export type LeftOutOfName =
  | 'title'
  | 'degree'
  | 'generation'
  | 'pronouns'
  | 'in-brackets'
  | 'employer-or-place'
  | 'no-name'
  | 'other';

/** A part of a cell that is not sent, as it stands there. */
export interface NamePart {
  readonly text: string;
  readonly why: LeftOutOfName;
}

export const NAME_FIELDS = ['first_name', 'last_name', 'name'] as const;
/** A word with the marks inside it, as far as a name may be cut there. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const PRONOUN =
  /^(?:she|he|they|her|him|them|hers|his|theirs|sie|er|ihr|ihm|elle|il|lui|ella|él|ela|ele|dela|dele)$/i;

/**
 * What of the cells with a name is in no part of the name that is sent: every letter of a cell is in one or the other.
 * @param employer what of them is sent as the company.
 */
export function leftOutOfName(raw: RawLead, name: PersonName, employer = ''): NamePart[] {
  const parts: NamePart[] = [];
  for (const field of NAME_FIELDS) {
    const cell = raw[field];
    if (!cell || cell === name.firstName || cell === name.lastName) continue;
    const sent = `${name.firstName ?? ''} ${name.lastName ?? ''} ${name.name ?? ''} ${employer}`.trim();
    if (cell !== sent) parts.push(...leftOutOf(cell, sent));
  }
  return parts;
}

function leftOutOf(cell: string, sent: string): NamePart[] {
  const text = unspoilt(cell)
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '');
  const left = new Map<string, number>();
  for (const [word] of sent.normalize('NFKC').matchAll(WORD)) left.set(word, (left.get(word) ?? 0) + 1);
  if (left.size === 0) return /\p{L}/u.test(text) ? [{ text: text.trim(), why: 'no-name' }] : [];
  const parts: { start: number; end: number; why: LeftOutOfName }[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const times = left.get(word) ?? 0;
    left.set(word, times - 1);
    if (times > 0 || !/\p{L}/u.test(word)) continue;
    const why = reasonFor(text, word, index);
    const last = parts.at(-1);
    const isSame = last?.why === why && !/[\p{L}\p{N}]/u.test(text.slice(last.end, index));
    if (last && isSame) last.end = index + word.length;
    else parts.push({ start: index, end: index + word.length, why });
  }
  return parts.map(({ start, end, why }) => ({ text: text.slice(start, end), why }));
}

function reasonFor(text: string, word: string, index: number): LeftOutOfName {
  const before = text.slice(0, index);
  const after = text.slice(index + word.length);
  if (PRONOUN.test(word) && (/\/\s*$/.test(before) || /^\s*\//.test(after))) return 'pronouns';
  if (STANDS_IN_BRACKETS.test(before)) return 'in-brackets';
  const kind = wordKind(dotted(text, index));
  if (kind !== undefined) return kind;
  return SEPARATED_WORK.test(`${before}${word} `) ? 'employer-or-place' : 'other';
}

/** The word with the stops and letters that belong to it: "M.Sc." around its "Sc". */
function dotted(text: string, index: number): string {
  const start = text.slice(0, index).search(/[^\s,;()[\]|]*$/);
  return /^[^\s,;()[\]|]*/.exec(text.slice(start))?.[0] ?? '';
}
