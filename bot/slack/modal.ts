import type { Clock, Log } from '@connectionsphere/core';
import type { ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { isForm, keptForm } from './views/kept-form.ts';
import { noticeView, waitingView } from './views/notice.ts';
import { failureWords } from './words/failure-words.ts';

/** Slack waits three seconds, for an answer as for a trigger; the way there and back takes a part of them. */
const PATIENCE_MS = 1_500;

const LATE: unique symbol = Symbol('late');

async function inTime<T extends object>(work: Promise<T>, clock: Clock): Promise<T | typeof LATE> {
  const over = new AbortController();
  try {
    return await Promise.race<T | typeof LATE>([
      work,
      clock.sleep(PATIENCE_MS, over.signal).then((): typeof LATE => LATE),
    ]);
  } finally {
    over.abort();
  }
}

interface ModalContext {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: Log;
  /** What is being done, for the log. */
  readonly deed: string;
}

/**
 * Opens a modal while its trigger lives: with its contents where they are there soon, else with a line that
 * says so, and the contents afterwards. What `build` throws is shown in the modal.
 */
export async function openModal(
  context: ModalContext,
  trigger: string,
  title: string,
  build: Promise<ModalView>,
): Promise<void> {
  const { client, clock } = context;
  const built = orNotice(context, title, build);
  const early = await inTime(built, clock);
  if (early !== LATE) {
    await client.views.open({ trigger_id: trigger, view: early });
    return;
  }
  const opened = await client.views.open({ trigger_id: trigger, view: waitingView(title, 'One moment.') });
  const view = await built;
  if (opened.view?.id !== undefined) await client.views.update({ view_id: opened.view.id, view });
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

export interface Submission extends ModalContext {
  readonly ack: Ack;
  /** The form that was submitted. */
  readonly view: ViewOutput;
  readonly title: string;
  /** Shown while the work takes longer than Slack waits. */
  readonly waiting: ModalView;
  readonly work: () => Promise<Answer>;
  /** Tells the outcome when the person closed the modal meanwhile. */
  readonly onClosed?: (answer: Answer) => Promise<void>;
}

/** Answers a submission in time, whatever the work behind it takes. */
export async function answerSubmission(submission: Submission): Promise<void> {
  const { ack, client, clock, view: form, title, waiting, onClosed, log } = submission;
  const work = submission.work().catch((error: unknown): Answer => {
    const words = failureWords(error, log, submission.deed);
    // What somebody entered is not lost for it.
    return { show: isForm(form) ? keptForm(form, `:warning: ${words}`) : noticeView(title, words) };
  });
  const early = await inTime(work, clock);
  if (early !== LATE) {
    if ('errors' in early) return await ack({ response_action: 'errors', errors: { ...early.errors } });
    if ('show' in early) return await ack({ response_action: 'update', view: early.show });
    return await ack({ response_action: 'clear' });
  }
  await ack({ response_action: 'update', view: waiting });
  const late = await work;
  try {
    const view =
      'errors' in late
        ? await late.again()
        : 'show' in late
          ? late.show
          : noticeView(title, 'Done. You can close this.');
    await client.views.update({ view_id: form.id, view });
  } catch (error) {
    log.debug('A modal was closed before its answer came', { error });
    await onClosed?.(late);
  }
}

async function orNotice(context: ModalContext, title: string, build: Promise<ModalView>): Promise<ModalView> {
  try {
    return await build;
  } catch (error) {
    return noticeView(title, failureWords(error, context.log, context.deed));
  }
}
