import type { DirectRequest } from '@connectionsphere/core';
import type { ApiContext } from './context.ts';
import { enrichDocument } from './documents.ts';
import { type Operation, operation } from './operation.ts';
import { enrichOptions } from './options.ts';
import { enrichAnswer, enrichSchema } from './schemas.ts';

/** A few leads, answered at once. */
export function enrichOperations({ core }: ApiContext): Operation[] {
  const direct = (kind: DirectRequest['kind'], path: string, id: string, summary: string) =>
    operation({
      id,
      method: 'post',
      path,
      group: 'Enrich',
      summary,
      description:
        'Answers in the order of the leads. Who is known already costs nothing. Phones come later: ask again for the leads that are `pending`, or make a job, which waits for them.',
      scope: 'enrich',
      body: enrichSchema,
      idempotent: true,
      answers: { 200: { description: 'What became of each lead', schema: enrichAnswer } },
      handle: async ({ workspace, body: { leads, options }, signal }) => ({
        body: enrichDocument(
          await core.enrich({
            workspace,
            kind,
            leads,
            options: enrichOptions(options),
            fresh: options?.fresh,
            creditLimit: options?.creditLimit,
            signal,
          }),
        ),
      }),
    });
  return [
    direct('person', '/v1/people/enrich', 'enrichPeople', 'Enrich up to 100 people'),
    direct('company', '/v1/organizations/enrich', 'enrichOrganizations', 'Enrich up to 100 companies'),
  ];
}
