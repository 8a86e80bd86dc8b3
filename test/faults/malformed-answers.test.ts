import { describe, expect } from 'vitest';
import { type Apollo, ApolloError, createApollo } from '../../core/apollo/index.ts';
import { align, FIT } from '../../core/enrichment/align.ts';
import { keysOfCompany, keysOfPerson } from '../../core/enrichment/subject.ts';
import { type Lead, normaliseLead } from '../../core/leads/index.ts';
import { createHttp } from '../../core/node/index.ts';
import type { Http, HttpResponse } from '../../core/ports.ts';
import { random } from '../sandbox/chance.ts';
import { startSandbox } from '../sandbox/index.ts';
import { length, report, seeded } from './length.ts';
import { mutate } from './mutate.ts';

const KEY = 'key-contoso-sales-7Q2A';
const LEADS: Lead[] = ['Ada', 'Alan', 'Grace'].map((first) =>
  normaliseLead({ first_name: first, last_name: 'Lovelace', domain: 'contoso.com' }),
);
const PHONES = { personalEmails: false, phones: true, waterfall: false };
const STATUSES = [
  200, 200, 200, 200, 201, 204, 301, 400, 401, 402, 403, 404, 410, 422, 429, 500, 502, 503, 504,
];

/** Everything that the product asks Apollo, and what it does with the answer. */
const ASKED: readonly ((apollo: Apollo, requestId: string) => Promise<unknown>)[] = [
  async (apollo) => {
    const { people } = await apollo.matchPeople(LEADS, {
      key: KEY,
      reveal: PHONES,
      webhookUrl: 'https://contoso.example/hook',
    });
    return expectOwn(align(LEADS.length, people, () => FIT.likely));
  },
  async (apollo) => {
    const { people } = await apollo.matchPerson(LEADS[0] ?? {}, {
      key: KEY,
      reveal: PHONES,
      webhookUrl: 'https://contoso.example/hook',
    });
    return people.map((person) => person && keysOfPerson(person));
  },
  async (apollo) => {
    const { companies } = await apollo.enrichCompanies(
      [{ domain: 'contoso.com' }, { company: 'Fabrikam', domain: 'fabrikam.example' }],
      { key: KEY },
    );
    return companies.map((company) => company && keysOfCompany(company));
  },
  (apollo) => apollo.enrichCompany({ domain: 'contoso.com' }, { key: KEY }),
  (apollo) => apollo.profile({ key: KEY }),
  (apollo) => apollo.credits({ key: KEY }),
  (apollo) => apollo.usage({ key: KEY }),
  (apollo, requestId) => apollo.lateResult(requestId, { key: KEY }),
];

function expectOwn(aligned: ReturnType<typeof align>): void {
  expect(aligned).toHaveLength(LEADS.length);
}

describe('a malformed answer of Apollo', () => {
  seeded('is understood or is an error that says what to do, and never anything else', async (seed) => {
    const chance = random(seed);
    const good = await goodAnswers();
    const count = length(2400, 36_000);
    const usage: Record<string, number> = {};
    const before = process.memoryUsage().rss;
    let most = 0;
    const began = performance.now();
    for (let number = 0; number < count; number += 1) {
      const at = number % ASKED.length;
      const answer = good[at];
      if (!answer) throw new Error('The sandbox gave no answer to begin with.');
      const broken = breakAnswer(answer, chance);
      const apollo = createApollo({
        http: { request: async () => broken },
        baseUrl: 'https://api.contoso.example',
      });
      const name = await (ASKED[at]?.(apollo, '-5') ?? Promise.resolve()).then(
        () => 'understood',
        (error: unknown) => {
          if (!(error instanceof ApolloError)) {
            throw new Error(`Not an answer to this (question ${at}): ${JSON.stringify(broken)}`, {
              cause: error,
            });
          }
          expect(error.message).toMatch(/\.$/);
          expect(error.message).not.toContain(KEY);
          return error.name;
        },
      );
      usage[name] = (usage[name] ?? 0) + 1;
      if (number % 500 === 0) most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(most / 1e6).toBeLessThan(400);
    expect(usage.understood).toBeGreaterThan(0);
    expect(usage.AnswerNotUnderstood).toBeGreaterThan(0);
    const seconds = Math.round((performance.now() - began) / 1000);
    report('Malformed answers of Apollo', {
      inputs: count,
      ...usage,
      'MB more memory at most': Math.round(most / 1e6),
      seconds,
    });
  });
});

/** What the sandbox answers to each of the questions. */
async function goodAnswers(): Promise<HttpResponse[]> {
  await using sandbox = await startSandbox({
    teams: [{ id: 'team-contoso', keys: [KEY] }],
    matchRate: 1,
    lateMs: 0,
  });
  const http = createHttp();
  const heard: HttpResponse[] = [];
  const listening: Http = {
    request: async (request) => {
      const response = await http.request(request);
      heard.push(response);
      return response;
    },
  };
  const apollo = createApollo({ http: listening, baseUrl: sandbox.url });
  let requestId = '-5';
  for (const ask of ASKED) {
    await ask(apollo, requestId);
    requestId = /"request_id":\s*"?(-?\d+)/.exec(heard[0]?.body ?? '')?.[1] ?? requestId;
  }
  await http.close();
  return heard;
}

function breakAnswer({ status, headers, body }: HttpResponse, chance: () => number): HttpResponse {
  const names = Object.keys(headers);
  const name = names[Math.floor(chance() * names.length)] ?? 'x-rate-limit-minute';
  const broken =
    chance() < 0.3 ? { [name]: mutate(Buffer.from(headers[name] ?? ''), chance).toString('latin1') } : {};
  return {
    status: chance() < 0.7 ? status : (STATUSES[Math.floor(chance() * STATUSES.length)] ?? status),
    headers: { ...headers, ...broken },
    body: chance() < 0.9 ? mutate(Buffer.from(body), chance).toString('utf8') : body,
  };
}
