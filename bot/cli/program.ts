import { Command, CommanderError } from 'commander';
import { nearestTo } from '../nearest.ts';
import { version } from '../version.ts';
import { UsageError } from './usage-error.ts';

/** In the order in which `--help` lists them. A command's modules are loaded when it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  connect: async () => (await import('./commands/connect.ts')).addConnect,
  slots: async () => (await import('./commands/slots.ts')).addSlots,
  disconnect: async () => (await import('./commands/disconnect.ts')).addDisconnect,
  replace: async () => (await import('./commands/replace.ts')).addReplace,
  estimate: async () => (await import('./commands/estimate.ts')).addEstimate,
  enrich: async () => (await import('./commands/enrich.ts')).addEnrich,
  jobs: async () => (await import('./commands/jobs.ts')).addJobs,
  status: async () => (await import('./commands/status.ts')).addStatus,
  review: async () => (await import('./commands/review.ts')).addReview,
  results: async () => (await import('./commands/results.ts')).addResults,
  resume: async () => (await import('./commands/resume.ts')).addResume,
  cancel: async () => (await import('./commands/cancel.ts')).addCancel,
  schedule: async () => (await import('./commands/schedule.ts')).addSchedule,
  credits: async () => (await import('./commands/credits.ts')).addCredits,
  audit: async () => (await import('./commands/audit.ts')).addAudit,
  forget: async () => (await import('./commands/forget.ts')).addForget,
  'person-data': async () => (await import('./commands/person-data.ts')).addPersonData,
  token: async () => (await import('./commands/token.ts')).addToken,
  serve: async () => (await import('./commands/serve.ts')).addServe,
  open: async () => (await import('./commands/open.ts')).addOpen,
  fill: async () => (await import('./commands/fill.ts')).addFill,
  clear: async () => (await import('./commands/clear.ts')).addClear,
  'rotate-keys': async () => (await import('./commands/rotate-keys.ts')).addRotateKeys,
  backup: async () => (await import('./commands/backup.ts')).addBackup,
  restore: async () => (await import('./commands/restore.ts')).addRestore,
  'move-store': async () => (await import('./commands/move-store.ts')).addMoveStore,
};

const EXAMPLES = `
Examples:
  $ printf %s "$KEY" | ./connectionsphere connect --label "Sales EU"
  $ ./connectionsphere estimate leads.csv
  $ ./connectionsphere enrich leads.csv

Exit codes: 0 success, 2 wrong usage or input, 1 anything else.`;

/** Runs a command line without the program's name; gives its exit code. Everything is said by then. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    const program = await buildProgram(args);
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const [{ failureOf }, { Output }] = await Promise.all([import('./failure.ts'), import('./output.ts')]);
    const failure = failureOf(error);
    new Output(args.includes('--json')).failure(failure);
    return failure.exitCode;
  }
}

/** The program with the command that is called, or with all of them where none is: help lists them. */
async function buildProgram(args: readonly string[]): Promise<Command> {
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
  for (const load of args.includes('--version') ? [] : loadersFor(args)) (await load())(program);
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

/** The command is the first word that is no option and no option's value. */
function loadersFor(args: readonly string[]): readonly (() => Promise<(program: Command) => void>)[] {
  const word = args.find((arg, index) => !arg.startsWith('-') && args[index - 1] !== '--workspace');
  const called = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  return called ? [called] : Object.values(COMMANDS);
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
