import {
  type DirectRequest,
  identifyCompany,
  identifyPerson,
  normaliseLead,
  type RawLead,
} from '@connectionsphere/core';

/** Whom or what somebody asked for. */
export interface Wanted {
  readonly kind: DirectRequest['kind'];
  readonly lead: RawLead;
  readonly asked: string;
}

/** A person by e-mail, LinkedIn address or name and company; a company by its domain; `undefined`: nobody. */
export function subjectOf(text: string): Wanted | undefined {
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
