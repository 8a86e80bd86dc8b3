import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from './usage-error.ts';

/** Readers of option and argument values; each throws with what is expected. */

/** The value is not repeated: somebody may have put a key there. */
export function slotNumber(text: string): number {
  if (/^[1-9]$/.test(text)) return Number(text);
  throw new UsageError('A slot is a number, such as 1. "./connectionsphere slots" lists them.');
}

/** Credits, 0 and fractions included. */
export function credits(text: string): number {
  return numberFrom(text, 'Expected credits as a number, such as 500.');
}

/** Credits, or `none` for no limit. */
export function creditLimit(text: string): number | 'none' {
  try {
    return text === 'none' ? text : credits(text);
  } catch {
    throw new InvalidArgumentError('Expected credits as a number, such as 5000, or "none".');
  }
}

/** Limits by slot, from an option like `2=500` that may be repeated. */
export function slotLimits(text: string, before: ReadonlyMap<number, number | 'none'> = new Map()) {
  const [slot = '', limit = ''] = text.split('=', 2);
  return new Map([...before, [slotNumber(slot), creditLimit(limit)]]);
}

/** Shares of limits in percent by slot, from an option like `2=50` that may be repeated. */
export function slotShares(text: string, before: ReadonlyMap<number, number> = new Map()) {
  const [slot = '', share = ''] = text.split('=', 2);
  const percent = /^(\d{1,3})%?$/.exec(share)?.[1];
  if (percent === undefined || Number(percent) < 1 || Number(percent) > 100) {
    throw new InvalidArgumentError('Expected a slot and a whole number of percent, such as 2=50.');
  }
  return new Map([...before, [slotNumber(slot), Number(percent)]]);
}

export function days(text: string): number {
  return numberFrom(text, 'Expected a number of days, such as 90.');
}

function numberFrom(text: string, expected: string): number {
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError(expected);
}

const KEY_ON_COMMAND_LINE =
  'A key does not belong on the command line: other programs and the history of your shell can read it there. Make a new key in Apollo, delete this one, and give the new one at the prompt or on standard input: printf %s "$KEY" | ./connectionsphere connect';

/** Refuses a key given as an argument or an option, wherever it stands, without repeating it. */
export function refuseKeyOnCommandLine(command: Command): Command {
  const refuse = () => {
    throw new UsageError(KEY_ON_COMMAND_LINE);
  };
  for (const flags of ['--key [key]', '--api-key [key]', '--apikey [key]', '--token [key]']) {
    command.addOption(new Option(flags).hideHelp().argParser(refuse).preset('').default(undefined));
  }
  return command.allowExcessArguments().hook('preAction', (_, action) => {
    if (action.args.length > action.registeredArguments.length) refuse();
  });
}
