import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_SCOPES, SCOPES, type Scope, type Token } from '../../api/tokens.ts';
import { moment } from '../../words.ts';
import { facts, type Output, oneLine, styled, table } from '../output.ts';
import { sessionOf } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface CreateFlags {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly days?: number;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 3650;

export function addToken(program: Command): void {
  const token = program.command('token').description('make, list and revoke tokens for the HTTP API');
  token
    .command('create')
    .description('make a token for the workspace; it is shown once')
    .option('--name <text>', 'what it is for', 'API token')
    .option('--scopes <list>', `of ${SCOPES.join(', ')}`, scopes, DEFAULT_SCOPES)
    .option('--days <number>', 'how long it is good for; without an end unless given', days)
    .action(async ({ name, scopes: wanted, days: lasts }: CreateFlags, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const made = await withCommands((commands) =>
        commands.createToken({
          workspace,
          name: oneLine(name, 60),
          scopes: wanted,
          ...(lasts !== undefined && { endsAt: Date.now() + lasts * DAY_MS }),
        }),
      );
      showMade(output, made);
    });
  token
    .command('roll')
    .description('make a new token in the place of one, which goes on for some days')
    .argument('<id>', 'of the token, as "token list" shows it')
    .option('--overlap <days>', 'how long the old one goes on; 0: it ends at once', overlap, 7)
    .action(async (id: string, { overlap: lasts }: { overlap: number }, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const rolled = await withCommands((commands) => commands.rollToken(workspace, id, lasts * DAY_MS));
      if (!rolled) throw noSuchToken();
      showMade(output, rolled.made, rolled.before);
    });
  token
    .command('list')
    .description('list the tokens of the workspace')
    .action(async (_: object, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const listed = await withCommands((commands) => commands.listTokens(workspace));
      output.result({ tokens: listed.map(tokenDocument) }, tokensText(listed));
    });
  token
    .command('revoke')
    .description('revoke a token; programs that use it are refused from then on')
    .argument('<id>', 'of the token, as "token list" shows it')
    .action(async (id: string, _: object, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const revoked = await withCommands((commands) => commands.revokeToken(workspace, id));
      if (!revoked) throw noSuchToken();
      output.result(
        { revoked: true, ...tokenDocument(revoked) },
        `Revoked "${oneLine(revoked.name, 60)}" (${revoked.id}): it is refused from now on.`,
      );
    });
}

/** What was given may be a whole token: it is not repeated. */
function noSuchToken(): UsageError {
  return new UsageError(
    'There is no token of that id. "./connectionsphere token list" lists those there are.',
  );
}

/** `before`: the token whose place it takes. */
function showMade(output: Output, { secret, ...shown }: Token & { secret: string }, before?: Token): void {
  const { name, workspace, scopes: allowed, id, endsAt } = shown;
  output.result(
    { ...tokenDocument(shown), token: secret, ...(before && { before: tokenDocument(before) }) },
    `${secret}\n\n${facts([
      ['Name', name],
      ['Workspace', workspace],
      ['May', allowed.join(', ')],
      ...(endsAt === undefined ? [] : [['Ends', moment(endsAt)] as const]),
      ['Id', id],
      ...(before?.endsAt === undefined
        ? []
        : [[`Before it, ${before.id}`, `ends ${moment(before.endsAt)}`] as const]),
    ])}\nKeep it now: it is not shown again.`,
  );
}

function wholeDays(text: string, from: number): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= from && Number(text) <= MOST_DAYS) return Number(text);
  throw new InvalidArgumentError(`Expected a whole number of days from ${from} to ${MOST_DAYS}.`);
}

const days = (text: string) => wholeDays(text, 1);
const overlap = (text: string) => wholeDays(text, 0);

function scopes(text: string): Scope[] {
  const wanted = text.split(',').map((scope) => scope.trim());
  const unknown = wanted.find((scope) => !SCOPES.includes(scope as Scope));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`Expected some of ${SCOPES.join(', ')}, separated by commas.`);
  }
  return [...new Set(wanted)] as Scope[];
}

function tokenDocument({
  id,
  workspace,
  name,
  scopes: allowed,
  createdAt,
  lastUsedAt,
  endsAt,
}: Token): object {
  return {
    id,
    workspace,
    name,
    scopes: allowed,
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: lastUsedAt === undefined ? null : new Date(lastUsedAt).toISOString(),
    endsAt: endsAt === undefined ? null : new Date(endsAt).toISOString(),
  };
}

function tokensText(tokens: readonly Token[]): string {
  if (tokens.length === 0) return 'No tokens yet. Make one with: ./connectionsphere token create';
  const rows = tokens.map(({ id, name, scopes: allowed, createdAt, lastUsedAt, endsAt }) => [
    id,
    oneLine(name, 30),
    allowed.join(', '),
    moment(createdAt),
    lastUsedAt === undefined ? styled('dim', 'never') : moment(lastUsedAt),
    endsAt === undefined ? styled('dim', 'no end') : moment(endsAt),
  ]);
  return table(['Id', 'Name', 'May', 'Made', 'Last used', 'Ends'], rows);
}
