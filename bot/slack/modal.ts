import type { Clock, Log } from '@connectionsphere/core';
import type { ViewOutput } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { actions, button, type Message, shown } from './blocks.ts';
import { answer } from './messages/answer.ts';
import type { Services } from './services.ts';
import { slackWord } from './transport/clients.ts';
import { post } from './transport/post.ts';
import { inWorkspace } from './transport/workspace.ts';
import { isForm, keptForm } from './views/kept-form.ts';
import { noticeView, waitingView } from './views/notice.ts';
import { failureWords } from './words/failure-words.ts';

/** Slack waits three seconds, for an answer as for a trigger; the way there and back takes a part of them. */
const PATIENCE_MS = 1_500;

/** {@link inTime}'s answer for work that takes longer. */
export const LATE: unique symbol = Symbol('late');

/** What the work gives, or {@link LATE}. */
export async function inTime<T extends object>(
  work: Promise<T>,
  clock: Clock,
  patienceMs = PATIENCE_MS,
): Promise<T | typeof LATE> {
  const over = new AbortController();
  try {
    return await Promise.race<T | typeof LATE>([
      work,
      clock.sleep(Math.max(0, patienceMs), over.signal).then((): typeof LATE => LATE),
    ]);
  } finally {
    over.abort();
  }
}

/** A person who asks for a modal. */
interface Opener {
  readonly client: WebClient;
  readonly services: Pick<Services, 'clock' | 'log'>;
  /** For which the modal is; kept in it. */
  readonly workspace: string;
  readonly user: string;
  /** Opens one modal within three seconds. */
  readonly trigger: string;
}

interface Opening {
  readonly title: string;
  /** What is being done, for the log. */
  readonly deed: string;
  /** What it throws is shown in the modal. */
  readonly build: () => Promise<ModalView>;
  /** The button that opens a form once more, for when Slack did not let it open in time. */
  readonly again?: { readonly action: string; readonly value?: string };
}

/** Slack's words for a trigger that was too old or used already. https://docs.slack.dev/reference/methods/views.open */
const NO_TRIGGER: ReadonlySet<string> = new Set([
  'expired_trigger_id',
  'exchanged_trigger_id',
  'invalid_trigger_id',
]);

/**
 * Opens a modal while its trigger lives: with its contents where they are there soon, else with a line that says so,
 * and the contents afterwards. When the trigger was too old, as after a slow start, a direct message says so, with a
 * button that opens the form, or with what was to be shown.
 */
export async function openModal(opener: Opener, opening: Opening): Promise<void> {
  const { client, services, workspace, trigger } = opener;
  const { title, deed, build } = opening;
  const { clock, log } = services;
  const built = build()
    .catch((error: unknown) => noticeView(title, failureWords(error, log, deed)))
    .then((view) => inWorkspace(view, workspace));
  const early = await inTime(built, clock);
  const first = early === LATE ? waitingView(title, 'One moment.') : early;
  const opened = await client.views.open({ trigger_id: trigger, view: first }).catch((error: unknown) => {
    if (!NO_TRIGGER.has(slackWord(error) ?? '')) throw error;
    log.warn('A modal could not open in time', { deed, error });
  });
  const view = await built;
  if (!opened) return await tellInstead(opener, opening, view);
  if (early === LATE && opened.view?.id !== undefined)
    await client.views.update({ view_id: opened.view.id, view });
}

async function tellInstead(
  { client, workspace, user }: Opener,
  { title, again }: Opening,
  view: ModalView,
): Promise<void> {
  const message =
    again && isForm(view)
      ? answer(
          `Slack did not let *${title}* open in time. Press the button to open it.`,
          ...actions(button({ text: title, ...again, style: 'primary' })),
        )
      : { text: title, blocks: view.blocks as KnownBlock[] };
  await post(client, workspace, { channel: user }, message);
}

/** How a submission is answered: with another view, with mistakes at their fields, or by closing. */
export type Answer =
  | { readonly show: ModalView }
  | {
      /** By block id. */
      readonly errors: Readonly<Record<string, string>>;
      /** The form with the mistakes in it, for when it is too late to point at the fields. */
      readonly again: () => ModalView | Promise<ModalView>;
    }
  | { readonly close: true };

type Ack = (
  response?:
    | { response_action: 'update'; view: ModalView }
    | { response_action: 'errors'; errors: Record<string, string> }
    | { response_action: 'clear' },
) => Promise<void>;

export interface Submission {
  readonly client: WebClient;
  /** For which the form is; kept in what takes its place. */
  readonly workspace: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What is being done, for the log. */
  readonly deed: string;
  readonly ack: Ack;
  /** The form that was submitted. */
  readonly view: ViewOutput;
  readonly title: string;
  /** Shown while the work takes longer than Slack waits. */
  readonly waiting: ModalView;
  readonly work: () => Promise<Answer>;
  /** When the submission came, ms since the epoch: Slack waits from then on. */
  readonly arrived: number;
  readonly user: string;
  /** What to say when the person closed the modal meanwhile; else the outcome itself is said. */
  readonly onClosed?: (answer: Answer) => Message | undefined;
}

/**
 * Answers a submission in time, whatever the work behind it takes. When Slack has waited too long all the same, as
 * on a machine that stood still, its form is still open with words of Slack's own: the answer takes its place.
 */
export async function answerSubmission(submission: Submission): Promise<void> {
  const { ack, client, clock, workspace, view: form, title, waiting, onClosed, log } = submission;
  const work = submission.work().catch((error: unknown): Answer => {
    const words = failureWords(error, log, submission.deed);
    // What somebody entered is not lost for it.
    return { show: isForm(form) ? keptForm(form, `:warning: ${words}`) : noticeView(title, words) };
  });
  const acknowledge = async (response: Parameters<Ack>[0]): Promise<boolean> => {
    try {
      const view = response && 'view' in response && inWorkspace(response.view, workspace);
      await ack(view ? { response_action: 'update', view } : response);
      return true;
    } catch (error) {
      log.warn('A form was answered too late for Slack', { deed: submission.deed, error });
      return false;
    }
  };
  const early = await inTime(work, clock, PATIENCE_MS - (clock.now() - submission.arrived));
  if (early === LATE) await acknowledge({ response_action: 'update', view: waiting });
  else if (await acknowledge(responseOf(early))) return;
  const late = await work;
  try {
    const view =
      'errors' in late
        ? await late.again()
        : 'show' in late
          ? late.show
          : noticeView(title, 'Done. You can close this.');
    await client.views.update({ view_id: form.id, view: inWorkspace(view, workspace) });
  } catch (error) {
    log.debug('A modal was closed before its answer came', { error });
    const message = onClosed?.(late) ?? outcomeMessage(title, late);
    if (message) await post(client, workspace, { channel: submission.user }, message);
  }
}

/** What a modal would have said; nothing where it would only have closed, or asked further. */
function outcomeMessage(title: string, late: Answer): Message | undefined {
  if ('errors' in late) return answer(`*${title}*: ${shown(Object.values(late.errors).join(' '), 1000)}`);
  if ('show' in late && !isForm(late.show)) return { text: title, blocks: late.show.blocks as KnownBlock[] };
  return undefined;
}

function responseOf(answer: Answer): Parameters<Ack>[0] {
  if ('errors' in answer) return { response_action: 'errors', errors: { ...answer.errors } };
  if ('show' in answer) return { response_action: 'update', view: answer.show };
  return { response_action: 'clear' };
}
