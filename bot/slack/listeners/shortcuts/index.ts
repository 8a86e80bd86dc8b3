import type { App, GlobalShortcut, MessageShortcut } from '@slack/bolt';
import { SHORTCUT } from '../../action-ids.ts';
import type { Services } from '../../services.ts';
import { enrichList } from './enrich-list.ts';
import { enrichMessage } from './enrich-message.ts';

export function register(app: App, services: Services): void {
  app.shortcut<GlobalShortcut>({ callback_id: SHORTCUT.enrich, type: 'shortcut' }, enrichList(services));
  app.shortcut<MessageShortcut>(
    { callback_id: SHORTCUT.enrichMessage, type: 'message_action' },
    enrichMessage(services),
  );
}
