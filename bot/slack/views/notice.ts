import type { KnownBlock, ModalView } from '@slack/types';
import { VIEW } from '../action-ids.ts';
import { LIMITS, plain, section } from '../blocks.ts';

/** A modal that only says something. */
export function noticeView(title: string, text: string, ...more: KnownBlock[]): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.notice,
    title: plain(title, LIMITS.title),
    close: plain('Close', LIMITS.title),
    blocks: [section(text), ...more],
  };
}

/** What stands there while something takes longer than Slack waits. */
export function waitingView(title: string, text: string): ModalView {
  return noticeView(title, `:hourglass_flowing_sand: ${text}`);
}
