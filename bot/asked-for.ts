import {
  type DirectRequest,
  identifyCompany,
  identifyPerson,
  mostCreditsOf,
  normaliseLead,
  type RawLead,
} from '@connectionsphere/core';

/** A person or a company that was asked for. */
export interface Wanted {
  readonly kind: DirectRequest['kind'];
  readonly lead: RawLead;
  readonly asked: string;
}

/** "Ada Lovelace at Contoso", "Ada Lovelace @ contoso.example", "Ada Lovelace (Contoso)", "Ada Lovelace – Contoso". */
const NAME_AND_COMPANY =
  /^(?<name>.+?)(?:\s+(?:at|@|from|bei|chez|[–—|-])\s+(?<at>.+)|\s*\((?<in>[^()]+)\))$/iu;
const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$|linkedin\.com\/(?:in|pub)\//i;

/** A person by e-mail, LinkedIn address or name and company; a company by its domain; `undefined`: neither. */
export function subjectOf(text: string): Wanted | undefined {
  const asked = unmarked(text);
  const people: RawLead[] = [{ email: asked, linkedin_url: asked }];
  const [name, ...company] = asked.split(',').map((part) => part.trim());
  if (name && company.length > 0) people.push(employed(name, company.join(', ')));
  const { groups } = NAME_AND_COMPANY.exec(asked) ?? {};
  if (groups?.name) people.push(employed(groups.name, groups.at ?? groups.in ?? ''));
  const person = people.find((lead) => identifyPerson(normaliseLead(lead)));
  if (person) return { kind: 'person', lead: person, asked };
  const lead: RawLead = { domain: asked, company_linkedin_url: asked };
  return identifyCompany(normaliseLead(lead)) ? { kind: 'company', lead, asked } : undefined;
}

/**
 * All that were asked for at once: addresses side by side, or anything that {@link subjectOf} takes between
 * semicolons. Each once; none when one of them is neither a person nor a company, or when people and companies are mixed.
 */
export function subjectsOf(text: string): readonly Wanted[] {
  const asked = unmarked(text);
  const words = asked.split(/[\s,;]+/).filter(Boolean);
  const parts = words.every((word) => ADDRESS.test(word))
    ? words
    : asked
        .split(';')
        .map((part) => part.trim())
        .filter(Boolean);
  const wanted = [...new Set(parts)].map(subjectOf).filter((each) => each !== undefined);
  const isWhole = wanted.length === new Set(parts).size;
  return isWhole && new Set(wanted.map(({ kind }) => kind)).size === 1 ? wanted : [];
}

/** The most credits that looking all of them up may cost. */
export function mostCreditsFor(wanted: readonly Wanted[], { reveal }: DirectRequest['options']): number {
  return wanted.reduce((sum, { kind, lead }) => sum + mostCreditsOf(kind, normaliseLead(lead), reveal), 0);
}

/** Where Slack was told to mark addresses up, `<mailto:ada@…|ada@…>`. */
export function unmarked(text: string): string {
  return text.replace(/<(?:mailto:)?([^|>]+)(?:\|[^>]*)?>/g, '$1').trim();
}

function employed(name: string, employer: string): RawLead {
  const isDomain = identifyCompany(normaliseLead({ domain: employer })) !== undefined;
  return isDomain ? { name, domain: employer } : { name, company: employer };
}
