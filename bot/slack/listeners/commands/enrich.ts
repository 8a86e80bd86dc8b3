import {
  DEFAULT_OPTIONS,
  type DirectRequest,
  identifyCompany,
  identifyPerson,
  normaliseLead,
  type RawLead,
} from '@connectionsphere/core';
import { answer } from '../../messages/answer.ts';
import { cardMessage } from '../../messages/card.ts';
import { openEnrich } from '../open-enrich.ts';
import type { Subcommand } from './invocation.ts';

export const enrich: Subcommand = async ({ services, client, workspace, user, trigger, rest, reader }) => {
  if (rest === '') {
    await openEnrich({ services, client, workspace, user, trigger });
    return undefined;
  }
  await services.permissions.require('enrich', { client, workspace, user });
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

interface Wanted {
  readonly kind: DirectRequest['kind'];
  readonly lead: RawLead;
  readonly asked: string;
}

/** A person by e-mail, LinkedIn address or name and company; a company by its domain. */
function subjectOf(text: string): Wanted | undefined {
  // Where Slack was told to mark addresses up, `<mailto:ada@…|ada@…>`.
  const asked = text.replace(/<(?:mailto:)?([^|>]+)(?:\|[^>]*)?>/g, '$1').trim();
  const [name, ...company] = asked.split(',').map((part) => part.trim());
  const people: RawLead[] = [{ email: asked, linkedin_url: asked }];
  if (name && company.length > 0) people.push({ name, company: company.join(', ') });
  const person = people.find((lead) => identifyPerson(normaliseLead(lead)));
  if (person) return { kind: 'person', lead: person, asked };
  const lead: RawLead = { domain: asked, company_linkedin_url: asked };
  return identifyCompany(normaliseLead(lead)) ? { kind: 'company', lead, asked } : undefined;
}
