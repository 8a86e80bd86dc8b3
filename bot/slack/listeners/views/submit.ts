import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Reader } from '../../../reader.ts';
import { answerSubmission, type Submission } from '../../modal.ts';
import type { Asker } from '../../people/people.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';

/** Somebody submitted a form. */
export interface Submitted extends Asker {
  readonly client: WebClient;
  readonly view: ViewSubmitAction['view'];
  reader(): Promise<Reader>;
  /** Points at mistakes that need no asking, by block id. */
  refuse(errors: Record<string, string>): Promise<void>;
  /** Answers in time, whatever the work takes. */
  answer(how: Pick<Submission, 'deed' | 'title' | 'waiting' | 'work' | 'onClosed'>): Promise<void>;
}

/** So many submissions are remembered with what they were answered. */
const MOST_KEPT = 500;

/**
 * Listens to a form. A submission that Slack sends again (with the same `trigger_id`) is not done again: it gets
 * the answer that the first one got, since an empty one would close the form.
 */
export function onSubmit(services: Services, handler: (submitted: Submitted) => Promise<void>) {
  const answered = new Map<string, Promise<Parameters<Submission['ack']>[0]>>();
  return async ({
    ack: acknowledge,
    view,
    body,
    client,
    context,
  }: AllMiddlewareArgs & SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { clock, log, people } = services;
    const before = answered.get(body.trigger_id);
    if (before) {
      await (acknowledge as Submission['ack'])(await before);
      return;
    }
    const first = Promise.withResolvers<Parameters<Submission['ack']>[0]>();
    const [oldest] = answered.keys();
    if (answered.size >= MOST_KEPT && oldest !== undefined) answered.delete(oldest);
    if (body.trigger_id) answered.set(body.trigger_id, first.promise);
    const ack: Submission['ack'] = async (response) => {
      first.resolve(response);
      await (acknowledge as Submission['ack'])(response);
    };
    const asker = askerOf({ client, context, user: body.user.id, home: body.user.team_id });
    await handler({
      ...asker,
      view,
      reader: () => people.reader(client, asker.workspace, asker.user),
      refuse: (errors) => ack({ response_action: 'errors', errors }),
      answer: (how) =>
        answerSubmission({
          ack,
          client,
          workspace: asker.workspace,
          user: asker.user,
          clock,
          log,
          view,
          arrived: Number(context.arrived),
          ...how,
        }),
    });
  };
}
