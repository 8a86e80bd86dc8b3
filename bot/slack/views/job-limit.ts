import type { JobStatus } from '@connectionsphere/core';
import type { ModalView } from '@slack/types';
import type { Reader } from '../../reader.ts';
import { VIEW } from '../action-ids.ts';
import { LIMITS, plain, section } from '../blocks.ts';
import { leadsWords, nameOf } from '../words/job-words.ts';

export const JOB_LIMIT_FIELD = { block: 'limit', action: 'limit' } as const;

/** What the form has to know when it comes back. */
export interface JobLimitMemo {
  readonly job: string;
}

/** Asks for another credit limit of a list that is not over. */
export function jobLimitView(job: JobStatus, reader: Reader): ModalView {
  const { id, credits, creditLimit } = job;
  const limit = creditLimit === undefined ? '' : ` of at most ${reader.count(creditLimit)}`;
  return {
    type: 'modal',
    callback_id: VIEW.jobLimit,
    title: plain('Credit limit', LIMITS.title),
    submit: plain(job.reason === 'credit-limit' ? 'Save and go on' : 'Save', LIMITS.title),
    close: plain('Cancel', LIMITS.title),
    private_metadata: JSON.stringify({ job: id } satisfies JobLimitMemo),
    blocks: [
      section(
        `*${nameOf(job)}*\n${leadsWords(job, reader)} done. ${reader.plural(credits, 'credit')} spent${limit}.`,
      ),
      {
        type: 'input',
        block_id: JOB_LIMIT_FIELD.block,
        optional: true,
        label: plain('Credits for the whole list, at most'),
        hint: plain(
          `${reader.count(enoughFor(job))} is enough for the whole list, with what was spent so far. Empty: no limit.`,
        ),
        element: {
          type: 'number_input',
          action_id: JOB_LIMIT_FIELD.action,
          is_decimal_allowed: false,
          min_value: String(Math.floor(credits) + 1),
        },
      },
    ],
  };
}

/** The most that the list can cost in all, credits. */
function enoughFor({ credits, estimate }: JobStatus): number {
  return Math.max(estimate.mostCredits, Math.floor(credits) + 1);
}
