import type { KnownBlock, ModalView } from '@slack/types';
import type { Reader } from '../../reader.ts';
import type { OpenReview, Side } from '../../reviews.ts';
import { ACTION, VIEW } from '../action-ids.ts';
import { actions, button, context, divider, LIMITS, plain, section, shown } from '../blocks.ts';

export const DECISIONS_TITLE = 'Review answers';

/** Few enough for a message, too, where a modal could not open in time: Slack takes 50 blocks in one. */
const PAGE = 5;

export interface DecisionsModel {
  readonly job: string;
  /** Of the list. */
  readonly name: string;
  /** About which nobody has decided. */
  readonly reviews: readonly OpenReview[];
  /** Counts from 0; the last one where there are fewer. */
  readonly page: number;
  readonly reader: Reader;
  /** What was just decided, or why it was not. */
  readonly note?: string | undefined;
  /** A row that was just decided about, and what else can be said about it. */
  readonly undo?: { readonly row: number; readonly verdict: 'accept' | 'reject' } | undefined;
}

/** Answers that contradict what was asked, beside what was asked, each with *Accept* and *Reject*. */
export function decisionsView({ job, name, reviews, page, reader, note, undo }: DecisionsModel): ModalView {
  const pages = Math.max(1, Math.ceil(reviews.length / PAGE));
  const at = Math.min(Math.max(0, Math.trunc(page) || 0), pages - 1);
  const turn = (text: string, way: string, to: number) =>
    button({ text, action: `${ACTION.decisionsPage}.${way}`, value: `${job} ${to}` });
  const again = undo && decision(undo.verdict, job, undo.row, at, ' instead');
  return {
    type: 'modal',
    callback_id: VIEW.notice,
    title: plain(DECISIONS_TITLE, LIMITS.title),
    close: plain('Close', LIMITS.title),
    blocks: [
      ...(note ? [section(note, again)] : []),
      ...(reviews.length === 0
        ? [
            section(`Nothing in *${shown(name, 80)}* is left to review. The file has what was decided.`),
            ...actions(button({ text: 'Send me the file', action: ACTION.file, value: job })),
          ]
        : [
            section(
              `${reader.plural(reviews.length, 'answer')} in *${shown(name, 80)}* may be about somebody else than was asked for. An answer that you accept is in the file as found; one that you reject counts as not found, and is not offered for this lead again. Neither costs anything.`,
            ),
            ...reviews
              .slice(at * PAGE, (at + 1) * PAGE)
              .flatMap((review) => [
                divider,
                sides(review),
                ...actions(decision('accept', job, review.row, at), decision('reject', job, review.row, at)),
              ]),
            ...(pages > 1 ? [divider] : []),
            ...actions(
              ...(at > 0 ? [turn('‹ Back', 'back', at - 1)] : []),
              ...(at + 1 < pages ? [turn('More ›', 'on', at + 1)] : []),
            ),
            ...(pages > 1 ? [context(`Page ${at + 1} of ${pages}`)] : []),
          ]),
    ],
  };
}

function decision(verdict: 'accept' | 'reject', job: string, row: number, page: number, more = '') {
  return button({
    text: `${verdict === 'accept' ? 'Accept' : 'Reject'}${more}`,
    action: ACTION[verdict],
    value: `${job} ${page} ${row}`,
    ...(verdict === 'accept' && more === '' && { style: 'primary' as const }),
  });
}

/** Slack shows two fields beside each other. */
function sides({ row, reason, asked, answered }: OpenReview): KnownBlock {
  const field = (title: string, side: Side) => ({
    type: 'mrkdwn' as const,
    text: `*${title}*\n${linesOf(side)}`,
  });
  return {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: `*Row ${row}*${reason === '' ? '' : ` · ${shown(reason, 300)}`}`,
    },
    fields: [field('Asked for', asked), field('Apollo answers', answered)],
  };
}

/** Six lines of so many characters fit Slack's 2,000 of a field even when each has to be escaped. */
const MOST_LINE = 60;

function linesOf({ name, title, company, domain, email, linkedinUrl }: Side): string {
  const lines = [name, title, company, domain, email, linkedinUrl?.replace(/^https?:\/\/(?:www\.)?/, '')];
  return lines.flatMap((line) => (line ? [shown(line, MOST_LINE)] : [])).join('\n') || '–';
}
