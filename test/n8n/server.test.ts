import { describe, expect, it, vi } from 'vitest';
import { KEYS, startApiServer } from '../api/api-server.ts';
import { startReceiver } from '../api/receiver.ts';
import { apolloOf, engine, jsonOf, people, SHORT_MINUTE_MS, withServer } from './world.ts';

const START = { resource: 'list', operation: 'start', wait: false };

async function run(...args: Parameters<Awaited<ReturnType<typeof engine>>['run']>) {
  return await (await engine()).run(...args);
}

describe('through a server', () => {
  it('enriches in batches side by side, paired and in order', async () => {
    await using api = await startApiServer({ keys: [KEYS.contoso, KEYS.fabrikam] });
    const ended = await run(withServer(api), people(450));
    expect(ended.error).toBeUndefined();
    expect(jsonOf(ended).map(({ row }) => row)).toEqual(people(450).map(({ json }) => json.row));
    for (const json of jsonOf(ended)) expect(apolloOf(json).email).toBe(json.email);
    expect(api.sandbox.counts().byEndpoint['people/bulk_match']).toBeLessThanOrEqual(60);
    expect(ended.hints[0]).toMatch(/^450 of 450 found, 450 credits in [\d.]+ s\. Slots used: 1, 2\./);
    // The server knows them now: for the next execution, for Slack, for everybody.
    const again = await run(withServer(api), people(450));
    expect(again.hints[0]).toMatch(/450 known already, 0 credits/);
  });

  it('says how long it had to wait for its turn', async () => {
    const teams = [{ id: 'team-contoso', plan: { '*': { minute: 2 } }, keys: [KEYS.contoso] }];
    await using api = await startApiServer({ minuteMs: 2_000, teams });
    const ended = await run(withServer(api), people(60));
    expect(ended.error).toBeUndefined();
    expect(ended.outputs[0]).toHaveLength(60);
    expect(ended.hints[0]).toMatch(/It waited [2-9][\d.]* s for its turn under Apollo's limits\./);
  });

  it('keeps the credit limit of the run over all batches', async () => {
    await using api = await startApiServer();
    const ended = await run(withServer(api, { options: { creditLimit: 130 } }), people(300));
    expect(api.sandbox.counts().credits).toBe(130);
    expect(ended.outputs.map((output) => output.length)).toEqual([130, 0, 170]);
  });

  it('pays for duplicates once over all batches, also when known results do not count', async () => {
    await using api = await startApiServer({ latencyMs: 50 });
    const items = [...people(150), ...people(150)];
    const ended = await run(withServer(api, { options: { fresh: true } }), items);
    expect(jsonOf(ended).map((json) => apolloOf(json).email)).toEqual(items.map(({ json }) => json.email));
    expect(api.sandbox.counts()).toMatchObject({ credits: 150, chargedMoreThanOnce: [] });
    expect(ended.hints[0]).toMatch(/^300 of 300 found, 150 for free as duplicates, 150 credits/);
  });

  it('says what to do about a wrong token and a server that is not there', async () => {
    await using api = await startApiServer();
    const wrong = await run(withServer({ url: api.url, token: 'csa_wrong' }), people(1));
    expect(wrong.error?.message).toMatch(/does not accept the token/);
    expect(wrong.error?.description).toMatch(/token create/);
    const elsewhere = await run(withServer({ url: `${api.url}/elsewhere`, token: api.token }), people(1));
    expect(elsewhere.error?.description).toMatch(/server address/);
  });

  it('lists slots, says what was spent, and estimates', async () => {
    await using api = await startApiServer({ keys: [KEYS.contoso, KEYS.fabrikam] });
    await run(withServer(api), people(10));
    const slots = jsonOf(
      await run(withServer(api, { resource: 'slot', operation: 'getAll' }), [{ json: {} }]),
    );
    expect(slots).toMatchObject([{ slot: 1, state: 'healthy' }, { slot: 2 }]);
    const [credits] = jsonOf(
      await run(withServer(api, { resource: 'credits', operation: 'get' }), [{ json: {} }]),
    );
    expect(credits).toMatchObject({ creditsSpent: 10, slots: [{ slot: 1 }, { slot: 2 }] });
    const parameters = { resource: 'credits', operation: 'estimate', estimateFor: 'person' };
    const [estimate] = jsonOf(await run(withServer(api, parameters), people(12)));
    expect(estimate).toMatchObject({ rows: 12, known: 10, lookups: 2, mostCredits: 2 });
  });

  it('waits for phone numbers, which the server collects', async () => {
    await using api = await startApiServer({ lateMs: 200, minuteMs: SHORT_MINUTE_MS });
    const ended = await run(withServer(api, { alsoFind: ['phones'] }), people(20));
    expect(jsonOf(ended).some((json) => apolloOf(json).phone)).toBe(true);
    expect(jsonOf(ended).filter((json) => apolloOf(json).pending)).toEqual([]);
  });

  it('makes no further request once cancelled, and lets what was answered leave', async () => {
    await using api = await startApiServer({ latencyMs: 150 });
    const ended = await run(withServer(api, { options: { concurrency: 1 } }), people(1000), {
      cancelWhen: () => api.sandbox.counts().credits > 0,
    });
    expect(ended.run.status).toBe('canceled');
    expect(ended.outputs[0]).toHaveLength(100);
    expect(api.sandbox.counts().credits).toBe(100);
  });
});

describe('lists', () => {
  it('starts a list of items, shows it, gives its results with the items\u2019 own fields', async () => {
    await using api = await startApiServer();
    const ended = await run(withServer(api, { ...START, listName: 'Webinar' }), people(60));
    expect(ended.error).toBeUndefined();
    const [job] = jsonOf(ended);
    expect(job).toMatchObject({ name: 'Webinar', rows: 60 });
    expect(job).not.toHaveProperty('callback');
    const list = { mode: 'id', value: String(job?.id) };
    const get = withServer(api, { resource: 'list', operation: 'get', list });
    await expect.poll(async () => jsonOf(await run(get, [{ json: {} }]))[0]?.state).toBe('done');
    const results = withServer(api, { resource: 'list', operation: 'getResults', list, returnAll: true });
    const rows = jsonOf(await run(results, [{ json: {} }]));
    expect(rows.map(({ row }) => Number(row))).toEqual(people(60).map(({ json }) => json.row));
    expect(apolloOf(rows[3])).toMatchObject({ outcome: 'matched', email: rows[3]?.email });
    const some = withServer(api, {
      resource: 'list',
      operation: 'getResults',
      list,
      returnAll: false,
      limit: 7,
    });
    expect(jsonOf(await run(some, [{ json: {} }]))).toHaveLength(7);
  });

  it('sends a file as it is', async () => {
    await using api = await startApiServer();
    const csv = 'Vorname;Nachname;Webseite\nAda;Lovelace;contoso.com\nGrace;Hopper;fabrikam.com\n';
    const data = Buffer.from(csv).toString('base64');
    const item = { json: {}, binary: { data: { data, mimeType: 'text/csv', fileName: 'leads.csv' } } };
    const ended = await run(withServer(api, { ...START, leadsFrom: 'file', binaryPropertyName: 'data' }), [
      item,
    ]);
    expect(jsonOf(ended)[0]).toMatchObject({ name: 'leads.csv', rows: 2 });
  });

  it('tells the server how a file is to be read, and gives the enriched list as a file', async () => {
    await using api = await startApiServer();
    const csv = 'x;y;z\nVorname;Nachname;Webseite\nAda;Lovelace;contoso.com\nGrace;Hopper;fabrikam.com\n';
    const data = Buffer.from(csv).toString('base64');
    const item = { json: {}, binary: { data: { data, mimeType: 'text/csv', fileName: 'leads.csv' } } };
    const file = { ...START, leadsFrom: 'file', fileOptions: { headerRow: 2 }, options: { kind: 'people' } };
    const [started] = jsonOf(await run(withServer(api, file), [item]));
    expect(started).toMatchObject({ name: 'leads.csv', rows: 2, kind: 'people' });
    await vi.waitFor(async () => {
      const status = { resource: 'list', operation: 'get', list: String(started?.id) };
      expect(jsonOf(await run(withServer(api, status), [{ json: {} }]))[0]?.state).toBe('done');
    }, 20_000);
    const get = async (parameters: object) => {
      const node = { resource: 'list', operation: 'getFile', list: String(started?.id), ...parameters };
      const { outputs, error } = await run(withServer(api, node), [{ json: {} }]);
      expect(error).toBeUndefined();
      const { binary, json } = outputs[0]?.[0] ?? {};
      return { json, file: binary?.data, bytes: Buffer.from(binary?.data?.data ?? '', 'base64') };
    };
    const plain = await get({});
    expect(plain.file).toMatchObject({ fileName: 'leads-enriched.csv', mimeType: 'text/csv' });
    expect(plain.bytes.toString()).toMatch(
      /^x;y;z\nVorname;Nachname;Webseite;apollo_outcome;.*\nAda;Lovelace;/,
    );
    expect((await get({ fileFormat: 'xlsx' })).bytes.subarray(0, 2).toString()).toBe('PK');
    expect((await get({ preset: 'lemlist' })).bytes.toString()).toMatch(/^\W?email,firstName,lastName,/);
  });

  it('starts one list however often n8n retries', async () => {
    await using api = await startApiServer();
    const node = withServer(api, START);
    const again = { executionId: 'retried' };
    const [first] = jsonOf(await run(node, people(5), again));
    const [second] = jsonOf(await run(node, people(5), again));
    const [other] = jsonOf(await run(node, people(5)));
    expect(other?.id).not.toBe(first?.id);
    expect(second?.id).toBe(first?.id);
  });

  it('cancels, and says plainly when there is no such list', async () => {
    await using api = await startApiServer({ latencyMs: 200 });
    const [job] = jsonOf(await run(withServer(api, START), people(500)));
    const list = { mode: 'id', value: String(job?.id) };
    const cancelled = await run(withServer(api, { resource: 'list', operation: 'cancel', list }), [
      { json: {} },
    ]);
    expect(jsonOf(cancelled)[0]).toMatchObject({ id: job?.id });
    const none = withServer(api, {
      resource: 'list',
      operation: 'get',
      list: { mode: 'id', value: 'nosuchjob' },
    });
    expect((await run(none, [{ json: {} }])).error?.description).toMatch(/There is no job nosuchjob/);
    const going = await run({ ...none, onError: 'continueRegularOutput' }, [{ json: {} }]);
    expect(jsonOf(going)[0]?.error).toBeDefined();
  });

  it('sleeps until the server says that the list is done, and goes on with it', async () => {
    await using receiver = await startReceiver();
    await using api = await startApiServer({ env: { ALLOW_PRIVATE_CALLBACKS: 'true' } });
    const node = withServer(api, { ...START, wait: true });
    const ended = await run(node, people(30), { resumeUrl: receiver.url });
    expect(ended.run.data.waitTill).toBeDefined();
    const [told] = await receiver.came(1);
    const woken = await (await engine()).wake(node, told?.body);
    expect(woken.items).toMatchObject([{ json: { state: 'done', rows: 30, counts: { matched: 30 } } }]);
  });

  it('is not woken by somebody who names no list, or one that still runs', async () => {
    await using api = await startApiServer({ latencyMs: 500 });
    const node = withServer(api, START);
    const [job] = jsonOf(await run(node, people(50)));
    const nobody = await (await engine()).wake(node, { hello: 'n8n' });
    expect(nobody).toEqual({ items: undefined, status: undefined });
    const early = await (await engine()).wake(node, { job: { id: String(job?.id), state: 'done' } });
    expect(early.items).toBeUndefined();
  });
});

it('asks to be told again when the server cannot be asked about the list', async () => {
  await using api = await startApiServer();
  const node = withServer({ url: `${api.url}/elsewhere`, token: api.token }, START);
  const woken = await (await engine()).wake(node, { job: { id: 'mwtpnwhc9c9a9a' } });
  expect(woken).toEqual({ items: undefined, status: 503 });
});

it('sends those without a server to what they can do instead', async () => {
  await using api = await startApiServer();
  const node = withServer(api, { ...START, authentication: 'connectionSphereApolloKeysApi' });
  const ended = await run(node, people(1));
  expect(ended.error?.message).toBe('Lists need a ConnectionSphere server');
});
