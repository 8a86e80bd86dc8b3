import {
  type JobStatus,
  SCHEDULE_MOST_DAYS,
  SCHEDULE_PERIODS,
  type SchedulePeriod,
} from '@connectionsphere/core';
import type { InputBlock, ModalView } from '@slack/types';
import { DEFAULT_SCHEDULE_DAYS } from '../../schedule-words.ts';
import { VIEW } from '../action-ids.ts';
import { context, LIMITS, plain, section } from '../blocks.ts';
import { nameOf, scheduleLines } from '../words/job-words.ts';
import type { FormValues } from './form-values.ts';

const EVERY = 'schedule.every';
const DAYS = 'schedule.days';
const ACTION = 'schedule';
export const SCHEDULE_TITLE = 'Run again';

const NEVER = 'never';
const CHOICES = [
  { value: NEVER, name: 'Never' },
  ...SCHEDULE_PERIODS.map((period) => ({ value: period, name: `Every ${period}` })),
];

/** What the form has to know when it comes back. */
export interface ScheduleMemo {
  readonly job: string;
}

/** Asks how often a list runs again, and for whom. */
export function scheduleView(job: JobStatus): ModalView {
  const { id, schedule } = job;
  return {
    type: 'modal',
    callback_id: VIEW.schedule,
    title: plain(SCHEDULE_TITLE, LIMITS.title),
    submit: plain('Save', LIMITS.title),
    close: plain('Cancel', LIMITS.title),
    private_metadata: JSON.stringify({ job: id } satisfies ScheduleMemo),
    blocks: [
      section([`*${nameOf(job)}*`, ...scheduleLines(job)].join('\n')),
      context(
        'Its rows are looked up again as a new list of yours each time, counted from when you save this. Credit limits hold as for any list. It ends when the rows are no longer kept, no Apollo key is connected, or you may no longer enrich leads.',
      ),
      everyInput(schedule?.every),
      {
        type: 'input',
        block_id: DAYS,
        label: plain('Ask Apollo again after (days)'),
        hint: plain('Whoever was answered in these days costs nothing.'),
        element: {
          type: 'number_input',
          action_id: ACTION,
          is_decimal_allowed: false,
          min_value: '1',
          max_value: String(SCHEDULE_MOST_DAYS),
          initial_value: String(schedule?.olderThanDays ?? DEFAULT_SCHEDULE_DAYS),
        },
      },
    ],
  };
}

/** How often a list runs again; for a list that is not started yet, too. */
export function everyInput(chosen: SchedulePeriod | undefined, hint?: string): InputBlock {
  const options = CHOICES.map(({ value, name }) => ({ text: plain(name, LIMITS.optionText), value }));
  const initial = options.find(({ value }) => value === (chosen ?? NEVER));
  return {
    type: 'input',
    block_id: EVERY,
    label: plain('Run again by itself'),
    ...(hint !== undefined && { hint: plain(hint, LIMITS.hint) }),
    element: {
      type: 'static_select',
      action_id: ACTION,
      options,
      ...(initial && { initial_option: initial }),
    },
  };
}

/** For the form of a list that is not started yet. */
export const EVERY_HINT = `Each run is a new list of yours. Whoever was answered in the ${DEFAULT_SCHEDULE_DAYS} days before it costs nothing; change that below the list.`;

/** Reads the inputs. `every`: `undefined` for a list that does not run again by itself. */
export function scheduleIn(values: FormValues): {
  readonly every: SchedulePeriod | undefined;
  readonly olderThanDays: number;
} {
  const chosen = values[EVERY]?.[ACTION]?.selected_option?.value;
  return {
    every: SCHEDULE_PERIODS.find((period) => period === chosen),
    olderThanDays: Number(values[DAYS]?.[ACTION]?.value ?? DEFAULT_SCHEDULE_DAYS),
  };
}
