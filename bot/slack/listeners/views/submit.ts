import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Reader } from '../../../reader.ts';
import { answerSubmission, type Submission } from '../../modal.ts';
import type { Services } from '../../services.ts';

/** Somebody submitted a form. */
export interface Submitted {
  readonly client: WebClient;
  readonly workspace: string;
  readonly user: string;
  readonly view: ViewSubmitAction['view'];
  reader(): Promise<Reader>;
  /** Points at mistakes that need no asking, by block id. */
  refuse(errors: Record<string, string>): Promise<void>;
  /** Answers in time, whatever the work takes. */
  answer(how: Pick<Submission, 'deed' | 'title' | 'waiting' | 'work' | 'onClosed'>): Promise<void>;
}

/** Listens to a form. */
export function onSubmit(services: Services, handler: (submitted: Submitted) => Promise<void>) {
  return async ({
    ack,
    view,
    body,
    client,
    context,
  }: AllMiddlewareArgs & SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { clock, log, people } = services;
    const workspace = context.teamId ?? context.enterpriseId ?? '';
    const user = body.user.id;
    await handler({
      client,
      workspace,
      user,
      view,
      reader: () => people.reader(client, workspace, user),
      refuse: (errors) => ack({ response_action: 'errors', errors }),
      answer: (how) => answerSubmission({ ack, client, clock, log, viewId: view.id, ...how }),
    });
  };
}
