import { DEFAULT_OPTIONS } from '@connectionsphere/core';
import { subjectOf } from '../../lists/subject.ts';
import { answer } from '../../messages/answer.ts';
import { cardMessage } from '../../messages/card.ts';
import { openEnrich } from '../open-enrich.ts';
import type { Subcommand } from './invocation.ts';

export const enrich: Subcommand = async (invocation) => {
  const { services, workspace, rest, reader } = invocation;
  if (rest === '') {
    await openEnrich(invocation);
    return undefined;
  }
  await services.permissions.require('enrich', invocation);
  const wanted = subjectOf(rest);
  if (!wanted) {
    return answer(
      'Say whom: `/apollo enrich ada@contoso.example`, a LinkedIn profile address, `Ada Lovelace, Contoso`, or the domain of a company. For a list, type `/apollo enrich` alone.',
    );
  }
  const found = await services.core.enrich({
    workspace,
    kind: wanted.kind,
    leads: [wanted.lead],
    options: DEFAULT_OPTIONS,
  });
  return cardMessage(wanted.asked, found, await reader());
};
