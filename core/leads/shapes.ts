import { emailAddress } from './email.ts';
import { linkedinPage } from './linkedin.ts';

/** What a cell is by its form alone; `address`: of a page or site. */
export type Shape = 'blank' | 'email' | 'address' | 'number' | 'date' | 'text';

const NUMBER = /^[+-]?[\d\s().,/%$€£¥·-]*\d[\d\s().,/%$€£¥·-]*(?:ext\.? ?\d+)?$/;
const DATE =
  /^(?:\w{3,9},? )?(?:\d{1,4}[./ -]\w{3,9}\.?[./ -]\d{2,4}|\w{3,9} \d{1,2},? \d{4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(?:[ T,].{0,20})?$/;
const SITE = /^(?:https?:\/\/|www\.)\S+$/i;
/** A bare domain; `company.name`, a key in JSON, has an ending that is none of these. */
const BARE_DOMAIN =
  /^(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|ai|app|dev|eu|de|at|ch|fr|es|it|nl|be|pl|se|no|dk|fi|cz|hu|ro|pt|br|uk|us|ca|au|in|jp|cn|kr|tr|ru|ua|gr|ie|mx|is|ge|ir|lt|lv|ee|sk|si|hr|bg|rs|lu|li|il|sa|ae|th|vn|id|my|sg|hk|tw|nz|za|ng|ke|eg|ar|cl|pe|me|tv|info|biz|xyz|tech|cloud|online|shop|store|agency|digital|solutions|group|studio|example)(?:\/\S*)?$/i;

export function cellShape(cell: string): Shape {
  const text = cell.trim();
  if (text === '') return 'blank';
  if (text.length > 300) return 'text';
  if (text.includes('@') && emailAddress(text) !== undefined) return 'email';
  if (SITE.test(text) || BARE_DOMAIN.test(text) || linkedinPage(text) !== undefined) return 'address';
  if (NUMBER.test(text)) return /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/.test(text) ? 'date' : 'number';
  return DATE.test(text) && /\d/.test(text) ? 'date' : 'text';
}

/** Whether a form tells what a cell is. */
export function isTyped(shape: Shape): boolean {
  return shape !== 'text' && shape !== 'blank';
}

/** Texts of one pattern are written alike: as many words, and the same case. */
export function textPattern(text: string): string {
  const trimmed = text.trim();
  const words = trimmed.split(/\s+/).length;
  return `${caseOf(trimmed)}/${words === 1 ? 1 : words <= 4 ? 2 : 5}`;
}

function caseOf(text: string): string {
  const upper = text.toUpperCase();
  const lower = text.toLowerCase();
  if (upper === lower) return 'none';
  if (text === upper) return 'upper';
  if (text === lower) return 'lower';
  return /^\P{L}*\p{Lu}/u.test(text) ? 'title' : 'mixed';
}
