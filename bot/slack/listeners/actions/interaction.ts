import { createCoordination } from '@connectionsphere/core/node';
import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Reader } from '../../../reader.ts';
import { VIEW } from '../../action-ids.ts';
import { LIMITS, type Message, plain } from '../../blocks.ts';
import { answer } from '../../messages/answer.ts';
import { inTime, LATE, openModal } from '../../modal.ts';
import type { Asker } from '../../people/people.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { slackWord } from '../../transport/clients.ts';
import { blocksIn, inWorkspace } from '../../transport/workspace.ts';
import { isForm, keptForm } from '../../views/kept-form.ts';
import { failureWords } from '../../words/failure-words.ts';

/** A button that a person pressed: in a message, in a modal or on the Home tab. */
export interface Interaction extends Asker {
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
  /** Puts something else in the place of the modal in which it was pressed. */
  replace(view: ModalView): Promise<void>;
  /**
   * As {@link replace}, with a form. When that takes long, a line says meanwhile that the press was
   * heard. A modal that was closed meanwhile stays closed.
   */
  heard(waiting: string, build: () => Promise<ModalView>): Promise<void>;
}

/** What takes longer is said to be under way. ms. */
const SOON_MS = 400;

/** Presses in one modal are seen to in the order in which they came: the last one stays. */
const modals = createCoordination();

type Handler = (interaction: Interaction) => Promise<void>;
type ButtonArgs = AllMiddlewareArgs & SlackActionMiddlewareArgs<BlockAction>;

/**
 * Does what a button is for, for those who may use the bot; what goes wrong is told in words, where the button is.
 * `asksItself`: the handler opens a modal, which cannot wait for what Slack says of the person, and asks meanwhile.
 */
export function onInteraction(services: Services, handler: Handler, asksItself = false) {
  return async (args: ButtonArgs): Promise<void> => {
    const interaction = interactionOf(services, args);
    const { modal } = interaction;
    const see = async () => {
      try {
        if (!asksItself) await services.permissions.requireMember(interaction);
        await handler(interaction);
      } catch (error) {
        const words = `:warning: ${failureWords(error, services.log, args.action.action_id)}`;
        if (!modal || !isForm(modal)) return await interaction.show(answer(words));
        // What somebody entered is not lost for it.
        await interaction.replace(keptForm(modal, words));
      }
    };
    await (modal ? modals.exclusive(modal.id, see) : see());
  };
}

function interactionOf(
  services: Services,
  { body, action, client, context, respond }: ButtonArgs,
): Interaction {
  const asker = askerOf({ client, context, user: body.user.id, home: body.user.team_id });
  const onHome = body.view?.type === 'home';
  const modal = body.view?.type === 'modal' ? body.view : undefined;
  const { clock, log } = services;
  const replace = async (view: ModalView) => {
    if (modal) await client.views.update({ view_id: modal.id, view: inWorkspace(view, asker.workspace) });
  };
  return {
    services,
    ...asker,
    replace,
    trigger: body.trigger_id,
    value: chosenIn(action),
    onHome,
    ...(modal && { modal }),
    ...(body.message?.ts !== undefined && { message: body.message.ts }),
    heard: async (waiting, build) => {
      if (!modal) return;
      // Without the view's hash: presses come in turn, and one that is quicker than Slack is none the less meant.
      const update = async (view: ModalView) => {
        await replace(view).catch((error: unknown) => {
          if (!GONE.has(slackWord(error) ?? '')) throw error;
          log.debug('A modal was closed before its answer came', { error });
        });
      };
      const built = build();
      if ((await inTime(built, clock, SOON_MS)) === LATE)
        await update(keptForm(modal, `:hourglass_flowing_sand: ${waiting}`));
      await update(await built);
    },
    reader: () => services.people.reader(client, asker.workspace, asker.user),
    show: async (message) => {
      const content = { text: message.text, blocks: blocksIn(asker.workspace, message.blocks) };
      if (modal) {
        await replace(modalOf(message));
      } else if (onHome) {
        const opener = { ...asker, services, trigger: body.trigger_id };
        const build = async () => modalOf(message);
        await openModal(opener, { deed: action.action_id, title: TITLE, build });
      } else if (body.container.is_ephemeral === true) {
        await respond({ replace_original: true, ...content });
      } else {
        await respond({ response_type: 'ephemeral', replace_original: false, ...content });
      }
    },
  };
}

const TITLE = 'ConnectionSphere';

/** What a button, or the option that was chosen, stands for. */
function chosenIn(action: ButtonArgs['action']): string {
  if ('value' in action && typeof action.value === 'string') return action.value;
  const option = action.type === 'static_select' ? action.selected_option : undefined;
  return option && 'value' in option ? String(option.value ?? '') : '';
}

/** Slack's words for a view that is there no more. */
const GONE: ReadonlySet<string> = new Set(['not_found', 'view_not_found']);

function modalOf({ blocks }: Message): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.notice,
    title: plain(TITLE, LIMITS.title),
    close: plain('Close', LIMITS.title),
    blocks: [...blocks],
  };
}
