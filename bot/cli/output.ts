import { stripVTControlCharacters, styleText } from 'node:util';
import Table from 'cli-table3';
import type { Failure } from './failure.ts';

/**
 * Where a command's words go. With `--json` exactly one document goes to standard output and everything for
 * people to standard error; otherwise people read standard output.
 */
export class Output {
  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  /** What the command gives in the end. */
  result(document: object, text: string): void {
    if (this.#json) process.stdout.write(`${JSON.stringify(document)}\n`);
    else process.stdout.write(`${text}\n`);
  }

  /** What people should read before the end. */
  say(text: string): void {
    (this.#json ? process.stderr : process.stdout).write(`${text}\n`);
  }

  failure({ code, message }: Failure): void {
    if (this.#json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    else process.stderr.write(`${styleText('red', message, { stream: process.stderr })}\n`);
  }
}

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** `text` in a style, where standard output is a terminal that has it. */
export function styled(style: Style, text: string): string {
  return styleText(style, text);
}

const NO_LINES = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((name) => [name, '']),
);

/** Columns without lines, for terminals and logs alike. `numbers`: indexes of columns to align right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string {
  const lines = new Table({
    head: head.map((name) => styled('bold', name)),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: head.map((_, index) => (numbers.includes(index) ? 'right' : 'left')),
  });
  for (const row of rows) lines.push([...row]);
  return trimmed(lines.toString());
}

/** Names and values, one pair a line. */
export function facts(pairs: readonly (readonly [name: string, value: string])[]): string {
  const lines = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  for (const [name, value] of pairs) lines.push([styled('dim', name), value]);
  return trimmed(lines.toString());
}

function trimmed(text: string): string {
  return text.replace(/ +$/gm, '');
}

/** Text from a list, fit for a terminal: one line without control characters, at most `width` characters. */
export function oneLine(text: string, width: number): string {
  const clean = stripVTControlCharacters(text)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  const characters = [...clean];
  return characters.length <= width ? clean : `${characters.slice(0, width - 1).join('')}…`;
}
