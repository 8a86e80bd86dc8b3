import { creditsByAuthor } from '../audit.ts';
import { slotsDocument } from '../slot-document.ts';
import type { ApiContext } from './context.ts';
import { type Operation, operation } from './operation.ts';
import {
  creditsAnswer,
  forgetAnswer,
  forgetSchema,
  meAnswer,
  personDataAnswer,
  personDataSchema,
  slotsAnswer,
} from './schemas.ts';

/** What a workspace has, and what it wants forgotten. */
export function accountOperations({ core, ports }: ApiContext): Operation[] {
  return [
    operation({
      id: 'me',
      method: 'get',
      path: '/v1/me',
      group: 'Account',
      summary: 'Say whose token this is',
      description: 'For a program that wants to know that its token works, what it may do, and until when.',
      answers: { 200: { description: 'The workspace and the token', schema: meAnswer } },
      handle: async ({ workspace, token: { id, name, scopes, createdAt, endsAt } }) => ({
        body: {
          workspace,
          token: {
            id,
            name,
            scopes,
            createdAt: new Date(createdAt).toISOString(),
            ...(endsAt !== undefined && { endsAt: new Date(endsAt).toISOString() }),
          },
        },
      }),
    }),
    operation({
      id: 'listSlots',
      method: 'get',
      path: '/v1/slots',
      group: 'Account',
      summary: 'List the slots, who is in them and how they are',
      scope: 'read',
      answers: { 200: { description: 'All slots', schema: slotsAnswer } },
      handle: async ({ workspace }) => ({ body: slotsDocument(await core.slots.list(workspace)) }),
    }),
    operation({
      id: 'showCredits',
      method: 'get',
      path: '/v1/credits',
      group: 'Account',
      summary: 'Say what was spent this month, and what is left',
      scope: 'read',
      answers: { 200: { description: 'Credits', schema: creditsAnswer } },
      handle: async ({ workspace }) => {
        const { byAuthor = {}, ...month } = await core.credits.month(workspace);
        const { slots } = await core.slots.list(workspace);
        return {
          body: {
            month: new Date(ports.clock.now()).toISOString().slice(0, 7),
            ...month,
            byAuthor: creditsByAuthor(byAuthor),
            slots: slots.flatMap((slot) => {
              if (slot.state === 'free') return [];
              const { left = null, limit, used } = slot.connection.credits ?? {};
              return [
                {
                  number: slot.number,
                  left,
                  ...(limit !== undefined && { limit }),
                  ...(used !== undefined && { used }),
                },
              ];
            }),
          },
        };
      },
    }),
    operation({
      id: 'forget',
      method: 'post',
      path: '/v1/forget',
      group: 'Account',
      summary: 'Remove people everywhere and never look them up again',
      description: 'All of them or none. There is no way back.',
      scope: 'forget',
      body: forgetSchema,
      answers: { 200: { description: 'What was removed', schema: forgetAnswer } },
      handle: async ({ workspace, body: { who } }) => ({ body: await core.forget(workspace, who) }),
    }),
    operation({
      id: 'personData',
      method: 'post',
      path: '/v1/person-data',
      group: 'Account',
      summary: 'Give everything that is kept about a person',
      description:
        'For answering a person who asks what is known of them. Nothing is spent, and nothing is changed.',
      scope: 'forget',
      body: personDataSchema,
      answers: { 200: { description: 'What is kept', schema: personDataAnswer } },
      handle: async ({ workspace, body: { who } }) => ({ body: await core.personData(workspace, who) }),
    }),
  ];
}
