import type { AllMiddlewareArgs, MessageShortcut, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import { isList } from '../../lists/slack-file.ts';
import { openModal } from '../../modal.ts';
import type { Services } from '../../services.ts';
import { askerOf } from '../../transport/asker.ts';
import { noticeView } from '../../views/notice.ts';
import { openEnrich } from '../open-enrich.ts';

/** The shortcut on a message: the first of its files that may be a list is the list. */
export function enrichMessage(services: Services) {
  return async ({
    shortcut,
    client,
    context,
  }: AllMiddlewareArgs & SlackShortcutMiddlewareArgs<MessageShortcut>): Promise<void> => {
    const asker = askerOf({ client, context, user: shortcut.user.id, home: shortcut.user.team_id });
    const trigger = shortcut.trigger_id;
    const file = fileIn(shortcut.message);
    if (file) {
      const { id: channel } = shortcut.channel;
      const { ts, thread_ts } = shortcut.message as { ts?: string; thread_ts?: string };
      // In a direct message nobody else is told of it.
      const from = channel.startsWith('D') ? {} : { channel, thread: thread_ts ?? ts };
      const form = { file: { ...file, ...from } };
      await openEnrich({ ...asker, services, trigger, form });
      return;
    }
    const view = noticeView(
      'No list here',
      `This message has no ${hasFiles(shortcut.message) ? 'list among its files' : 'file'}. Use the shortcut on a message with a CSV, TSV, XLSX or NDJSON file, or type \`/apollo enrich\`.`,
    );
    const opener = { ...asker, services, trigger };
    await openModal(opener, { deed: 'shortcut', title: 'No list here', build: async () => view });
  };
}

interface FileInMessage {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly filetype?: unknown;
}

function hasFiles({ files }: MessageShortcut['message']): boolean {
  return Array.isArray(files) && files.length > 0;
}

function fileIn({ files }: MessageShortcut['message']): { id: string; name: string } | undefined {
  const all = Array.isArray(files) ? (files as FileInMessage[]) : [];
  // In a shared channel a message may not say what a file is (`file_access: check_file_info`).
  const file = all.find(isList) ?? all.find(({ name }) => typeof name !== 'string');
  if (typeof file?.id !== 'string') return undefined;
  return { id: file.id, name: typeof file.name === 'string' ? file.name : 'The file' };
}
