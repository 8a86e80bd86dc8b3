import {
  type Connected,
  KeyAlreadyConnected,
  KeyMalformed,
  KeyNotChecked,
  KeyRefusedByApollo,
  SlotsError,
} from '@connectionsphere/core';
import { shown } from '../../blocks.ts';
import { answer } from '../../messages/answer.ts';
import type { Answer } from '../../modal.ts';
import type { Services } from '../../services.ts';
import { CONNECT_FIELDS, checkingView, connectedView } from '../../views/connect.ts';
import { tellDeed } from '../deeds.ts';
import { refreshHome } from '../home.ts';
import { connectForm } from '../open-connect.ts';
import { onSubmit } from './submit.ts';

const KEY_PROBLEMS = [KeyMalformed, KeyRefusedByApollo, KeyNotChecked, KeyAlreadyConnected];

/** The key was submitted. It goes to the core and is kept nowhere here. */
export function connect(services: Services) {
  return onSubmit(services, async (form) => {
    const { workspace, user, view } = form;
    const { core, permissions } = services;
    const { slot, label, key } = CONNECT_FIELDS;
    const values = view.state.values;
    const number = Number(values[slot.block]?.[slot.action]?.selected_option?.value);
    const name = values[label.block]?.[label.action]?.value ?? undefined;
    let outcome: string | undefined;

    const work = async (): Promise<Answer> => {
      await permissions.require('connect', form);
      try {
        const connected = await core.slots.connect({
          workspace,
          key: values[key.block]?.[key.action]?.value ?? '',
          label: name,
          slot: number,
          by: user,
        });
        outcome = successWords(connected);
        await tellDeed(services, form, lower(outcome));
        await refreshHome(services, form);
        const reader = await form.reader();
        return { show: connectedView(connected, await core.slots.list(workspace), reader) };
      } catch (error) {
        if (!(error instanceof SlotsError)) throw error;
        const field = KEY_PROBLEMS.some((type) => error instanceof type) ? 'key' : 'slot';
        outcome = `The key was not connected. ${error.message}`;
        return {
          errors: { [CONNECT_FIELDS[field].block]: error.message },
          again: () =>
            connectForm(services, form, {
              slot: number,
              label: name === values[key.block]?.[key.action]?.value ? undefined : name,
              problem: { field, text: error.message },
            }),
        };
      }
    };
    await form.answer({
      deed: 'connect',
      title: 'Connect a key',
      waiting: checkingView(),
      work,
      onClosed: () => answer(outcome ?? 'The key was not connected. Try again with `/apollo connect`.'),
    });
  });
}

function successWords({ connection }: Connected): string {
  return `Connected *${shown(connection.label, 60)}* (key ending in ${connection.last4}) to slot ${connection.slot}.`;
}

function lower(words: string): string {
  return `${words.slice(0, 1).toLowerCase()}${words.slice(1)}`;
}
