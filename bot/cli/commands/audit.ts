import type { AuditEntry } from '@connectionsphere/core';
import { type Command, InvalidArgumentError } from 'commander';
import { auditDocument } from '../../audit.ts';
import { ndjsonLine } from '../../ndjson.ts';
import { moment } from '../../words.ts';
import { oneLine, table } from '../output.ts';
import { sessionOf } from '../session.ts';

interface Flags {
  readonly since?: number;
  readonly limit?: number;
  readonly all?: boolean;
  readonly ndjson?: boolean;
}

const SHOWN = 50;
const READ_AT_ONCE = 1000;

export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('show who did what in the workspace, the newest first')
    .option('--since <date>', 'only what was done from then on, such as 2026-11-01', date)
    .option('--limit <number>', `how many at most; ${SHOWN} unless given, all with --ndjson`, count)
    .option('--all', 'of all workspaces, one after the other')
    .option('--ndjson', 'one JSON document a line, for other programs to keep')
    .action(async ({ since, limit, all, ndjson }: Flags, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const entries: AuditEntry[] = [];
      let left = limit ?? (ndjson ? Number.POSITIVE_INFINITY : SHOWN);
      await withCommands(async (commands) => {
        let after: string | undefined;
        do {
          const query = { since, after, ...(!all && { workspace }) };
          const page = await commands.audit(query, Math.min(READ_AT_ONCE, left));
          left -= page.entries.length;
          after = page.next;
          if (ndjson)
            for (const entry of page.entries) process.stdout.write(ndjsonLine(auditDocument(entry)));
          else entries.push(...page.entries);
        } while (after !== undefined && left > 0);
      });
      if (!ndjson) output.result({ entries: entries.map(auditDocument) }, words(entries, all === true));
    });
}

function words(entries: readonly AuditEntry[], all: boolean): string {
  if (entries.length === 0) return 'Nothing was done that is recorded here.';
  const rows = entries.map(({ at, workspace, deed, by, facts }) => [
    moment(at),
    ...(all ? [oneLine(workspace, 30)] : []),
    oneLine(by.name ?? by.id, 40),
    by.via,
    deed,
    oneLine(
      Object.entries(facts)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(', '),
      80,
    ),
  ]);
  return table(['When', ...(all ? ['Workspace'] : []), 'Who', 'By', 'What', 'About'], rows);
}

function date(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('Expected a date such as 2026-11-01.');
  return at;
}

function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a number from 1 on.');
}
