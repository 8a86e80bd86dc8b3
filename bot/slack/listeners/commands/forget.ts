import { identifyPerson, normaliseLead } from '@connectionsphere/core';
import { ACTION } from '../../action-ids.ts';
import { actions, button, shown } from '../../blocks.ts';
import { answer } from '../../messages/answer.ts';
import type { Subcommand } from './invocation.ts';

export const forget: Subcommand = async (invocation) => {
  const { services, rest } = invocation;
  await services.permissions.require('forget', invocation);
  const who = rest.replace(/^<(?:mailto:)?([^|>]+)(?:\|[^>]*)?>$/, '$1');
  if (!identifyPerson(normaliseLead({ apollo_id: who, email: who, linkedin_url: who }))) {
    return answer(
      'Say whom: `/apollo forget ada@contoso.example`, with an e-mail address, a LinkedIn profile address or an Apollo person id.',
    );
  }
  return answer(
    `Forget *${shown(who, 100)}* everywhere? Known results and rows of your lists are emptied, and nobody in this workspace will look this person up again. There is no way back.`,
    ...actions(
      button({
        text: 'Forget this person',
        action: ACTION.forget,
        value: who.slice(0, 500),
        style: 'danger',
        confirm: { title: 'Forget this person?', text: 'There is no way back.', yes: 'Forget' },
      }),
    ),
  );
};
