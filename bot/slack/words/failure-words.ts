import { ForgetError, JobError, type Log, MappingError, SlotsError } from '@connectionsphere/core';
import { LeadFileError } from '@connectionsphere/core/node';
import { NotAllowed } from '../people/permissions.ts';

const FOR_PEOPLE = [SlotsError, JobError, ForgetError, MappingError, LeadFileError, NotAllowed];

/** What to tell somebody whose request failed. What is not for people is logged, and not told. */
export function failureWords(error: unknown, log: Log, deed: string): string {
  if (FOR_PEOPLE.some((type) => error instanceof type)) return (error as Error).message;
  log.error('A request from Slack failed', { deed, error });
  return 'Something went wrong here, and was logged. Try again in a minute; if it happens again, tell whoever runs this app.';
}
