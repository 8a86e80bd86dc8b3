import type { ReviewVerdict } from '@connectionsphere/core';
import type { KnownBlock } from '@slack/types';
import { decideReviews, openReviews } from '../../../reviews.ts';
import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { DECISIONS_TITLE, type DecisionsModel, decisionsView } from '../../views/decisions.ts';
import { failureWords } from '../../words/failure-words.ts';
import type { Interaction } from './interaction.ts';

/** *Review answers* on a list: what contradicts what was asked, beside it. */
export async function openDecisions(interaction: Interaction): Promise<void> {
  const { modal, value } = interaction;
  if (modal) return await show(interaction, value, 0);
  await openModal(interaction, {
    deed: ACTION.decisions,
    title: DECISIONS_TITLE,
    build: () => pageOf(interaction, value, 0),
  });
}

/** Another page. The value: the list, a space, the page. */
export async function showDecisions(interaction: Interaction): Promise<void> {
  const [job = '', page] = interaction.value.split(' ');
  await show(interaction, job, Number(page));
}

/** *Accept*: the answer is the right one. The value: the list, the page, the row, with spaces between them. */
export async function acceptAnswer(interaction: Interaction): Promise<void> {
  await decide(interaction, 'accept');
}

/** *Reject*: the answer is none. The value is that of {@link acceptAnswer}. */
export async function rejectAnswer(interaction: Interaction): Promise<void> {
  await decide(interaction, 'reject');
}

async function decide(interaction: Interaction, verdict: ReviewVerdict): Promise<void> {
  const { services, workspace, user, value } = interaction;
  const [job = '', page, row] = value.split(' ');
  await requireDecider(interaction, job);
  const outcome = await decideReviews(services.core, workspace, job, [Number(row)], verdict, user).then(
    (rows) => ({
      note: `:white_check_mark: ${rowsWords(rows)} ${verdict === 'accept' ? 'accepted' : 'rejected'}.`,
      undo: { row: Number(row), verdict: verdict === 'accept' ? ('reject' as const) : ('accept' as const) },
    }),
    // What else there is to decide stays in sight.
    (error: unknown) => ({ note: `:warning: ${failureWords(error, services.log, `decisions.${verdict}`)}` }),
  );
  await show(interaction, job, Number(page), outcome);
}

const MOST_ROWS = 20;

function rowsWords(rows: readonly number[]): string {
  if (rows.length === 1) return `Row ${rows[0]}`;
  const more = rows.length - MOST_ROWS;
  return `Rows ${rows.slice(0, MOST_ROWS).join(', ')}${more > 0 ? ` and ${more} more` : ''}, which ask for the same,`;
}

type Outcome = Pick<DecisionsModel, 'note' | 'undo'>;

/** In the modal in which the press was, or beside the message. */
async function show(interaction: Interaction, job: string, page: number, outcome?: Outcome): Promise<void> {
  const build = () => pageOf(interaction, job, page, outcome);
  if (interaction.modal) return await interaction.heard('One moment.', build);
  await interaction.show({ text: DECISIONS_TITLE, blocks: (await build()).blocks as KnownBlock[] });
}

async function pageOf(interaction: Interaction, job: string, page: number, outcome?: Outcome) {
  const { services, workspace } = interaction;
  await requireDecider(interaction, job);
  const [{ name }, reviews, reader] = await Promise.all([
    services.jobService.find(workspace, job),
    openReviews(services.core, workspace, job, '`/apollo jobs`'),
    interaction.reader(),
  ]);
  return decisionsView({ job, name, reviews, page, reader, ...outcome });
}

/** Who may steer the list may decide about its answers. */
async function requireDecider(interaction: Interaction, job: string): Promise<void> {
  await interaction.services.access.requireControl(interaction, job);
}
