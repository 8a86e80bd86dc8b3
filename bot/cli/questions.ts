import { redactSecret } from '@connectionsphere/core/node';
import { Declined, UsageError } from './usage-error.ts';

/** Longer input is no key. */
const MOST_KEY_BYTES = 4096;
/** Questions stay out of standard output, which may be a file. */
const ASK_ON = { output: process.stderr };

/** Loaded only for a question: most commands ask none. */
const prompts = () => import('@inquirer/prompts');

/** Whether somebody is there to answer. */
function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** The key from a hidden prompt, or from standard input where that is no terminal. */
export async function askForKey(): Promise<string> {
  const key = isInteractive()
    ? await answered((await prompts()).password({ message: 'Apollo API key (hidden)', mask: '*' }, ASK_ON))
    : await readInput();
  if (key.trim() === '') {
    throw new UsageError(
      'There is no key on standard input. Give it like this: printf %s "$KEY" | ./connectionsphere connect',
    );
  }
  redactSecret(key.trim());
  return key.trim();
}

/**
 * Asks before something that cannot be taken back. Throws {@link Declined} on a no, and {@link UsageError}
 * where nobody is there to ask.
 */
export async function confirmed(question: string): Promise<void> {
  if (!isInteractive()) {
    throw new UsageError(
      `${question} There is no terminal to ask on. Give --yes to answer yes. Nothing was done.`,
    );
  }
  if (!(await answered((await prompts()).confirm({ message: question, default: false }, ASK_ON)))) {
    throw new Declined('Nothing was done.');
  }
}

/** As {@link confirmed}; where nobody is there to ask, the command itself is answer enough. */
export async function confirmedIfAsked(question: string): Promise<void> {
  if (isInteractive()) await confirmed(question);
}

/** Which of several somebody chooses, after having read what it is about; `undefined` where nobody is there to ask. */
export async function chosen<T extends string>(
  question: string,
  about: string,
  choices: readonly T[],
): Promise<T | undefined> {
  if (!isInteractive()) return undefined;
  process.stderr.write(`${about}\n`);
  const { select } = await prompts();
  return await answered(
    select<T>({ message: question, choices: choices.map((value) => ({ value })) }, ASK_ON),
  );
}

/** Ctrl-C at a question is a no. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  return await answer.catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Declined('Nothing was done.');
    throw error;
  });
}

async function readInput(): Promise<string> {
  if (process.stdin.isTTY) throw new UsageError('Give the key on standard input, or run this in a terminal.');
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin) {
    pieces.push(piece);
    size += piece.length;
    if (size > MOST_KEY_BYTES) throw new UsageError('Standard input is too long to be a key.');
  }
  return Buffer.concat(pieces).toString('utf8');
}
