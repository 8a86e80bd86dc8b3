import { type Core, ScheduleOver, type ScheduleStarter } from '@connectionsphere/core';
import type { Tokens } from './api/tokens.ts';

/** Lists that run again because a token asked for it: as long as the token is there and may enrich. */
export function tokenSchedules({ jobs }: Pick<Core, 'jobs'>, tokens: Tokens): ScheduleStarter {
  return {
    knows: ({ kind }) => kind === 'token',
    start: async ({ by, workspace }, { id }) => {
      const token = await tokens.find(by?.id ?? '');
      if (token?.workspace !== workspace || !token.scopes.includes('enrich'))
        throw new ScheduleOver('The token that set it is over or revoked, or may not enrich any more.');
      await jobs.start(id);
    },
  };
}
