import { retryAfter, slackWord } from '../transport/clients.ts';

/** Why Slack refuses, and who can change that. https://docs.slack.dev/reference/methods */
const WORDS: Readonly<Record<string, string>> = {
  file_uploads_disabled:
    'Uploads are switched off in this Slack workspace. An admin of Slack can allow them.',
  file_upload_size_restricted: 'Slack takes no file of that size here.',
  storage_limit_reached:
    'The file storage of this Slack workspace is full. Delete files in Slack, or ask an admin.',
  no_permission: 'This app lacks the permission for that in Slack. An admin has to install it again.',
  missing_scope: 'This app lacks the permission for that in Slack. An admin has to install it again.',
  messages_tab_disabled:
    'Direct messages with this app are switched off. An admin of the app can switch the messages tab on.',
  user_disabled: 'This person is deactivated in Slack.',
  user_not_found: 'Slack does not know this person.',
  not_in_channel: 'I am not in that channel. Type /invite @ConnectionSphere there.',
  channel_not_found: 'I am not in that channel, or it is gone. Type /invite @ConnectionSphere there.',
  is_archived: 'That channel is archived.',
  restricted_action: 'Slack allows this app no messages there. An admin of Slack can allow them.',
  cannot_dm_bot: 'Slack delivers no direct messages to apps.',
};

/** Why Slack refuses for good, in words; `undefined` for what passes, or is no refusal of Slack's. */
export function refusalWords(error: unknown): string | undefined {
  const word = slackWord(error);
  if (word === undefined || retryAfter(error).again !== 'never') return undefined;
  return WORDS[word] ?? `Slack refuses it ("${word}").`;
}
