import type { JobStatus, ResultRow } from '@connectionsphere/core';
import type { KnownBlock, StaticSelect } from '@slack/types';
import { creditCheck } from '../../credit-check.ts';
import type { Reader } from '../../reader.ts';
import { duration, OUTCOME_WORDS } from '../../words.ts';
import { ACTION } from '../action-ids.ts';
import { actions, button, context, cut, LIMITS, type Message, plain, section, shown } from '../blocks.ts';
import { LINK, otherFormats } from '../lists/result-format.ts';
import type { Version } from '../transport/known-blocks.ts';
import { creditsWords, nameOf, scheduleLines } from '../words/job-words.ts';
import { decideButtons } from './jobs.ts';

/** Rows that are shown; the file has all of them. */
const SHOWN_ROWS = 8;
/** Rows of a table with pages, and their characters. https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
export const MOST_ROWS = 100;
const MOST_CHARACTERS = 9_000;
const PAGE_ROWS = 10;
const CELL_LENGTH = 60;

const OUTCOME_COLUMN = 'apollo_outcome';
/** What people look at first; a column that is empty in all shown rows is left out. */
const SHOWN_COLUMNS: readonly (readonly [column: string, title: string])[] = [
  [OUTCOME_COLUMN, 'Outcome'],
  ['apollo_email', 'E-mail'],
  ['apollo_email_status', 'Status'],
  ['apollo_phone', 'Phone'],
  ['apollo_title', 'Title'],
  ['apollo_company', 'Company'],
];

export interface DoneModel {
  readonly status: JobStatus;
  readonly reader: Reader;
  /** The first rows of the output. */
  readonly rows: readonly ResultRow[];
  /** Names of `rows[].added`. */
  readonly columns: readonly string[];
  /** In a conversation of others: without what is for whoever started the list. */
  readonly isForOthers?: boolean;
  /** Whether people reach the page, and so a one-time link. */
  readonly hasPage?: boolean;
}

/** How the first rows are shown: in a table that sorts and has pages, in a plain table, or as text. */
type Rows = 'data_table' | 'table' | 'text';

/** What became of a list: the figures, the first rows, and what can be done next. */
export function doneMessage(model: DoneModel, as: Rows = 'table'): Message {
  const table = as === 'data_table' ? short(tableOf(model, MOST_ROWS)) : tableOf(model, SHOWN_ROWS);
  return assemble(model, table.length - 1, table.length > 1 ? [rowsBlock(table, as, model.status)] : []);
}

/** A larger result has {@link MOST_ROWS} rows to look through, where Slack can show them. */
export function doneVersions(model: DoneModel): Version[] {
  const version = (as: Rows, block?: string) => ({
    ...(block !== undefined && { block }),
    message: () => doneMessage(model, as),
  });
  return [
    ...(model.rows.length > SHOWN_ROWS ? [version('data_table', 'data_table')] : []),
    version('table', 'table'),
    version('text'),
  ];
}

/** As many rows as fit into one message with all else that is in it. */
function short(table: readonly string[][]): string[][] {
  let characters = 0;
  return table.filter((row) => {
    characters += row.reduce((sum, text) => sum + text.length, 0);
    return characters <= MOST_CHARACTERS;
  });
}

function assemble(
  { status, reader, isForOthers = false, hasPage = false }: DoneModel,
  shownRows: number,
  table: readonly KnownBlock[],
): Message {
  const { counts } = status;
  return {
    text: `${shown(status.name, 80)} is done: ${reader.count(counts.matched)} of ${reader.count(status.rows)} found, ${reader.plural(counts.verifiedEmails, 'verified e-mail')}, ${reader.plural(status.credits, 'credit')}.`,
    blocks: [
      section(`:white_check_mark: *${nameOf(status)}* is done`),
      { type: 'section', fields: fieldsOf(status, reader).map((text) => ({ type: 'mrkdwn', text })) },
      ...table,
      ...(isForOthers ? [] : resultActions(status, hasPage)),
      context(
        [
          ...checkLines(status, reader),
          ...(isForOthers ? [] : scheduleLines(status)),
          `${shownRows > 0 && shownRows < status.rows ? `These are the first ${reader.plural(shownRows, 'row')}. ` : ''}The file with all rows and columns follows.`,
          ...(status.latePending > 0
            ? [
                `Phones of up to ${reader.plural(status.latePeople, 'person', 'people')} are still to come. The completed file follows as a reply.`,
              ]
            : []),
        ].join('\n'),
      ),
    ],
  };
}

/** What can be done next by whoever started the list. */
function resultActions(status: JobStatus, hasPage: boolean): KnownBlock[] {
  const { counts } = status;
  return actions(
    ...decideButtons(status),
    ...(counts.unmatched > 0
      ? [button({ text: 'Not found only', action: ACTION.unmatched, value: status.id })]
      : []),
    ...(counts.failed > 0
      ? [button({ text: 'Try failed again', action: ACTION.again, value: status.id })]
      : []),
    formatSelect(status, hasPage),
  );
}

/** The same list as something else, which comes as a DM, or a link to it for a person who is not here. */
function formatSelect(status: JobStatus, hasPage: boolean): StaticSelect {
  const link = hasPage ? [{ id: LINK, words: 'One-time link, for people without an account' }] : [];
  return {
    type: 'static_select',
    action_id: ACTION.format,
    placeholder: plain('Another format', LIMITS.placeholder),
    options: [...otherFormats(status), ...link].map(({ id, words }) => ({
      text: plain(words, LIMITS.optionText),
      value: `${id} ${status.id}`,
    })),
  };
}

/** What Apollo reports beside our books. */
function checkLines(status: JobStatus, reader: Reader): string[] {
  const check = creditCheck(status, reader);
  if (!check) return [];
  return [`${check.differs ? ':warning: ' : ''}${check.verdict} At Apollo: ${check.teams.join('; ')}.`];
}

function fieldsOf(status: JobStatus, reader: Reader): string[] {
  const { counts, rows, kind, options } = status;
  const withPhones = options.reveal.phones || options.reveal.waterfall;
  const field = (name: string, value: string) => `*${name}*\n${value}`;
  const share = (part: number) => (rows === 0 ? '' : ` (${reader.share(part, rows)})`);
  return [
    field('Found', `${reader.count(counts.matched)} of ${reader.count(rows)}${share(counts.matched)}`),
    ...(counts.review > 0 ? [field('To review', reader.count(counts.review))] : []),
    field('Not found', reader.count(counts.unmatched)),
    ...(kind === 'people'
      ? [field('Verified e-mails', `${reader.count(counts.verifiedEmails)}${share(counts.verifiedEmails)}`)]
      : []),
    ...(withPhones ? [field('Phones', `${reader.count(counts.phones)}${share(counts.phones)}`)] : []),
    field('Cost', creditsWords(status, reader)),
    field(
      'Not paid for again',
      `${reader.count(counts.known)} known already, ${reader.plural(counts.duplicates, 'duplicate')}`,
    ),
    field('Time', duration(status.workedMs / 1000)),
    ...(counts.skipped > 0
      ? [field('Skipped', `${reader.count(counts.skipped)} (nothing to look up by, or forgotten)`)]
      : []),
    ...(counts.failed > 0 ? [field('Failed', reader.count(counts.failed))] : []),
    ...(status.inDoubtCalls > 0
      ? [
          field(
            'In doubt',
            `${reader.plural(status.inDoubtCalls, 'call')}: perhaps charged, at most ${reader.plural(status.inDoubtCredits, 'credit')}`,
          ),
        ]
      : []),
  ].slice(0, 10);
}

/** Titles, then rows: who it was in the list's own words, then what was found. */
function tableOf({ status, rows, columns }: DoneModel, most: number): string[][] {
  const some = rows.slice(0, most);
  const added = SHOWN_COLUMNS.flatMap(([column, title]) => {
    const at = columns.indexOf(column);
    const words: Readonly<Record<string, string>> = column === OUTCOME_COLUMN ? OUTCOME_WORDS : {};
    return at >= 0 && some.some((row) => row.added[at]) ? [{ at, title, words }] : [];
  });
  if (some.length === 0 || added.length === 0) return [];
  return [
    ['Lead', ...added.map(({ title }) => title)],
    ...some.map((row) => [
      whoIn(status, row),
      ...added.map(({ at, words }) => cell(words[row.added[at] ?? ''] ?? row.added[at])),
    ]),
  ];
}

const NAMING = ['name', 'first_name', 'last_name', 'email', 'linkedin_url', 'company', 'domain'] as const;

function whoIn({ mapping }: JobStatus, { cells }: ResultRow): string {
  const at = (field: (typeof NAMING)[number]) => cells[mapping.fields[field]?.columns[0] ?? -1]?.trim() ?? '';
  const name = at('name') || [at('first_name'), at('last_name')].filter(Boolean).join(' ');
  return cell(name || NAMING.map(at).find(Boolean));
}

/** Slack takes no empty cell. */
function cell(text: string | undefined): string {
  const line = cut((text ?? '').replace(/[\p{Cc}\s]+/gu, ' ').trim(), CELL_LENGTH);
  return line === '' ? '–' : line;
}

function rowsBlock(table: readonly (readonly string[])[], as: Rows, { name }: JobStatus): KnownBlock {
  if (as === 'text') return section(`\`\`\`${asText(table)}\`\`\``);
  const rows = table.map((row) => row.map((text) => ({ type: 'raw_text' as const, text })));
  if (as === 'table') return { type: 'table', rows };
  return { type: 'data_table', caption: `The first leads of ${cut(name, 80)}`, page_size: PAGE_ROWS, rows };
}

function asText(table: readonly (readonly string[])[]): string {
  const most = 24;
  const short = table.map((row) => row.slice(0, 4).map((text) => cut(text, most).replace(/[`<>&]/g, ' ')));
  const widths = (short[0] ?? []).map((_, at) => Math.max(...short.map((row) => row[at]?.length ?? 0)));
  return short
    .map((row) =>
      row
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
