import type { Services } from '../../services.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import { settingsIn } from '../settings-in.ts';
import { onSubmit } from './submit.ts';

const TITLE = 'Settings';

export function settings(services: Services) {
  return onSubmit(services, async (form) => {
    const { workspace, view } = form;
    const { permissions, settings: book } = services;
    await form.answer({
      deed: 'settings',
      title: TITLE,
      waiting: waitingView(TITLE, 'Saving.'),
      work: async () => {
        await permissions.requireAdmin(form);
        await book.set(workspace, settingsIn(view.state.values));
        return { show: noticeView(TITLE, ':white_check_mark: Saved. It holds from now on.') };
      },
    });
  });
}
