import { Command, CommanderError } from 'commander';
import { nearestTo } from '../nearest.ts';
import { version } from '../version.ts';
import { addCancel } from './commands/cancel.ts';
import { addClear } from './commands/clear.ts';
import { addConnect } from './commands/connect.ts';
import { addCredits } from './commands/credits.ts';
import { addDisconnect } from './commands/disconnect.ts';
import { addEnrich } from './commands/enrich.ts';
import { addEstimate } from './commands/estimate.ts';
import { addFill } from './commands/fill.ts';
import { addForget } from './commands/forget.ts';
import { addJobs } from './commands/jobs.ts';
import { addMoveStore } from './commands/move-store.ts';
import { addReplace } from './commands/replace.ts';
import { addResume } from './commands/resume.ts';
import { addRotateKeys } from './commands/rotate-keys.ts';
import { addServe } from './commands/serve.ts';
import { addSlots } from './commands/slots.ts';
import { addStatus } from './commands/status.ts';
import { addToken } from './commands/token.ts';
import { failureOf, UsageError } from './failure.ts';
import { Output } from './output.ts';

/** In the order in which `--help` lists them. */
const COMMANDS = [
  addConnect,
  addSlots,
  addDisconnect,
  addReplace,
  addEstimate,
  addEnrich,
  addJobs,
  addStatus,
  addResume,
  addCancel,
  addCredits,
  addForget,
  addToken,
  addServe,
  addFill,
  addClear,
  addRotateKeys,
  addMoveStore,
];

const EXAMPLES = `
Examples:
  $ printf %s "$KEY" | npx connectionsphere connect --label "Sales EU"
  $ npx connectionsphere estimate leads.csv
  $ npx connectionsphere enrich leads.csv

Exit codes: 0 success, 2 wrong usage or input, 1 anything else.`;

/** Runs a command line without the program's name; gives its exit code. Everything is said by then. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = failureOf(error);
    new Output(args.includes('--json')).failure(failure);
    return failure.exitCode;
  }
}

function buildProgram(): Command {
  const program = new Command('connectionsphere')
    .usage('<command> [options]')
    .description('Enriches lead lists over up to four Apollo keys.')
    .version(version())
    .option('--json', 'one JSON document on standard output, and nothing else there')
    .option('--workspace <name>', 'whose slots and lists', 'default')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  for (const add of COMMANDS) add(program);
  program
    .command('help')
    .description('say what a command does, or list all of them')
    .argument('[command]')
    .action((name?: string) => {
      const about = name === undefined ? program : program.commands.find((each) => each.name() === name);
      if (!about) throw new UsageError(wrongCommand(name, program));
      about.outputHelp();
    });
  program
    .argument('[command]')
    .allowExcessArguments()
    .action((name?: string) => {
      if (name !== undefined || program.opts().json) throw new UsageError(wrongCommand(name, program));
      program.outputHelp({ error: true });
      process.exitCode = 2;
    });
  return program;
}

/** What was typed is repeated only where it cannot be a key. */
function wrongCommand(typed: string | undefined, program: Command): string {
  const names = program.commands.map((command) => command.name());
  const all = `There are: ${names.join(', ')}.`;
  if (typed === undefined) return `No command was given. ${all}`;
  if (!/^[a-z-]{1,20}$/.test(typed)) return `That is no command. ${all}`;
  const meant = nearestTo(typed, names);
  return `There is no command "${typed}". ${meant === undefined ? all : `Did you mean "${meant}"?`}`;
}
