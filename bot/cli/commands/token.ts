import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_SCOPES, SCOPES, type Scope, type Token } from '../../api/tokens.ts';
import { moment } from '../../words.ts';
import { facts, oneLine, styled, table } from '../output.ts';
import { sessionOf } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface CreateFlags {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export function addToken(program: Command): void {
  const token = program.command('token').description('make, list and revoke tokens for the HTTP API');
  token
    .command('create')
    .description('make a token for the workspace; it is shown once')
    .option('--name <text>', 'what it is for', 'API token')
    .option('--scopes <list>', `of ${SCOPES.join(', ')}`, scopes, DEFAULT_SCOPES)
    .action(async ({ name, scopes: wanted }: CreateFlags, command: Command) => {
      const { output, workspace, withDesk } = sessionOf(command);
      const made = await withDesk((desk) =>
        desk.createToken({ workspace, name: oneLine(name, 60), scopes: wanted }),
      );
      const { secret, ...shown } = made;
      output.result(
        { ...tokenDocument(shown), token: secret },
        `${secret}\n\n${facts([
          ['Name', shown.name],
          ['Workspace', workspace],
          ['May', shown.scopes.join(', ')],
          ['Id', shown.id],
        ])}\nKeep it now: it is not shown again.`,
      );
    });
  token
    .command('list')
    .description('list the tokens of the workspace')
    .action(async (_: object, command: Command) => {
      const { output, workspace, withDesk } = sessionOf(command);
      const listed = await withDesk((desk) => desk.listTokens(workspace));
      output.result({ tokens: listed.map(tokenDocument) }, tokensText(listed));
    });
  token
    .command('revoke')
    .description('take a token back; programs that use it are refused from then on')
    .argument('<id>', 'of the token, as "token list" shows it')
    .action(async (id: string, _: object, command: Command) => {
      const { output, workspace, withDesk } = sessionOf(command);
      const revoked = await withDesk((desk) => desk.revokeToken(workspace, id));
      if (!revoked) {
        // What was given may be a whole token: it is not repeated.
        throw new UsageError(
          'There is no token of that id. "./connectionsphere token list" lists those there are.',
        );
      }
      output.result(
        { revoked: true, ...tokenDocument(revoked) },
        `Revoked "${oneLine(revoked.name, 60)}" (${revoked.id}): it is refused from now on.`,
      );
    });
}

function scopes(text: string): Scope[] {
  const wanted = text.split(',').map((scope) => scope.trim());
  const unknown = wanted.find((scope) => !SCOPES.includes(scope as Scope));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`Expected some of ${SCOPES.join(', ')}, separated by commas.`);
  }
  return [...new Set(wanted)] as Scope[];
}

function tokenDocument({ id, workspace, name, scopes: allowed, createdAt, lastUsedAt }: Token): object {
  return {
    id,
    workspace,
    name,
    scopes: allowed,
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: lastUsedAt === undefined ? null : new Date(lastUsedAt).toISOString(),
  };
}

function tokensText(tokens: readonly Token[]): string {
  if (tokens.length === 0) return 'No tokens yet. Make one with: ./connectionsphere token create';
  const rows = tokens.map(({ id, name, scopes: allowed, createdAt, lastUsedAt }) => [
    id,
    oneLine(name, 30),
    allowed.join(', '),
    moment(createdAt),
    lastUsedAt === undefined ? styled('dim', 'never') : moment(lastUsedAt),
  ]);
  return table(['Id', 'Name', 'May', 'Made', 'Last used'], rows);
}
