import type { Reader } from '../../../reader.ts';
import type { Services } from '../../services.ts';
import { type EnteredLimits, limitsIn, saveLimits } from '../../views/monthly-limit.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import { tellDeed } from '../deeds.ts';
import { onSubmit } from './submit.ts';

const TITLE = 'Monthly limits';

export function monthlyLimit(services: Services) {
  return onSubmit(services, async (form) => {
    const { workspace, view } = form;
    const { core, permissions } = services;
    const limits = limitsIn(view.state.values);
    await form.answer({
      deed: 'monthly limits',
      title: TITLE,
      waiting: waitingView(TITLE, 'Saving.'),
      work: async () => {
        await permissions.require('limits', form);
        await saveLimits(core, workspace, limits);
        const words = savedWords(limits, await form.reader());
        await tellDeed(services, form, `set monthly limits. ${words}`);
        return { show: noticeView(TITLE, `:white_check_mark: ${words}`) };
      },
    });
  });
}

function savedWords({ workspace, slots }: EnteredLimits, reader: Reader): string {
  const own = [...slots].flatMap(([slot, limit]) =>
    limit === undefined ? [] : [`Slot ${slot}: at most ${reader.count(limit)}.`],
  );
  const whole =
    workspace === undefined
      ? 'There is no monthly limit for the workspace now.'
      : `At most ${reader.plural(workspace, 'credit')} a month from now on.`;
  return [whole, ...own].join(' ');
}
