import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { OpenReview, Side } from '../../reviews.ts';
import { plural } from '../../words.ts';
import { type Output, oneLine, styled } from '../output.ts';
import { sessionOf } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface ReviewFlags {
  readonly accept: readonly (number | 'all')[];
  readonly reject: readonly (number | 'all')[];
  readonly by?: string;
}

const rows = (text: string, before: readonly (number | 'all')[]) => [
  ...before,
  ...text.split(',').map((part) => {
    const row = part.trim();
    if (row === 'all') return 'all' as const;
    if (/^[1-9]\d{0,9}$/.test(row)) return Number(row);
    throw new UsageError('Rows are the numbers that "review" shows, such as 3,7, or all.');
  }),
];

export function addReview(program: Command): void {
  program
    .command('review')
    .description('show answers that contradict what was asked, beside what was asked, and decide about them')
    .argument('<id>', 'of the job, as "jobs" lists it')
    .option('--accept <rows>', 'it is the right person: rows as shown, such as 3,7, or all', rows, [])
    .option(
      '--reject <rows>',
      'the answer is about another person: rows as shown, such as 3,7, or all',
      rows,
      [],
    )
    .option('--by <name>', 'who decides; the name of your user unless given')
    .addHelpText(
      'after',
      `
A row that was decided can be decided again; the last decision holds. "resume ID" writes the file again.`,
    )
    .action(async (id: string, { accept, reject, by }: ReviewFlags, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      await withCommands(async (commands) => {
        const open = await commands.openReviews(workspace, id);
        if (accept.length + reject.length === 0) return show(output, id, open);
        const chosen = [accept, reject].map((given) =>
          given.includes('all') ? open.map(({ row }) => row) : (given as readonly number[]),
        );
        const [accepted = [], rejected = []] = chosen;
        const both = accepted.find((row) => rejected.includes(row));
        if (both !== undefined)
          throw new UsageError(`Row ${both} is both accepted and rejected. Choose one.`);
        const who = by?.trim() || userInfo().username;
        const done = {
          accepted: await commands.decideReviews(workspace, id, accepted, 'accept', who),
          rejected: await commands.decideReviews(workspace, id, rejected, 'reject', who),
        };
        const left = await commands.openReviews(workspace, id);
        output.result({ job: id, ...done, open: left.length }, decidedText(id, done, left.length));
      });
    });
}

function show(output: Output, id: string, open: readonly OpenReview[]): void {
  const text =
    open.length === 0
      ? 'Nothing to review: no answer contradicts what was asked.'
      : [
          ...open.map(reviewText),
          `Decide with: ./connectionsphere review ${id} --accept ROWS --reject ROWS`,
        ].join('\n\n');
  output.result({ job: id, reviews: open }, text);
}

const FIELDS: readonly (readonly [keyof Side, string])[] = [
  ['name', 'Name'],
  ['title', 'Title'],
  ['company', 'Company'],
  ['domain', 'Domain'],
  ['email', 'E-mail'],
  ['linkedinUrl', 'LinkedIn'],
];
const WIDTH = 42;

function reviewText({ row, reason, asked, answered }: OpenReview): string {
  const cell = (text: string | undefined) => oneLine(text ?? '–', WIDTH).padEnd(WIDTH);
  const lines = FIELDS.flatMap(([field, title]) =>
    asked[field] === undefined && answered[field] === undefined
      ? []
      : [`  ${title.padEnd(9)} ${cell(asked[field])}  ${cell(answered[field])}`.trimEnd()],
  );
  return [
    `${styled('bold', `Row ${row}`)}  ${oneLine(reason, 200)}`,
    styled('dim', `  ${''.padEnd(9)} ${'Asked'.padEnd(WIDTH)}  Answered`),
    ...lines,
  ].join('\n');
}

function decidedText(
  id: string,
  { accepted, rejected }: { accepted: readonly number[]; rejected: readonly number[] },
  open: number,
): string {
  return [
    ...(accepted.length > 0 ? [`Accepted: ${accepted.join(', ')}. These rows are matched now.`] : []),
    ...(rejected.length > 0 ? [`Rejected: ${rejected.join(', ')}. These rows count as not found now.`] : []),
    open === 0 ? 'Nothing is left to review.' : `${plural(open, 'row')} still to review.`,
    `Write the file again with: ./connectionsphere resume ${id}`,
  ].join('\n');
}
