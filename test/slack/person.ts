import { randomUUID } from 'node:crypto';
import type { View } from '@slack/types';
import { slackSignature } from './signing.ts';
import { type Call, type SlackServer, TEAM } from './slack-server.ts';

export const SIGNING_SECRET = 'signing-secret-of-the-tests';

/** Something with blocks that somebody sees: a message, an answer, a view. */
export interface Seen {
  readonly blocks: readonly object[];
}

type Values = Record<string, Record<string, unknown>>;

/** The whole request, for tests of what is refused. */
export interface SentRequest {
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** Sends what Slack would send, signed as Slack signs it. `at`: seconds since the epoch. */
export function signedRequest(body: string, at = Math.floor(Date.now() / 1000)): SentRequest {
  return {
    body,
    headers: {
      'content-type': body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': slackSignature(SIGNING_SECRET, at, body),
    },
  };
}

/** Where somebody is in Slack. */
export interface Place {
  /** The workspace in which the person works now. */
  readonly workspace: string;
  /** The workspace that the person is from: another than the app's in a shared channel. */
  readonly home: string;
  /** The organisation for which the app is installed, if it is. */
  readonly organisation?: string;
}

/** What the bot calls whoever pressed: nothing of it answers a press. */
const OF_ITSELF: ReadonlySet<string> = new Set(['auth.test', 'users.info', 'views.publish']);

/** Somebody in Slack: types commands, presses buttons, fills forms. */
export class Person {
  readonly id: string;
  readonly #slack: SlackServer;
  readonly #eventsUrl: string;
  readonly #place: Place;

  constructor(id: string, slack: SlackServer, eventsUrl: string, place: Partial<Place> = {}) {
    this.id = id;
    const { workspace = TEAM, home = workspace, ...rest } = place;
    this.#place = { ...rest, workspace, home };
    this.#slack = slack;
    this.#eventsUrl = eventsUrl;
  }

  /** The body of what was sent last, to be sent again. */
  last = '';

  /** When it was signed, seconds since the epoch. */
  #signedAt = 0;

  /**
   * What Slack does when it did not hear that the last request was heard: it signs and sends it anew. `ago`: seconds
   * between the two signatures.
   */
  async again(ago = 1): Promise<{ status: number; body: unknown }> {
    return await this.send(signedRequest(this.last, this.#signedAt - ago));
  }

  async #sign(body: string): Promise<{ status: number; body: unknown }> {
    this.last = body;
    this.#signedAt = Math.floor(Date.now() / 1000);
    return await this.send(signedRequest(body, this.#signedAt));
  }

  async send({ body, headers }: SentRequest): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.#eventsUrl, { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, body: /^[[{]/.test(text) ? JSON.parse(text) : text };
  }

  /** Types a command and gives what only this person sees: the answer, or the modal that opened. */
  async command(text: string): Promise<Call> {
    const from = this.#slack.calls.length;
    const responseUrl = this.#responseUrl();
    const { organisation } = this.#place;
    const form = new URLSearchParams({
      command: '/apollo',
      text,
      team_id: this.#place.workspace,
      ...(organisation && { enterprise_id: organisation, is_enterprise_install: 'true' }),
      user_id: this.id,
      user_name: 'somebody',
      channel_id: 'C000000001',
      channel_name: 'general',
      api_app_id: 'A000000009',
      trigger_id: await this.#slack.trigger(this.id),
      response_url: responseUrl,
    });
    const { status } = await this.#sign(form.toString());
    if (status !== 200) throw new Error(`The command was answered with ${status}`);
    const answered = await this.#slack.until(
      ({ method, args }) =>
        method === 'views.open' || (method === 'respond' && responseUrl.endsWith(String(args.url))),
      from,
    );
    return await this.#opened(answered, from);
  }

  /** As {@link command}, for a command that opens a modal; gives the view. */
  async modal(text: string): Promise<View & { id: string }> {
    const call = await this.command(text);
    if (call.method !== 'views.open') throw new Error(`No modal but: ${JSON.stringify(call.args)}`);
    return (call.answer as { view: View & { id: string } }).view;
  }

  /** Presses a button; gives the first thing that the bot then does which `what` holds for. */
  async press(
    where:
      | { message: Call }
      | { modal: View & { id: string }; values?: Values }
      | { home: View & { id: string } },
    action: string,
    what: (call: Call) => boolean = ({ method }) =>
      !OF_ITSELF.has(method) || ('home' in where && method === 'views.publish'),
    value?: string,
  ): Promise<Call> {
    const from = this.#slack.calls.length;
    await this.pressOnly(where, action, value);
    return await this.#opened(await this.#slack.until(what, from), from);
  }

  async pressOnly(
    where:
      | { message: Call }
      | { modal: View & { id: string }; values?: Values }
      | { home: View & { id: string } },
    action: string,
    value?: string,
  ): Promise<number> {
    const seen =
      'message' in where
        ? (where.message.args as unknown as Seen)
        : 'modal' in where
          ? where.modal
          : where.home;
    const button = buttonsOf(seen as Seen).find(
      (each) =>
        each.action_id === action &&
        (value === undefined ||
          each.value === value ||
          each.options?.some((option) => option.value === value)),
    );
    if (!button) {
      throw new Error(
        `There is no button ${action} among ${buttonsOf(seen as Seen).map((each) => each.action_id)}`,
      );
    }
    const { block_id = 'b' } = button;
    const origin =
      'message' in where
        ? where.message.method === 'respond'
          ? {
              container: { type: 'message', is_ephemeral: true, message_ts: '1.1' },
              response_url: this.#responseUrl(),
            }
          : {
              container: { type: 'message', is_ephemeral: false, message_ts: where.message.answer.ts },
              message: { ts: where.message.answer.ts },
              channel: { id: where.message.answer.channel },
              response_url: this.#responseUrl(),
            }
        : 'modal' in where
          ? {
              container: { type: 'view', view_id: where.modal.id },
              view: {
                ...(await this.#current(where.modal)),
                state: { values: { ...initialValues(where.modal), ...where.values } },
              },
            }
          : {
              container: { type: 'view', view_id: where.home.id },
              view: { ...where.home, state: { values: {} } },
            };
    const { status } = await this.#interact({
      type: 'block_actions',
      trigger_id: await this.#slack.trigger(this.id),
      actions: [
        button.options
          ? { ...(chosen(action, value ?? '')[action] as object), action_id: action, block_id }
          : { type: 'button', action_id: action, block_id, value: button.value, action_ts: '1.1' },
      ],
      ...origin,
    });
    return status;
  }

  /** Chooses an option that the bot wants to hear of at once; gives the view as it is then. */
  async choose(view: View & { id: string }, block: string, value: string): Promise<View & { id: string }> {
    const input = view.blocks.find(({ block_id }) => block_id === block) as {
      element: { action_id: string };
    };
    const { action_id } = input.element;
    const from = this.#slack.calls.length;
    const selected = chosen(action_id, value);
    await this.#interact({
      type: 'block_actions',
      trigger_id: await this.#slack.trigger(this.id),
      actions: [{ ...(selected[action_id] as object), action_id, block_id: block, action_ts: '1.1' }],
      container: { type: 'view', view_id: view.id },
      view: {
        ...(await this.#current(view)),
        state: { values: { ...initialValues(view), [block]: selected } },
      },
    });
    const { args } = await this.#slack.until(({ method }) => method === 'views.update', from);
    return { ...(args.view as View), id: view.id };
  }

  /**
   * Submits a form; gives the answer to the submission. Values that are left out stay as the form has them. When
   * the bot answers too late for Slack (404), the form stays open, and what is put in its place is the answer.
   */
  async submit(view: View & { id: string }, values: Values = {}): Promise<{ status: number; body: unknown }> {
    const from = this.#slack.calls.length;
    const answer = await this.#interact({
      type: 'view_submission',
      trigger_id: await this.#slack.trigger(this.id),
      view: { ...view, state: { values: { ...initialValues(view), ...values } } },
    });
    if (answer.status !== 404) return answer;
    const { args } = await this.#slack.until(
      (call) => call.method === 'views.update' && call.args.view_id === view.id,
      from,
    );
    return { status: 200, body: { response_action: 'update', view: args.view } };
  }

  /** As {@link submit}, and waits for what comes in the place of "one moment"; gives the view. */
  async submitted(view: View & { id: string }, values: Values = {}): Promise<View & { id: string }> {
    const from = this.#slack.calls.length;
    const { status, body } = await this.submit(view, values);
    const shown = (body as { view?: View }).view;
    if (!shown) throw new Error(`No view but ${status}: ${JSON.stringify(body)}`);
    if (!textOf(shown).includes(':hourglass_flowing_sand:')) return { ...shown, id: view.id };
    const { args } = await this.#slack.until(
      (call) => call.method === 'views.update' && call.args.view_id === view.id,
      from,
    );
    return { ...(args.view as View), id: view.id };
  }

  async closeModal(view: View & { id: string }): Promise<number> {
    return (await this.#interact({ type: 'view_closed', view, is_cleared: false })).status;
  }

  async shortcut(callback: string, message?: Record<string, unknown>): Promise<Call> {
    const from = this.#slack.calls.length;
    await this.#interact({
      type: message ? 'message_action' : 'shortcut',
      callback_id: callback,
      trigger_id: await this.#slack.trigger(this.id),
      ...(message && {
        message,
        channel: { id: 'C000000001', name: 'general' },
        response_url: this.#responseUrl(),
      }),
    });
    return await this.#opened(await this.#slack.until(({ method }) => method === 'views.open', from), from);
  }

  /** Slack tells of something that this person did. `ago`: seconds since it was sent. */
  async event(event: Record<string, unknown>, id = `Ev${randomUUID()}`, ago = 0): Promise<number> {
    const { workspace, organisation } = this.#place;
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: workspace,
      ...(organisation && { enterprise_id: organisation }),
      authorizations: [
        {
          enterprise_id: organisation ?? null,
          team_id: workspace,
          user_id: 'U00000BOT',
          is_bot: true,
          is_enterprise_install: organisation !== undefined,
        },
      ],
      api_app_id: 'A000000009',
      event_id: id,
      event_time: 1_795_000_000,
      event: { user: this.id, event_ts: '1.1', ...event },
    });
    return (await this.send(signedRequest(body, Math.floor(Date.now() / 1000) - ago))).status;
  }

  /** Runs a workflow with a step of ours; gives the step's execution. */
  async step(callback: string, inputs: Record<string, unknown>): Promise<string> {
    const execution = this.#slack.beginStep(callback);
    await this.event(stepEvent(callback, execution, inputs));
    return execution;
  }

  /**
   * A modal that opened, with what it shows once it has something to show: on a slow machine it opens with "one
   * moment", which nobody can submit.
   */
  async #opened(call: Call, from: number): Promise<Call> {
    const opened = (call.answer as { view?: View & { id: string } }).view;
    if (call.method !== 'views.open' || !opened || !textOf(opened).includes(':hourglass_flowing_sand:'))
      return call;
    const { args } = await this.#slack.until(
      ({ method, args }) => method === 'views.update' && args.view_id === opened.id,
      from,
    );
    const view = { ...opened, ...(args.view as View), id: opened.id };
    return { ...call, args: { ...call.args, view }, answer: { ...call.answer, view } };
  }

  async #interact(payload: Record<string, unknown>) {
    const { organisation, workspace, home } = this.#place;
    // Of an installation for an organisation Slack says no team, and in a form the organisation alone.
    const view = payload.view as object | undefined;
    const ofOrganisation = organisation && {
      team: null,
      enterprise: { id: organisation, name: 'Contoso' },
      is_enterprise_install: true,
      ...(view && { view: { ...view, team_id: home, app_installed_team_id: organisation } }),
    };
    const whole = {
      team: { id: workspace, domain: 'contoso' },
      user: { id: this.id, name: 'somebody', team_id: home },
      api_app_id: 'A000000009',
      ...payload,
      ...ofOrganisation,
    };
    return await this.#sign(new URLSearchParams({ payload: JSON.stringify(whole) }).toString());
  }

  async #current(view: View & { id: string }): Promise<View & { id: string }> {
    const [last] = this.#slack.calls
      .filter(({ answer }) => (answer as { view?: { id: string } }).view?.id === view.id)
      .slice(-1);
    // The answer to a submission changes a view, too, and the emulator does not hear of it: only the hash is new.
    return last ? Object.assign({ ...view }, { hash: (last.answer.view as { hash?: string }).hash }) : view;
  }

  #responseUrl(): string {
    return `${this.#slack.origin}/respond/${randomUUID()}`;
  }
}

/** What Slack sends when a workflow comes to a step of ours; it does not say who runs the workflow. */
export function stepEvent(
  callback: string,
  execution: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  return {
    type: 'function_executed',
    function: { id: 'Fn1', callback_id: callback, title: callback, type: 'app', app_id: 'A000000009' },
    inputs,
    function_execution_id: execution,
    workflow_execution_id: 'Wx1',
    bot_access_token: 'xwfp-revoked-when-the-step-ends',
    user: undefined,
  };
}

/** What an untouched form sends: its initial options and values. */
export function initialValues(view: Seen): Values {
  const values: Values = {};
  for (const block of view.blocks as readonly Record<string, unknown>[]) {
    if (block.type !== 'input') continue;
    const element = block.element as Record<string, unknown>;
    values[String(block.block_id)] = {
      [String(element.action_id)]: {
        type: element.type,
        value: element.initial_value ?? null,
        selected_option: element.initial_option ?? null,
        selected_options: element.initial_options ?? [],
        selected_users: element.initial_users ?? [],
        selected_conversation: element.initial_conversation ?? null,
        selected_conversations: element.initial_conversations ?? [],
        files: [],
      },
    };
  }
  return values;
}

/** Entered text, as a form sends it. */
export function typed(action: string, value: string): Record<string, unknown> {
  return { [action]: { type: 'plain_text_input', value } };
}

export function chosen(action: string, value: string): Record<string, unknown> {
  return {
    [action]: {
      type: 'static_select',
      selected_option: { text: { type: 'plain_text', text: value }, value },
    },
  };
}

interface Pressable {
  readonly type?: string;
  readonly action_id?: string;
  /** Of the block in which it is. */
  readonly block_id?: string;
  readonly value?: string;
  /** Of a select that the bot wants to hear of at once. */
  readonly options?: readonly { readonly value: string }[];
  readonly confirm?: { text: { text: string } };
}

export function buttonsOf({ blocks }: Seen): Pressable[] {
  return (blocks as readonly Record<string, unknown>[])
    .flatMap((block) =>
      [
        ...((block.elements as Pressable[] | undefined) ?? []),
        ...(block.accessory ? [block.accessory as Pressable] : []),
      ].map((each) => ({
        ...each,
        ...(typeof block.block_id === 'string' && { block_id: block.block_id }),
      })),
    )
    .filter(({ type }) => type === 'button' || type === 'static_select');
}

/** All that can be read in it, one text a line. */
export function textOf(seen: unknown): string {
  const texts: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) walk(each);
    else if (typeof node === 'object' && node !== null) {
      for (const [name, value] of Object.entries(node)) {
        if (name === 'text' && typeof value === 'string') texts.push(value);
        else walk(value);
      }
    }
  };
  walk(seen);
  return texts.join('\n');
}
