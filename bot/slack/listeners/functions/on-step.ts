import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { isListError } from '../../lists/lists.ts';
import type { Services } from '../../services.ts';
import { failureWords } from '../../words/failure-words.ts';

/** A step of a workflow is to be carried out. */
export interface StepRun {
  readonly services: Services;
  readonly client: WebClient;
  readonly workspace: string;
  /** Slack's `function_execution_id`. */
  readonly execution: string;
  /** As the workflow gives them, by the names in `manifest.steps.yml`. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Something in a step's inputs is wrong. The message is for whoever built the workflow. */
export class StepError extends Error {
  override readonly name = 'StepError';
}

/** Carries a step out, once however often Slack asks; what goes wrong ends it with words that help. */
export function onStep(services: Services, work: (run: StepRun) => Promise<void>) {
  return async ({
    event,
    body,
    client,
    context,
  }: AllMiddlewareArgs & SlackEventMiddlewareArgs<'function_executed'>): Promise<void> => {
    const workspace = context.teamId ?? context.enterpriseId ?? body.team_id;
    const execution = event.function_execution_id;
    const { log, once, permissions, steps } = services;
    await once.do(`step/${execution}`, async () => {
      try {
        await permissions.requireWorkflows(workspace);
        await work({ services, client, workspace, execution, inputs: event.inputs });
      } catch (error) {
        const isForPeople = error instanceof StepError || isListError(error);
        const words = isForPeople ? error.message : failureWords(error, log, event.function.callback_id);
        await steps.fail(workspace, execution, words);
      }
    });
  };
}
