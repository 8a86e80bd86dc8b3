import type { Services } from '../../services.ts';
import { MONTHLY_LIMIT_FIELD } from '../../views/monthly-limit.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import { onSubmit } from './submit.ts';

const TITLE = 'Monthly limit';

export function monthlyLimit(services: Services) {
  return onSubmit(services, async (form) => {
    const { client, workspace, user, view } = form;
    const { core, permissions } = services;
    const { block, action } = MONTHLY_LIMIT_FIELD;
    const given = view.state.values[block]?.[action]?.value;
    await form.answer({
      deed: 'monthly limit',
      title: TITLE,
      waiting: waitingView(TITLE, 'Saving.'),
      work: async () => {
        await permissions.requireAdmin({ client, workspace, user });
        const limit = given ? Number(given) : undefined;
        await core.credits.setMonthlyLimit(workspace, limit);
        const reader = await form.reader();
        const words =
          limit === undefined
            ? 'There is no monthly limit now.'
            : `At most ${reader.plural(limit, 'credit')} a month from now on.`;
        return { show: noticeView(TITLE, `:white_check_mark: ${words}`) };
      },
    });
  });
}
