/** What may stand before a formula without disarming it: white space, quotes, invisible characters. */
const LEAD_IN = /^[\s"\p{Cc}\p{Cf}]+/u;
const FORMULA_STARTS = new Set('=+-@＝＋－＠');
/** `+49 (0) 30-123`, `-12.5`, `-1.234,56`, `+1 415 555 0100 ext. 12`, `-5 %`, a lone `-`: no letters, no formula. */
const NUMBER_OR_PHONE = /^[+-]?[\d\s().,/'’·-]*(?:\d\s*%|\d[eE][+-]?\d+|\d\s*(?:x|ext\.?)\s*\d{1,6})?$/;
/** Control characters that a spreadsheet skips at the start of a cell (OWASP: tab, carriage return, line feed). */
const CONTROL_STARTS = new Set('\t\r\n');

/**
 * A cell that a spreadsheet will show and not execute: where it would take the text for a formula (OWASP,
 * "CSV Injection"), an apostrophe goes before it. Phone numbers and negative numbers stay as they are. Safe
 * text stays safe: applying it twice changes nothing more.
 */
export function safeCell(text: string): string {
  const first = text.charCodeAt(0);
  // Letters and digits of every script cannot start a formula; most cells end here.
  if (first >= 48 && first <= 57) return text;
  if (first >= 65 && first <= 90) return text;
  if (first >= 97 && first <= 122) return text;
  if (text === '' || text.startsWith("'")) return text;
  const bare = text.replace(LEAD_IN, '');
  if (FORMULA_STARTS.has(bare.charAt(0)) && !NUMBER_OR_PHONE.test(bare.trimEnd())) return `'${text}`;
  if (CONTROL_STARTS.has(text.charAt(0))) return `'${text}`;
  return text;
}
