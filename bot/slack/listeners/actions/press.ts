import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Reader } from '../../../reader.ts';
import { VIEW } from '../../action-ids.ts';
import { LIMITS, type Message, plain } from '../../blocks.ts';
import { answer } from '../../messages/answer.ts';
import { openModal } from '../../modal.ts';
import type { Asker } from '../../people/people.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { failureWords } from '../../words/failure-words.ts';

/** Somebody pressed a button: in a message, in a modal or on the Home tab. */
export interface Press extends Asker {
  readonly services: Services;
  readonly client: WebClient;
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

/**
 * Acknowledges first, then does it for those who may use the bot; what goes wrong is told in words, where the
 * button is. `asksItself`: the handler opens a modal, which cannot wait for what Slack says of the person, and
 * asks while it does so.
 */
export function onPress(services: Services, handler: Handler, asksItself = false) {
  return async (args: ButtonArgs): Promise<void> => {
    await args.ack();
    const press = pressOf(services, args);
    try {
      if (!asksItself) await services.permissions.requireMember(press);
      await handler(press);
    } catch (error) {
      const words = failureWords(error, services.log, args.action.action_id);
      await press.show(answer(`:warning: ${words}`));
    }
  };
}

function pressOf(services: Services, { body, action, client, context, respond }: ButtonArgs): Press {
  const asker = askerOf({ client, context, user: body.user.id, home: body.user.team_id });
  const onHome = body.view?.type === 'home';
  const modal = body.view?.type === 'modal' ? body.view : undefined;
  const { clock, log } = services;
  return {
    services,
    ...asker,
    trigger: body.trigger_id,
    value: 'value' in action && typeof action.value === 'string' ? action.value : '',
    onHome,
    ...(modal && { modal }),
    ...(body.message?.ts !== undefined && { message: body.message.ts }),
    reader: () => services.people.reader(client, asker.workspace, asker.user),
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
