/** A JSON schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What fields hold in examples, by their names. Made-up people work at contoso.com. */
const VALUES: Readonly<Record<string, unknown>> = {
  id: '66f1a2b3c4d5e6f708192a3b',
  name: 'Ada Lovelace',
  firstName: 'Ada',
  lastName: 'Lovelace',
  title: 'VP of Sales',
  headline: 'VP of Sales at Contoso',
  seniority: 'vp',
  email: 'ada@contoso.com',
  emailStatus: 'verified',
  linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace',
  domain: 'contoso.com',
  company: 'Contoso',
  website: 'https://contoso.com',
  industry: 'software',
  phone: '+12065550120',
  number: '+12065550199',
  city: 'London',
  country: 'United Kingdom',
  url: 'https://example.com/told',
  callbackUrl: 'https://example.com/told',
  workspace: 'contoso',
  label: 'Sales EU',
  last4: '7Q2A',
  key: 'the-key-as-apollo-shows-it',
  who: 'ada@contoso.com',
  notation: '(self: 1/2) (fly: 0/2) 1/4',
  words: '1 self-service slot free, 2 done-for-you slots free',
  month: '2026-11',
  reason: 'name and employer agree',
  secret: 'whsec_shown-this-once',
  team: '5e66b6381e05b4008c8331b8',
  by: 'token “n8n”',
  next: 'as the page before said',
  detail: 'leads[0].emial: There is no such field.',
  code: 'invalid-body',
  status: 422,
  seconds: 12.5,
  columns: 'First Name',
  inDoubtCalls: 0,
  inDoubtCredits: 0,
  rateLimited: 0,
  failed: 0,
};
/** Which of several words stands in examples, by the field. */
const CHOICES: Readonly<Record<string, string>> = { state: 'done', kind: 'likely' };
/** Fields that are shown although they may be missing: they are what the answer is about. */
const SHOWN: ReadonlySet<string> = new Set(['person', 'match', 'callback']);
/** What fields of a company hold, where a person's of that name hold something else. */
const COMPANY: Readonly<Record<string, unknown>> = {
  name: 'Contoso',
  linkedinUrl: 'https://www.linkedin.com/company/contoso',
  city: 'Seattle',
  country: 'United States',
};
/** Whole requests, where an example of every field would make none that is ever sent. */
const REQUESTS: Readonly<Record<string, unknown>> = {
  EnrichRequest: {
    leads: [{ firstName: 'Ada', lastName: 'Lovelace', domain: 'contoso.com' }],
    options: { phones: false },
  },
  JobRequest: {
    leads: [{ linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace' }, { email: 'grace@contoso.com' }],
    name: 'fair',
    options: { creditLimit: 500 },
    callbackUrl: 'https://example.com/told',
  },
  HookRequest: { url: 'https://example.com/told', events: ['job.finished', 'job.paused'] },
};

/** Something that fits the schema. `definitions`: what `$ref`s lead to, by name. */
export function exampleOf(
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
  name = '',
): unknown {
  const { $ref, anyOf, properties, items, required } = schema;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (typeof $ref === 'string') {
    const id = nameOf($ref);
    const example = REQUESTS[id] ?? exampleOf(definitions[id] ?? {}, definitions, name);
    if (id !== 'Company') return example;
    const own = Object.entries(example as object).map(([field, value]) => [field, COMPANY[field] ?? value]);
    return Object.fromEntries(own);
  }
  if (Array.isArray(schema.enum)) {
    return schema.enum.find((word) => word === CHOICES[name]) ?? schema.enum[0];
  }
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(anyOf)) {
    const known = anyOf.find((each) => (each as JsonSchema).type !== 'null');
    return exampleOf(known as JsonSchema, definitions, name);
  }
  if (type === 'object' || properties) {
    const must = new Set(Array.isArray(required) ? required : []);
    const fields = Object.entries((properties ?? {}) as Record<string, JsonSchema>).filter(
      // What is left out most of the time would hide what matters.
      ([field]) => must.has(field) || field in VALUES || SHOWN.has(field),
    );
    return Object.fromEntries(fields.map(([field, of]) => [field, exampleOf(of, definitions, field)]));
  }
  if (type === 'array') return [exampleOf((items ?? {}) as JsonSchema, definitions, name)];
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  const value = VALUES[name];
  if (type === 'integer' || type === 'number') {
    if (typeof value === 'number') return type === 'integer' ? Math.trunc(value) : value;
    return Math.max(1, Number(schema.minimum ?? 1));
  }
  if (schema.format === 'date-time') return '2026-11-23T18:25:00.000Z';
  if (typeof value === 'string') return value;
  return name === '' ? 'text' : name;
}

/** The name of the schema that a `$ref` leads to. */
export function nameOf(ref: string): string {
  return ref.split('/').at(-1) ?? '';
}
