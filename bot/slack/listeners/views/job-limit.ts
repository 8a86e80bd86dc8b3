import { limitProblem } from '../../people/person-credits.ts';
import type { Services } from '../../services.ts';
import { JOB_LIMIT_FIELD, type JobLimitMemo, jobLimitView } from '../../views/job-limit.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import { nameOf } from '../../words/job-words.ts';
import { tellOwner } from '../deeds.ts';
import { onSubmit } from './submit.ts';

const TITLE = 'Credit limit';

/** Another credit limit for a list: it goes on where it stopped. */
export function jobLimit(services: Services) {
  return onSubmit(services, async (form) => {
    const { workspace, user, view } = form;
    const { access, jobService } = services;
    const { job: id } = JSON.parse(view.private_metadata) as JobLimitMemo;
    const { block, action } = JOB_LIMIT_FIELD;
    const given = view.state.values[block]?.[action]?.value;
    const limit = given ? Number(given) : undefined;
    await form.answer({
      deed: 'job limit',
      title: TITLE,
      waiting: waitingView(TITLE, 'One moment.'),
      work: async () => {
        await access.requireControl(form, id);
        const reader = await form.reader();
        const before = await jobService.unfinished(workspace, id);
        const problem =
          limit !== undefined && limit <= before.credits
            ? `${reader.plural(before.credits, 'credit')} of it are spent already. Give a higher number, or none for no limit.`
            : await limitProblem(services, form, before, limit, reader);
        if (problem !== undefined)
          return { errors: { [block]: problem }, again: () => jobLimitView(before, reader) };
        const job = await jobService.setLimit(workspace, id, limit, user);
        const now =
          limit === undefined
            ? 'has no credit limit now'
            : `may cost ${reader.plural(limit, 'credit')} at most`;
        await tellOwner(services, form, id, `says of your list *${nameOf(job)}*: it ${now}.`);
        const goesOn = before.reason === 'credit-limit' ? ' It goes on.' : '';
        return { show: noticeView(TITLE, `:white_check_mark: *${nameOf(job)}* ${now}.${goesOn}`) };
      },
    });
  });
}
