import type { Log } from '../ports.ts';
import { redactFields, redactText } from './redaction.ts';

export { redactSecret } from './redaction.ts';

/** From the most to the least talkative; a log shows its level and those after it. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  /** Default: `info`. */
  readonly level?: LogLevel;
  /** Takes whole lines, each with its line feed. Default: standard error; standard output is for results. */
  readonly write?: (line: string) => void;
  /** One JSON object a line instead of lines for people. Default: unless standard error is a terminal. */
  readonly json?: boolean;
  /** Default: the machine's clock, ms since the epoch. */
  readonly now?: () => number;
}

/**
 * A log that blanks out secrets and people's data in messages and fields: known secrets (`redactSecret`),
 * fields named like one, anything that looks like a key, a Slack token, an e-mail address or a phone number.
 */
export function createLog(options: LogOptions = {}): Log {
  const {
    level = 'info',
    write = (line: string) => void process.stderr.write(line),
    json = !process.stderr.isTTY,
    now = Date.now,
  } = options;
  const format = json ? jsonLine : textLine;
  const logAt =
    (lineLevel: LogLevel) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      if (logLevels.indexOf(lineLevel) < logLevels.indexOf(level)) return;
      write(`${format(new Date(now()), lineLevel, redactText(message), redactFields(fields))}\n`);
    };
  return { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };
}

function jsonLine(time: Date, level: LogLevel, message: string, fields: Record<string, unknown>): string {
  return JSON.stringify({ ...fields, time, level, message });
}

function textLine(time: Date, level: LogLevel, message: string, fields: Record<string, unknown>): string {
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${fieldText(value)}`);
  // A line feed in a message would look like a line of its own.
  const oneLine = message.replace(/\s*[\r\n]+\s*/g, ' ⏎ ');
  const stacks = Object.values(fields).flatMap(stackLines);
  return `${time.toTimeString().slice(0, 8)} ${level.toUpperCase().padEnd(5)} ${oneLine}${shown.join('')}${stacks.join('')}`;
}

function fieldText(value: unknown): string {
  if (typeof value === 'string' && /^\S+$/.test(value)) return value;
  return JSON.stringify(isLoggedError(value) ? `${value.name}: ${value.message}` : value);
}

/** Where an error and its causes come from, on indented lines below the message. */
function stackLines(value: unknown): string[] {
  if (!isLoggedError(value)) return [];
  const frames = value.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  const cause = isLoggedError(value.cause)
    ? [`\n    caused by ${fieldText(value.cause)}`, ...stackLines(value.cause)]
    : [];
  return [...frames.map((line) => `\n    ${line.trim()}`), ...cause];
}

interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: unknown;
}

/** An error as the redaction leaves it. */
function isLoggedError(value: unknown): value is LoggedError {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value;
}
