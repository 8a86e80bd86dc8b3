import type { ViewStateValue } from '@slack/bolt';
import { ACTION } from '../action-ids.ts';
import { type Allowed, DEEDS, type Deed, type WorkspaceSettings } from '../people/settings.ts';
import { SETTINGS_ACTION, settingsBlock } from '../views/settings.ts';

/** What somebody entered in the form of settings. */
export function settingsIn(values: Record<string, Record<string, ViewStateValue>>): WorkspaceSettings {
  const allowed = (deed: Deed): Allowed => {
    const who = values[settingsBlock.who(deed)]?.[ACTION.settingsWho]?.selected_option?.value;
    if (who === 'everyone' || who === 'admins') return who;
    return { people: values[settingsBlock.people(deed)]?.[SETTINGS_ACTION]?.selected_users ?? [] };
  };
  const notices = values[settingsBlock.notices]?.[SETTINGS_ACTION]?.selected_conversation;
  const workflows = values[settingsBlock.workflows]?.[SETTINGS_ACTION]?.selected_options ?? [];
  const guests = values[settingsBlock.guests]?.[SETTINGS_ACTION]?.selected_options ?? [];
  return {
    ...(workflows.length > 0 && { workflows: true }),
    ...(guests.length > 0 && { guests: true }),
    allowed: Object.fromEntries(DEEDS.map((deed) => [deed, allowed(deed)])) as Record<Deed, Allowed>,
    ...(notices && { notices }),
  };
}
