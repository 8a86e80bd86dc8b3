import type { z } from 'zod';
import type { HookEvent } from '../hooks/hooks.ts';
import { jobEventAnswer, leadEventAnswer, scheduleEventAnswer, slotEventAnswer } from './schemas.ts';

/** What a hook is told, and what it gets then. */
export const EVENTS: Readonly<Record<HookEvent, { readonly summary: string; readonly body: z.ZodType }>> = {
  'job.finished': { summary: 'A job is done', body: jobEventAnswer },
  'job.paused': { summary: 'A job waits; `job.reason` says for what', body: jobEventAnswer },
  'job.phones': { summary: 'Late phones of a job that had ended have come', body: jobEventAnswer },
  'schedule.missed': {
    summary: 'A list that runs again by itself did not; the next time comes',
    body: scheduleEventAnswer,
  },
  'schedule.ended': { summary: 'A list does not run again any more', body: scheduleEventAnswer },
  'slot.trouble': {
    summary: 'Apollo refuses the key in a slot, or it is out of credits',
    body: slotEventAnswer,
  },
  'slot.credits-low': {
    summary: "Less than a tenth of the credits of a slot's team is left",
    body: slotEventAnswer,
  },
  'lead.done': {
    summary: 'One lead of a job that is done; the next one is sent when this one was taken',
    body: leadEventAnswer,
  },
};
