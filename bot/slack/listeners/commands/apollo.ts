import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { nearestTo } from '../../../nearest.ts';
import type { Message } from '../../blocks.ts';
import { answer } from '../../messages/answer.ts';
import { helpMessage, unknownCommandMessage } from '../../messages/help.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { blocksIn } from '../../transport/workspace.ts';
import { failureWords } from '../../words/failure-words.ts';
import { cancel } from './cancel.ts';
import { connect } from './connect.ts';
import { credits } from './credits.ts';
import { disconnect } from './disconnect.ts';
import { enrich } from './enrich.ts';
import { forget } from './forget.ts';
import type { Invocation, Subcommand } from './invocation.ts';
import { jobs } from './jobs.ts';
import { open } from './open.ts';
import { resume } from './resume.ts';
import { schedule } from './schedule.ts';
import { settings } from './settings.ts';
import { slots } from './slots.ts';
import { status } from './status.ts';
import { token } from './token.ts';

const help: Subcommand = async () => helpMessage();

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  '': help,
  help,
  connect,
  disconnect,
  open,
  slots,
  enrich,
  jobs,
  status,
  cancel,
  resume,
  schedule,
  credits,
  forget,
  settings,
  token,
};

/** Those that open a modal, and ask who may while they do. */
const ASK_THEMSELVES: ReadonlySet<Subcommand> = new Set([connect, enrich, schedule, settings]);

/** `/apollo …`: acknowledged at once, answered to whoever asked and to nobody else. */
export function apolloCommand(services: Services) {
  return async ({
    command,
    client,
    context,
    respond,
  }: AllMiddlewareArgs & SlackCommandMiddlewareArgs): Promise<void> => {
    const asker = askerOf({ client, context, user: command.user_id });
    const [word = '', ...rest] = command.text.trim().split(/\s+/);
    const invocation: Invocation = {
      services,
      ...asker,
      trigger: command.trigger_id,
      rest: rest.join(' '),
      reader: () => services.people.reader(client, asker.workspace, asker.user),
    };
    const message = await carryOut(word.toLowerCase(), invocation);
    if (message)
      await respond({
        response_type: 'ephemeral',
        text: message.text,
        blocks: blocksIn(asker.workspace, message.blocks),
      });
  };
}

async function carryOut(word: string, invocation: Invocation): Promise<Message | undefined> {
  const subcommand = Object.hasOwn(SUBCOMMANDS, word) ? SUBCOMMANDS[word] : undefined;
  if (!subcommand) return unknownCommandMessage(nearestTo(word, Object.keys(SUBCOMMANDS).filter(Boolean)));
  try {
    if (!ASK_THEMSELVES.has(subcommand)) await invocation.services.permissions.requireMember(invocation);
    return await subcommand(invocation);
  } catch (error) {
    return answer(failureWords(error, invocation.services.log, `/apollo ${word}`));
  }
}
