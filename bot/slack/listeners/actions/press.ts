import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Reader } from '../../../reader.ts';
import { VIEW } from '../../action-ids.ts';
import { LIMITS, type Message, plain } from '../../blocks.ts';
import { answer } from '../../messages/answer.ts';
import { openModal } from '../../modal.ts';
import type { Services } from '../../services.ts';
import { failureWords } from '../../words/failure-words.ts';

/** Somebody pressed a button: in a message, in a modal or on the Home tab. */
export interface Press {
  readonly services: Services;
  readonly client: WebClient;
  readonly workspace: string;
  readonly user: string;
  readonly trigger: string;
  /** The button's value. */
  readonly value: string;
  /** The modal in which it was pressed. */
  readonly modal?: NonNullable<BlockAction['view']>;
  readonly onHome: boolean;
  /** `ts` of the message in which it was pressed. */
  readonly message?: string;
  reader(): Promise<Reader>;
  /**
   * Shows something to whoever pressed, where it was pressed: in the place of an ephemeral message or of the
   * modal, beside a message that others may see, in a modal over the Home tab.
   */
  show(message: Message): Promise<void>;
}

type Handler = (press: Press) => Promise<void>;
type ButtonArgs = AllMiddlewareArgs & SlackActionMiddlewareArgs<BlockAction>;

/** Acknowledges first, then does it; what goes wrong is told in words, where the button is. */
export function onPress(services: Services, handler: Handler) {
  return async (args: ButtonArgs): Promise<void> => {
    await args.ack();
    const press = pressOf(services, args);
    try {
      await handler(press);
    } catch (error) {
      const words = failureWords(error, services.log, args.action.action_id);
      await press.show(answer(`:warning: ${words}`));
    }
  };
}

function pressOf(services: Services, { body, action, client, context, respond }: ButtonArgs): Press {
  const workspace = context.teamId ?? context.enterpriseId ?? body.team?.id ?? '';
  const user = body.user.id;
  const onHome = body.view?.type === 'home';
  const modal = body.view?.type === 'modal' ? body.view : undefined;
  const { clock, log } = services;
  return {
    services,
    client,
    workspace,
    user,
    trigger: body.trigger_id,
    value: 'value' in action && typeof action.value === 'string' ? action.value : '',
    onHome,
    ...(modal && { modal }),
    ...(body.message?.ts !== undefined && { message: body.message.ts }),
    reader: () => services.people.reader(client, workspace, user),
    show: async (message) => {
      const content = { text: message.text, blocks: [...message.blocks] };
      if (modal) {
        await client.views.update({ view_id: modal.id, view: modalOf(message) });
      } else if (onHome) {
        const context = { client, clock, log, deed: action.action_id };
        await openModal(context, body.trigger_id, TITLE, Promise.resolve(modalOf(message)));
      } else if (body.container.is_ephemeral === true) {
        await respond({ replace_original: true, ...content });
      } else {
        await respond({ response_type: 'ephemeral', replace_original: false, ...content });
      }
    },
  };
}

const TITLE = 'ConnectionSphere';

function modalOf({ blocks }: Message): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.notice,
    title: plain(TITLE, LIMITS.title),
    close: plain('Close', LIMITS.title),
    blocks: [...blocks],
  };
}
