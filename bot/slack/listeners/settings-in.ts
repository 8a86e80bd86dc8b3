import { ACTION } from '../action-ids.ts';
import { isExtra, type Wish } from '../lists/list-wish.ts';
import { type Allowed, DEEDS, type Deed, type WorkspaceSettings } from '../people/settings.ts';
import type { FormValues } from '../views/form-values.ts';
import { SETTINGS_ACTION, settingsBlock } from '../views/settings.ts';

/** What somebody entered in the form of settings. */
export function settingsIn(values: FormValues): WorkspaceSettings {
  const allowed = (deed: Deed): Allowed => {
    const who = values[settingsBlock.who(deed)]?.[ACTION.settingsWho]?.selected_option?.value;
    if (who === 'everyone' || who === 'admins') return who;
    return { people: values[settingsBlock.people(deed)]?.[SETTINGS_ACTION]?.selected_users ?? [] };
  };
  const notifications = values[settingsBlock.notifications]?.[SETTINGS_ACTION]?.selected_conversation;
  const workflows = values[settingsBlock.workflows]?.[SETTINGS_ACTION]?.selected_options ?? [];
  const guests = values[settingsBlock.guests]?.[SETTINGS_ACTION]?.selected_options ?? [];
  const credits = (block: string) => {
    const value = values[block]?.[SETTINGS_ACTION]?.value;
    return value ? Number(value) : undefined;
  };
  const offerIn = values[settingsBlock.offerIn]?.[SETTINGS_ACTION]?.selected_conversations ?? [];
  const extras = values[settingsBlock.extras]?.[SETTINGS_ACTION]?.selected_options ?? [];
  const lists: Wish = {
    extras: extras.map(({ value }) => value ?? '').filter(isExtra),
    limit: credits(settingsBlock.listLimit),
  };
  const personCredits = credits(settingsBlock.personCredits);
  return {
    ...(personCredits !== undefined && { personCredits }),
    ...(offerIn.length > 0 && { offerIn }),
    ...((lists.extras.length > 0 || lists.limit !== undefined) && { lists }),
    ...(workflows.length > 0 && { workflows: true }),
    ...(guests.length > 0 && { guests: true }),
    allowed: Object.fromEntries(DEEDS.map((deed) => [deed, allowed(deed)])) as Record<Deed, Allowed>,
    ...(notifications && { notifications }),
  };
}
