import type { CreditSettings, SlotsView } from '@connectionsphere/core';
import type { KnownBlock, ModalView } from '@slack/types';
import { ACTION, VIEW } from '../action-ids.ts';
import { divider, LIMITS, plain, section, shown } from '../blocks.ts';
import { type Allowed, DEEDS, type Deed, type WorkspaceSettings } from '../people/settings.ts';
import { extrasInput } from './extras.ts';
import { monthlyLimitInputs } from './monthly-limit.ts';

const WHO = [
  { value: 'everyone', name: 'Everyone in this workspace' },
  { value: 'admins', name: 'Admins of this workspace' },
  { value: 'people', name: 'Chosen people, and admins' },
] as const;

const MAY: Record<Deed, string> = {
  connect: 'Who may connect keys',
  disconnect: 'Who may disconnect keys',
  enrich: 'Who may enrich leads, and pause or cancel their lists',
  forget: 'Who may have people forgotten',
  limits: 'Who may set monthly limits',
  tokens: 'Who may make API tokens',
};

const CHOSEN: Record<Deed, string> = {
  connect: 'People who may connect keys',
  disconnect: 'People who may disconnect keys',
  enrich: 'People who may enrich leads',
  forget: 'People who may have others forgotten',
  limits: 'People who may set monthly limits',
  tokens: 'People who may make API tokens',
};

/** A longer list of people is hard to keep up to date. */
const MOST_PEOPLE = 50;

const MOST_CHANNELS = 20;

export const settingsBlock = {
  who: (deed: Deed) => `who.${deed}`,
  people: (deed: Deed) => `people.${deed}`,
  workflows: 'workflows',
  guests: 'guests',
  notifications: 'notifications',
  personCredits: 'person-credits',
  offerIn: 'offer-in',
  extras: 'list-extras',
  listLimit: 'list-limit',
};
export const SETTINGS_ACTION = 'value';

export interface SettingsModel {
  readonly settings: WorkspaceSettings;
  readonly month: CreditSettings;
  readonly view: SlotsView;
  /** What was wrong with the last attempt. */
  readonly problem?: string | undefined;
}

/** Everything that a workspace sets for itself: who may do what, limits, defaults for lists, where the app speaks. */
export function settingsView({ settings, month, view, problem }: SettingsModel): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.settings,
    title: plain('Settings', LIMITS.title),
    submit: plain('Save', LIMITS.title),
    close: plain('Cancel', LIMITS.title),
    blocks: [
      ...(problem ? [section(`:warning: *${shown(problem, 1000)}*`)] : []),
      section(
        'Admins and owners of this Slack workspace, and of its organisation, may do everything and see all lists. People from other companies in shared channels may do nothing.',
      ),
      ...DEEDS.flatMap((deed) => deedInputs(deed, settings.allowed[deed])),
      ...(settings.allowed.enrich === 'everyone' ? [] : [workflowsInput(settings.workflows === true)]),
      guestsInput(settings.guests === true),
      divider,
      section(
        '*Credits in a calendar month (UTC)*\nA slot at its limit leaves the rest to the others. At the other limits, lists pause. Nothing is lost.',
      ),
      ...monthlyLimitInputs(month, view),
      creditsInput(
        settingsBlock.personCredits,
        'Each person, at most',
        settings.personCredits,
        'All workflows together may spend as much as one person.',
      ),
      divider,
      section('*How the form for a list is filled in at first*'),
      extrasInput({ block: settingsBlock.extras, action: SETTINGS_ACTION }, settings.lists),
      creditsInput(settingsBlock.listLimit, 'Credit limit of a list', settings.lists?.limit),
      divider,
      {
        type: 'input',
        block_id: settingsBlock.notifications,
        optional: true,
        label: plain('Where notices about keys and credits go'),
        hint: plain(
          'Whoever connected the key gets them in any case. Before you choose a channel, invite the app there with /invite.',
        ),
        element: {
          type: 'conversations_select',
          action_id: SETTINGS_ACTION,
          filter: { include: ['public', 'private', 'im'], exclude_bot_users: true },
          ...(settings.notifications !== undefined && { initial_conversation: settings.notifications }),
        },
      },
      {
        type: 'input',
        block_id: settingsBlock.offerIn,
        optional: true,
        label: plain('Channels in which I offer to enrich lists'),
        hint: plain(
          'Only whoever posts a file sees the offer. I read no messages there. Invite the app with /invite first.',
        ),
        element: {
          type: 'multi_conversations_select',
          action_id: SETTINGS_ACTION,
          filter: { include: ['public', 'private'], exclude_bot_users: true },
          max_selected_items: MOST_CHANNELS,
          ...(settings.offerIn?.length && { initial_conversations: [...settings.offerIn] }),
        },
      },
    ],
  };
}

/** Slack does not say who runs a workflow, so its steps cannot be for some people only. */
function workflowsInput(allowed: boolean): KnownBlock {
  return switchInput(settingsBlock.workflows, 'Workflow Builder', allowed, {
    name: 'Workflows may enrich leads too',
    hint: 'Whoever runs them, up to the limit that each step has.',
  });
}

function guestsInput(allowed: boolean): KnownBlock {
  return switchInput(settingsBlock.guests, 'Guests of this workspace', allowed, {
    name: 'Guests may use this app too',
    hint: 'Then they may do what everyone may.',
  });
}

function creditsInput(block: string, label: string, credits: number | undefined, hint?: string): KnownBlock {
  return {
    type: 'input',
    block_id: block,
    optional: true,
    label: plain(label),
    ...(hint !== undefined && { hint: plain(hint) }),
    element: {
      type: 'number_input',
      action_id: SETTINGS_ACTION,
      is_decimal_allowed: false,
      placeholder: plain('No limit', LIMITS.placeholder),
      min_value: '1',
      ...(credits !== undefined && { initial_value: String(credits) }),
    },
  };
}

function switchInput(
  block: string,
  label: string,
  on: boolean,
  { name, hint }: { readonly name: string; readonly hint: string },
): KnownBlock {
  const option = {
    text: plain(name, LIMITS.optionText),
    description: plain(hint, LIMITS.optionText),
    value: 'allowed',
  };
  return {
    type: 'input',
    block_id: block,
    optional: true,
    label: plain(label),
    element: {
      type: 'checkboxes',
      action_id: SETTINGS_ACTION,
      options: [option],
      ...(on && { initial_options: [option] }),
    },
  };
}

function deedInputs(deed: Deed, allowed: Allowed): KnownBlock[] {
  const options = WHO.map(({ value, name }) => ({
    text: plain(name, LIMITS.optionText),
    value: value as string,
  }));
  const now = typeof allowed === 'string' ? allowed : 'people';
  return [
    {
      type: 'input',
      block_id: settingsBlock.who(deed),
      dispatch_action: true,
      label: plain(MAY[deed]),
      element: {
        type: 'static_select',
        action_id: ACTION.settingsWho,
        options,
        initial_option:
          options.find(({ value }) => value === now) ?? (options[0] as (typeof options)[number]),
      },
    },
    ...(typeof allowed === 'string' ? [] : [peopleInput(deed, allowed.people)]),
  ];
}

function peopleInput(deed: Deed, people: readonly string[]): KnownBlock {
  return {
    type: 'input',
    block_id: settingsBlock.people(deed),
    optional: true,
    label: plain(CHOSEN[deed]),
    element: {
      type: 'multi_users_select',
      action_id: SETTINGS_ACTION,
      max_selected_items: MOST_PEOPLE,
      placeholder: plain('Choose people', LIMITS.placeholder),
      ...(people.length > 0 && { initial_users: people.slice(0, MOST_PEOPLE) }),
    },
  };
}
