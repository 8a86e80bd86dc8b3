import { answer } from '../../messages/answer.ts';
import { openConnect } from '../open-connect.ts';
import type { Subcommand } from './invocation.ts';

export const connect: Subcommand = async (invocation) => {
  const { rest } = invocation;
  // Whatever it was, it may have been a key, and Slack keeps what is typed.
  if (rest !== '' && !/^\d$/.test(rest)) {
    return answer(
      'Never type a key into a command or a message: Slack keeps what is typed. If that was a key, *delete it in Apollo* now and make a new one. Then type `/apollo connect` alone: a form asks for the key.',
    );
  }
  const slot = rest === '' ? undefined : Number(rest);
  await openConnect({ ...invocation, slot });
  return undefined;
};
