import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startApiServer } from '../api/api-server.ts';
import type { Sandbox } from '../sandbox/index.ts';
import { apollo, engine, jsonOf, people, quickClock, withKeys, withServer } from './world.ts';

/** Whatever the items are and however they leave: each once, as it was, linked to itself, at the price that is said. */

type Json = Record<string, unknown>;
type Run = Awaited<ReturnType<Awaited<ReturnType<typeof engine>>['run']>>;

const RUNS = 25;
const OURS = /^(?:apollo|found)/;

/** Fields of every JSON type under any name, but for those that the node writes itself. */
const fields = fc.dictionary(
  fc
    .string({ maxLength: 12 })
    .filter((name) => !['__proto__', 'email', 'domain', 'error'].includes(name) && !OURS.test(name)),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 6 },
);
/** Some twice, some that Apollo does not know, some that nobody is. */
const who = fc.oneof(
  fc.nat({ max: 12 }).map((number) => ({ number })),
  fc.constantFrom('noreply', 'nothing', 'number').map((other) => ({ other })),
);
const items = fc.array(fc.record({ fields, who }), { minLength: 1, maxLength: 25 });
const shape = fc.record({
  separateOutputs: fc.boolean(),
  reviewOutput: fc.boolean(),
  output: fc.constantFrom('simplified', 'raw', 'selected'),
  selectedFields: fc.subarray(['email', 'title', 'domain', 'phone']),
  resultField: fc.constantFrom('apollo', '', 'found'),
  leadsFrom: fc.constantFrom('recognize', 'columns', 'fields'),
});

let round = 0;

/** People of this round only: nobody knows them yet. */
function itemsOf(given: readonly { fields: Json; who: { number?: number; other?: string } }[]) {
  round += 1;
  return given.map(({ fields, who }, row) => {
    const domain = `contoso${round}x${who.number ?? 0}.com`;
    const other = { noreply: 'noreply@contoso.com', nothing: '', number: 7 }[who.other ?? ''];
    const email = other ?? `person${who.number}@${domain}`;
    return {
      json: JSON.parse(JSON.stringify({ ...fields, email, domain, row })),
      ...(row % 3 === 0 && { binary: { file: { data: 'YQ==', mimeType: 'text/plain' } } }),
    };
  });
}

/** The item without what the node wrote into it. */
function own(json: Json): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !OURS.test(name)));
}

function expectEachOnce({ outputs, error }: Run, given: ReturnType<typeof itemsOf>): void {
  expect(error).toBeUndefined();
  const left = outputs.flat();
  const links = left.map(({ pairedItem }) => (pairedItem as { item: number }).item);
  expect(links.toSorted((a, b) => a - b)).toEqual(given.map((_, index) => index));
  for (const { json, binary, pairedItem } of left) {
    const item = given[(pairedItem as { item: number }).item];
    expect(own(json)).toEqual(item?.json);
    expect(binary).toEqual(item?.binary);
  }
  for (const output of outputs) {
    const order = output.map(({ pairedItem }) => (pairedItem as { item: number }).item);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
}

/** What the hint says is what Apollo charged, and nobody was paid for twice. */
function expectTrueCost({ hints }: Run, sandbox: Sandbox, before: number): void {
  const { credits, chargedMoreThanOnce } = sandbox.counts();
  expect(chargedMoreThanOnce).toEqual([]);
  expect(Number(/([\d.]+) credits? in/.exec(hints[0] ?? '')?.[1])).toBe(credits - before);
}

type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

const parametersOf = ({ resultField, ...parameters }: Shape) => ({
  ...parameters,
  lead_email: '={{ $json.email }}',
  lead_domain: '={{ $json.domain }}',
  columns: {
    mappingMode: 'defineBelow',
    value: { email: '={{ $json.email }}', domain: '={{ $json.domain }}' },
    schema: [],
  },
  options: { resultField },
});

it.each(['person', 'company'])('%s > Enrich, with keys', async (resource) => {
  await using sandbox = await apollo({ matchRate: 0.7 });
  await fc.assert(
    fc.asyncProperty(items, shape, async (given, how) => {
      const input = itemsOf(given);
      const { credits } = sandbox.counts();
      const ended = await (await engine()).run(withKeys(sandbox, { resource, ...parametersOf(how) }), input);
      expectEachOnce(ended, input);
      expectTrueCost(ended, sandbox, credits);
    }),
    { numRuns: RUNS },
  );
});

it.each(['person', 'company'])('%s > Enrich, through a server', async (resource) => {
  await using api = await startApiServer({ matchRate: 0.7 });
  await fc.assert(
    fc.asyncProperty(items, shape, async (given, how) => {
      const input = itemsOf(given);
      const { credits } = api.sandbox.counts();
      const ended = await (await engine()).run(withServer(api, { resource, ...parametersOf(how) }), input);
      expectEachOnce(ended, input);
      expectTrueCost(ended, api.sandbox, credits);
    }),
    { numRuns: RUNS },
  );
});

it('Person > Enrich, with phones that come late under a limit', async () => {
  await using sandbox = await apollo({ matchRate: 0.7, lateMs: 50 });
  using _ = quickClock();
  await fc.assert(
    fc.asyncProperty(items, fc.integer({ min: 0, max: 60 }), async (given, creditLimit) => {
      const input = itemsOf(given);
      const { credits } = sandbox.counts();
      const options = { creditLimit, waitForLate: 40 };
      const ended = await (await engine()).run(withKeys(sandbox, { alsoFind: ['phones'], options }), input);
      expectEachOnce(ended, input);
      expectTrueCost(ended, sandbox, credits);
      expect(sandbox.counts().credits - credits).toBeLessThanOrEqual(creditLimit);
    }),
    { numRuns: 2 },
  );
});

it('List > Start and Get Results', async () => {
  await using api = await startApiServer({ matchRate: 0.7 });
  await fc.assert(
    fc.asyncProperty(items, shape, async (given, how) => {
      const input = itemsOf(given);
      const { separateOutputs: _, reviewOutput: __, ...parameters } = parametersOf(how);
      const list = { resource: 'list', ...parameters };
      const start = { ...list, operation: 'start', wait: false, options: {} };
      const started = await (await engine()).run(withServer(api, start), input);
      expect(started.error).toBeUndefined();
      const [job] = jsonOf(started);
      expect(started.outputs[0]?.[0]?.pairedItem).toEqual(input.map((_, item) => ({ item })));
      const which = { list: { mode: 'id', value: String(job?.id) } };
      const get = withServer(api, { resource: 'list', operation: 'get', ...which });
      await expect
        .poll(async () => jsonOf(await (await engine()).run(get, [{ json: {} }]))[0]?.state)
        .toBe('done');
      const results = withServer(api, { ...list, operation: 'getResults', returnAll: true, ...which });
      const ended = await (await engine()).run(results, [{ json: { id: job?.id } }]);
      expect(ended.error).toBeUndefined();
      expect((ended.outputs[0] ?? []).map(({ json }) => own(json))).toEqual(input.map(({ json }) => json));
      expect(ended.outputs[0]?.every((item) => (item.pairedItem as { item: number }).item === 0)).toBe(true);
      expect(api.sandbox.counts().chargedMoreThanOnce).toEqual([]);
    }),
    { numRuns: 6 },
  );
});

it.each([
  { resource: 'credits', operation: 'estimate', estimateFor: 'person' },
  { resource: 'credits', operation: 'get' },
  { resource: 'slot', operation: 'getAll' },
])('$resource > $operation belongs to all items, and spends nothing', async (operation) => {
  await using sandbox = await apollo();
  await fc.assert(
    fc.asyncProperty(items, async (given) => {
      const input = itemsOf(given);
      const ended = await (await engine()).run(
        withKeys(sandbox, { ...operation, leadsFrom: 'recognize' }),
        input,
      );
      expect(ended.error).toBeUndefined();
      for (const { pairedItem } of ended.outputs.flat())
        expect(pairedItem).toEqual(input.map((_, item) => ({ item })));
      expect(sandbox.counts().credits).toBe(0);
    }),
    { numRuns: 10 },
  );
});

it.each(['get', 'cancel'])(
  'List > %s puts out one item for each that names a list, and spends nothing',
  async (operation) => {
    await using api = await startApiServer();
    const start = withServer(api, {
      resource: 'list',
      operation: 'start',
      wait: false,
      leadsFrom: 'recognize',
    });
    const ids: string[] = [];
    for (const from of [0, 10])
      ids.push(String(jsonOf(await (await engine()).run(start, people(2, from)))[0]?.id));
    await expect.poll(async () => api.sandbox.counts().credits).toBe(4);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ fields, which: fc.nat({ max: 1 }) }), { minLength: 1, maxLength: 6 }),
        async (given) => {
          const input = given.map(({ fields, which }) => ({
            json: JSON.parse(JSON.stringify({ ...fields, list: ids[which] })),
          }));
          const list = { mode: 'id', value: '={{ $json.list }}' };
          // A list that is done can only be said to be so.
          const node = withServer(
            api,
            { resource: 'list', operation, list },
            { onError: 'continueRegularOutput' },
          );
          const ended = await (await engine()).run(node, input);
          if (operation === 'get')
            expect(jsonOf(ended).map(({ id }) => id)).toEqual(input.map(({ json }) => json.list));
          expect(ended.outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
            input.map((_, item) => ({ item })),
          );
        },
      ),
      { numRuns: 5 },
    );
    expect(api.sandbox.counts().credits).toBe(4);
  },
);
