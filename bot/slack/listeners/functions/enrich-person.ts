import { DEFAULT_OPTIONS } from '@connectionsphere/core';
import { mostCreditsFor, subjectOf } from '../../../asked-for.ts';
import { personOutputs } from '../../jobs/step-service.ts';
import { WORKFLOWS } from '../../people/person-credits.ts';
import { textIn } from './inputs.ts';
import { StepError, type StepRun } from './on-step.ts';

/** *Enrich a person*: one person, or one company, at once. */
export async function enrichPersonStep({ services, workspace, execution, inputs }: StepRun): Promise<void> {
  const wanted = subjectOf(textIn(inputs.person));
  if (!wanted) {
    throw new StepError(
      'Nothing here identifies anybody. Give the step an e-mail address, a LinkedIn profile address, "Ada Lovelace, Contoso", or the domain of a company.',
    );
  }
  const { asked, kind, lead } = wanted;
  const most = mostCreditsFor([wanted], DEFAULT_OPTIONS);
  const answered = await services.personCredits.spend(workspace, WORKFLOWS, most, () =>
    services.core.enrich({ workspace, kind, leads: [lead], options: DEFAULT_OPTIONS }),
  );
  if ('short' in answered) {
    throw new StepError(
      `${asked} was not looked up: all workflows together may spend as much as one person, ${answered.short.limit} credits a month, and have used that up. An admin can raise it with /apollo settings.`,
    );
  }
  const { results, stopped, problem, credits } = answered.done;
  if (stopped === 'no-slot') {
    throw new StepError('No connected Apollo key can look people up. See /apollo slots.');
  }
  if (stopped === 'slot-limit') {
    throw new StepError(
      'Every slot is at its credit limit for the month. An admin can raise one with /apollo credits.',
    );
  }
  if (stopped === 'budget') {
    throw new StepError(
      'The workspace reached its credit limit for the month. An admin can raise it with /apollo credits.',
    );
  }
  if (problem) throw new StepError(`${asked} was not looked up. ${problem}`);
  const [result] = results;
  if (!result || !['matched', 'review', 'unmatched'].includes(result.outcome)) {
    throw new StepError(
      `${asked} was not looked up. ${result?.error ?? 'Run the workflow again in a minute.'}`,
    );
  }
  await services.steps.complete(workspace, execution, personOutputs(asked, result, credits));
}
