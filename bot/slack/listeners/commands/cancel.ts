import { controlList } from '../control-list.ts';
import { listMessage } from '../list-message.ts';
import type { Subcommand } from './invocation.ts';
import { needsId } from './needs-id.ts';

export const cancel: Subcommand = async (invocation) => {
  const { rest } = invocation;
  if (rest === '') return needsId('cancel');
  const { job, note } = await controlList(invocation, 'cancel', rest);
  return await listMessage(invocation, job, note);
};
