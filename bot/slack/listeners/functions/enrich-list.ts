import type { Extra } from '../../lists/list-wish.ts';
import type { ListOrigin } from '../../lists/lists.ts';
import { fileIn, saysYes, textIn } from './inputs.ts';
import { StepError, type StepRun } from './on-step.ts';

/** Inputs that ask for more than e-mail and profile. */
const EXTRAS: readonly (readonly [input: string, extra: Extra])[] = [
  ['phones', 'phones'],
  ['personal_emails', 'personalEmails'],
  ['company', 'company'],
];

/**
 * *Enrich a list*: a file or pasted leads, without anybody who looks at the estimate, so only with a limit.
 * The list runs as any other; the step ends when it does.
 */
export async function enrichListStep(run: StepRun): Promise<void> {
  const { services, client, workspace, execution, inputs } = run;
  const { repository, jobService, lists } = services;
  // A process may have ended between the start and the note that it was done.
  if ((await repository.all(workspace)).some((record) => record.execution === execution)) return;
  const user = textIn(inputs.user);
  const limit = Number(inputs.credit_limit);
  if (!/^[UW][A-Z0-9]+$/.test(user)) throw new StepError('Say who gets the enriched list.');
  if (!(limit >= 1)) throw new StepError('Say how many credits the list may cost at most, as a number.');

  const origin = originIn(textIn(inputs.list));
  await using stack = new AsyncDisposableStack();
  const file = await lists.open(client, origin).catch((error: unknown) => {
    if ('pasted' in origin) throw error;
    throw new StepError(
      `${error instanceof Error ? error.message : String(error)} A file from a form must be shared first: put a step before this one that sends it to a channel that I am in.`,
    );
  });
  stack.defer(() => file.close());
  const read = await lists.read(file);
  if (Object.keys(read.mapping.fields).length === 0) {
    throw new StepError(
      `Nothing in ${read.name} identifies anybody. Give e-mails or LinkedIn addresses, one a line, or a file with columns such as Email, LinkedIn URL, First Name, Last Name and Company.`,
    );
  }
  const extras = EXTRAS.filter(([input]) => saysYes(inputs[input])).map(([, extra]) => extra);
  const job = await lists.prepare(workspace, file, read.mapping, { extras, limit: Math.floor(limit) });
  await jobService.start(workspace, job.id, user, { execution });
}

function originIn(words: string): ListOrigin {
  if (words === '') throw new StepError('Give the step a list: a file, or leads, one a line.');
  const file = fileIn(words);
  return file === undefined ? { pasted: words } : { file };
}
