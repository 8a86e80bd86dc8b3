import { expect, it } from 'vitest';
import { Metrics } from '../../bot/server/metrics.ts';
import { ANSWER_FIELDS, type AnswerPart } from '../../core/apollo/answer-fields.ts';
import { createApollo } from '../../core/apollo/client.ts';
import { readLateResult } from '../../core/apollo/late-result.ts';
import { readPerson } from '../../core/apollo/person.ts';
import { readPhones } from '../../core/apollo/phones.ts';
import type { UnknownField } from '../../core/apollo/unknown-fields.ts';
import { createHttp } from '../../core/node/http.ts';
import { countUnknownFields } from '../../core/unknown-fields.ts';
import { startSandbox } from '../sandbox/index.ts';
import { HttpDouble } from './http-double.ts';

type Entry = Record<string, unknown>;

const words = (names: string) => names.trim().split(/\s+/);

/** The fields that a reader looks at in entries like these. */
function looked(read: (from: Entry) => unknown, ...samples: readonly Entry[]): string[] {
  const seen = new Set<string>();
  for (const sample of samples) {
    read(
      new Proxy(sample, {
        get(target, name) {
          seen.add(String(name));
          return target[String(name)];
        },
      }),
    );
  }
  return [...seen].sort();
}

const PERSON = { id: 'x', name: 'Ada Lovelace' };

it.each<[AnswerPart, string[]]>([
  ['person', looked(readPerson, PERSON, { ...PERSON, email: 'ada@contoso.com' })],
  ['contact', looked((contact) => readPerson({ ...PERSON, contact }), { email: 'ada@contoso.com' }, {})],
  ['phone', looked((phone) => readPhones([phone]), { raw_number: '1' })],
  ['organization', looked((organization) => readPerson({ ...PERSON, organization }), { id: 'x' })],
  [
    'employment',
    looked((one) => readPerson({ ...PERSON, employment_history: [one] }), { organization_name: 'Contoso' }),
  ],
  ['late person', looked((person) => readLateResult({ people: [person] }), { id: 'x' })],
])('every field of a %s in Apollo’s answers is read, or left out for a reason of its own', (part, read) => {
  const { used, leftOut } = ANSWER_FIELDS[part];
  expect(words(used).sort()).toEqual(read);
  const left = Object.values(leftOut).flatMap(words);
  const all = [...read, ...left];
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
});

const REVEAL = { personalEmails: false, phones: false, waterfall: false };

it('what nobody knows of in an answer is counted by its name, and the answer is taken all the same', async () => {
  const unknown: UnknownField[] = [];
  const person = {
    ...PERSON,
    aura: 'green',
    'ada@contoso.com': true,
    contact: { id: 'c', mood: 1 },
    phone_numbers: [{ sanitized_number: '+13125550142', ringtone: 'x' }],
    organization: { id: 'o', name: 'Contoso', mascot: 'owl' },
    employment_history: [{ organization_name: 'Fabrikam', desk: 4 }],
  };
  const http = new HttpDouble({ body: { matches: [person, null, 7], credits_consumed: 1, moon: 'full' } });
  const apollo = createApollo({
    http,
    baseUrl: 'https://apollo.example.com',
    onUnknownFields: (fields) => unknown.push(...fields),
  });
  const { people } = await apollo.matchPeople([{ name: 'Ada' }, { name: 'Bob' }, { name: 'Cy' }], {
    key: 'contoso-master-key-0001',
    reveal: REVEAL,
  });
  expect(people[0]?.name).toBe('Ada Lovelace');
  expect(unknown.map(({ part, field }) => `${part}.${field}`)).toEqual([
    'people answer.moon',
    'person.aura',
    'person.other',
    'contact.mood',
    'phone.ringtone',
    'organization.mascot',
    'employment.desk',
  ]);
});

it('is said once in the log, counted each time, and bounded', () => {
  const said: unknown[] = [];
  const counted: string[] = [];
  const silent = () => undefined;
  const count = countUnknownFields({
    log: { debug: silent, info: (_, fields) => said.push(fields), warn: silent, error: silent },
    meter: {
      decided: silent,
      spent: silent,
      unknownField: (part, field) => counted.push(`${part}.${field}`),
    },
  });
  const field = (name: string): UnknownField => ({ part: 'person', field: name });
  count([field('aura')]);
  count([field('aura')]);
  count(Array.from({ length: 200 }, (_, at) => field(`field_${at}`)));
  expect(said[0]).toEqual({ part: 'person', field: 'aura' });
  expect(counted.filter((name) => name === 'person.aura')).toHaveLength(2);
  expect(new Set(counted).size).toBeLessThanOrEqual(101);
  expect(counted).toHaveLength(202);
});

it('shows in the metrics', async () => {
  const metrics = new Metrics();
  metrics.meter.unknownField('person', 'aura');
  expect(await metrics.text()).toContain(
    'connectionsphere_apollo_unknown_fields_total{part="person",field="aura"} 1',
  );
});

it('the lists leave nothing unsaid of what the sandbox answers', async () => {
  const unknown: UnknownField[] = [];
  await using sandbox = await startSandbox({ matchRate: 1 });
  const http = createHttp();
  const apollo = createApollo({
    http,
    baseUrl: sandbox.url,
    onUnknownFields: (fields) => unknown.push(...fields),
  });
  const key = 'sandbox-contoso-sales-key-7Q2A';
  const leads = [{ email: 'ada@contoso.com' }, { name: 'Nobody' }];
  await apollo.matchPeople(leads, { key, reveal: { personalEmails: true, phones: true, waterfall: true } });
  await apollo.enrichCompany({ domain: 'contoso.com' }, { key });
  await http.close();
  expect(unknown).toEqual([]);
});
