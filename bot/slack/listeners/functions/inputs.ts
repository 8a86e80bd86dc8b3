/**
 * The words of an input. Workflow Builder gives text as it is, or as rich text when a variable of another
 * step stands in it; whatever it is, a line of it is a line here.
 */
export function textIn(input: unknown): string {
  return wordsIn(input)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ *\n\s*/g, '\n')
    .trim();
}

/** Blocks of rich text that stand on lines of their own. */
const LINES = new Set(['rich_text_section', 'rich_text_quote', 'rich_text_preformatted']);

function wordsIn(node: unknown): string {
  if (typeof node === 'string') return node;
  if (typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(wordsIn).join('');
  if (typeof node !== 'object' || node === null) return '';
  const { type, elements, text, url } = node as Record<string, unknown>;
  if (elements !== undefined) return `${wordsIn(elements)}${LINES.has(String(type)) ? '\n' : ''}`;
  // Slack makes links of addresses: `mailto:ada@…`.
  if (type === 'link') return String(url).replace(/^mailto:/, '');
  return wordsIn(text);
}

/** As Slack makes them; a name in capitals has no digit. */
const FILE_ID = /^F(?=[A-Z]*\d)[A-Z0-9]{6,}$/;
const FILE_LINK = /^https?:\/\/\S+\/files(?:-pri)?\/\S*?\b(F[A-Z0-9]{6,})\b/;

/** The id of a file in Slack, from the id itself or a link to the file; `undefined` for other words. */
export function fileIn(words: string): string | undefined {
  return FILE_ID.exec(words)?.[0] ?? FILE_LINK.exec(words)?.[1];
}

/** Whether a yes-or-no input says yes. */
export function saysYes(input: unknown): boolean {
  return input === true || input === 'true';
}
