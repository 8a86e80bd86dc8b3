import { KindUnclearError } from '@connectionsphere/core';
import type { Message } from '../../blocks.ts';
import { isExtra, type Wish } from '../../lists/list-wish.ts';
import { isListError, type ListOrigin, type ReadList } from '../../lists/lists.ts';
import { answer } from '../../messages/answer.ts';
import type { ListFile } from '../../messages/file-offer.ts';
import { readyMessage } from '../../messages/ready.ts';
import type { Answer } from '../../modal.ts';
import type { Services } from '../../services.ts';
import { ENRICH_FIELDS, enrichView, MOST_PASTED } from '../../views/enrich.ts';
import { waitingView } from '../../views/notice.ts';
import { reviewView } from '../../views/review.ts';
import { reviewModelOf } from '../review-model.ts';
import { onSubmit, type Submitted } from './submit.ts';

const TITLE = 'Enrich a list';
type View = Submitted['view'];

/** A list was given: it is read, its columns recognised, its cost estimated. Nothing is spent. */
export function enrich(services: Services) {
  return onSubmit(services, async (form) => {
    const { client, workspace, user, view } = form;
    const { lists, permissions } = services;
    const given = originIn(view);
    const wish = wishIn(view);
    if ('problem' in given) {
      await form.refuse(given.problem);
      return;
    }
    const field = 'pasted' in given.origin ? ENRICH_FIELDS.pasted.block : ENRICH_FIELDS.file.block;
    // For whoever has closed the form before the list was read.
    let closed: Message | undefined;
    const wrong = (problem: string): Answer => {
      closed = answer(problem);
      // A file that was named by a message has no field of its own.
      return fileIn(view)
        ? { show: enrichView({ file: fileIn(view), wish, problem }) }
        : {
            errors: { [field]: problem },
            again: () =>
              enrichView({ wish, problem, ...('pasted' in given.origin && { pasted: given.origin.pasted }) }),
          };
    };

    const work = async (): Promise<Answer> => {
      await permissions.require('enrich', form);
      const reader = await form.reader();
      let read: ReadList | undefined;
      try {
        await using stack = new AsyncDisposableStack();
        const file = await lists.open(client, given.origin);
        stack.defer(() => file.close());
        read = await lists.read(file);
        if (Object.keys(read.mapping.fields).length > 0) {
          const job = await lists.prepare(workspace, file, read.mapping, wish);
          closed = readyMessage(job, reader);
          const { channel, thread } = fileIn(view) ?? {};
          const memo = channel === undefined ? {} : { from: { channel, thread } };
          return { show: reviewView(await reviewModelOf(services, job, { user, reader, memo })) };
        }
        if ('pasted' in given.origin) {
          return wrong(
            'Nothing here identifies anybody. Paste e-mails or LinkedIn addresses, or rows below a header.',
          );
        }
        const note = 'No column was recognised. Say which column is what, then continue.';
        return { show: reviewView({ ...read, memo: { file: given.origin.file, wish }, reader, note }) };
      } catch (error) {
        if (error instanceof KindUnclearError && read && 'file' in given.origin) {
          const memo = { file: given.origin.file, wish };
          return { show: reviewView({ ...read, memo, reader, note: error.message }) };
        }
        if (error instanceof KindUnclearError)
          return wrong(`${error.message} Give the list as a file: then you can say it here.`);
        if (isListError(error)) return wrong(error.message);
        throw error;
      }
    };
    await form.answer({
      deed: 'enrich',
      title: TITLE,
      waiting: waitingView(
        TITLE,
        'Reading your list. A long one takes a few seconds. You may close this: then I tell you when it is read.',
      ),
      work,
      onClosed: () => closed,
    });
  });
}

function fileIn(view: View): ListFile | undefined {
  return (JSON.parse(view.private_metadata || '{}') as { file?: ListFile }).file;
}

function originIn(view: View): { origin: ListOrigin } | { problem: Record<string, string> } {
  const known = fileIn(view);
  if (known) return { origin: { file: known.id } };
  const { file, pasted } = ENRICH_FIELDS;
  const [uploaded] = view.state.values[file.block]?.[file.action]?.files ?? [];
  const text = view.state.values[pasted.block]?.[pasted.action]?.value ?? '';
  if (uploaded?.id && text.trim() !== '') {
    return { problem: { [pasted.block]: 'Give a file or paste leads, not both: take one of them away.' } };
  }
  if (uploaded?.id) return { origin: { file: uploaded.id } };
  // Slack takes no more than that, and leaves the rest of what is pasted away without a word.
  if (text.length >= MOST_PASTED)
    return {
      problem: {
        [pasted.block]: `Slack takes ${MOST_PASTED} characters here, so the end of what you pasted is missing. Send it to me as a message or as a file.`,
      },
    };
  if (text.trim() !== '') return { origin: { pasted: text.trim() } };
  return { problem: { [file.block]: 'Choose a file, or paste leads below.' } };
}

function wishIn(view: View): Wish {
  const { extras, limit } = ENRICH_FIELDS;
  const chosen = view.state.values[extras.block]?.[extras.action]?.selected_options ?? [];
  const credits = view.state.values[limit.block]?.[limit.action]?.value;
  return {
    extras: chosen
      .map(({ value }) => value)
      .filter((value) => value !== undefined && isExtra(value)) as Wish['extras'],
    ...(credits && { limit: Number(credits) }),
  };
}
