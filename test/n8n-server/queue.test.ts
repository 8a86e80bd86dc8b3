import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { KEYS, leads, startApiServer } from '../api/api-server.ts';
import { hasRedis, startRedis } from '../redis/server.ts';
import { chain, node } from './compare.ts';
import { N8n, type Workflow } from './n8n.ts';
import { hasPostgres, startPostgres } from './postgres.ts';
import { Editor, N8nProcess } from './running.ts';
import { serverCredential } from './world.ts';

/** Bulk calls that Apollo takes in a window of the one team. */
const LIMIT = 20;
const MINUTE_MS = 3000;
const EXECUTIONS = 4;
const LEADS = 200;

const PHONE_LEADS = 12;
const PHONE_LIMIT = 60;

const ENRICH = queued('queued0000000001', 'queued', {});
/** Phones come late, and what is left of the limit is kept for them until then. */
const PHONES = queued('phones0000000001', 'phones', {
  alsoFind: ['phones'],
  options: { creditLimit: PHONE_LIMIT, waitForLate: 30 },
});

function queued(id: string, path: string, parameters: Record<string, unknown>): Workflow {
  return {
    id,
    name: path,
    nodes: [
      node(
        'Leads',
        'n8n-nodes-base.webhook',
        2.1,
        { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
        { webhookId: randomUUID() },
      ),
      node('Each', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'body.leads', options: {} }),
      node(
        'Result',
        'n8n-nodes-connectionsphere.connectionSphere',
        1,
        { authentication: 'connectionSphereApi', resource: 'person', operation: 'enrich', ...parameters },
        { credentials: { connectionSphereApi: { id: 'connectionsphere', name: 'ConnectionSphere API' } } },
      ),
    ],
    connections: chain('Leads', 'Each', 'Result'),
  };
}

it.runIf(hasRedis && hasPostgres)(
  'two workers of n8n in queue mode stay within the limits of a team and of a run together, late phones included, and pay once',
  { timeout: 400_000 },
  async () => {
    await using api = await startApiServer({
      teams: [
        {
          id: 'team-contoso',
          plan: { '*': { minute: 1000 }, 'people/bulk_match': { minute: LIMIT } },
          keys: [KEYS.contoso],
        },
      ],
      minuteMs: MINUTE_MS,
      latencyMs: 100,
      lateMs: 200,
    });
    await using redis = await startRedis();
    await using postgres = await startPostgres();
    await using n8n = await N8n.create({
      EXECUTIONS_MODE: 'queue',
      QUEUE_BULL_REDIS_HOST: '127.0.0.1',
      QUEUE_BULL_REDIS_PORT: new URL(redis.url).port,
      QUEUE_HEALTH_CHECK_ACTIVE: 'true',
      DB_TYPE: 'postgresdb',
      DB_POSTGRESDB_HOST: '127.0.0.1',
      DB_POSTGRESDB_PORT: String(postgres.port),
      DB_POSTGRESDB_USER: postgres.user,
      DB_POSTGRESDB_DATABASE: postgres.database,
    });
    await n8n.importCredentials([serverCredential(api)]);
    await n8n.importWorkflows([ENRICH, PHONES]);
    await using main = await N8nProcess.start(n8n, ['start']);
    await using first = await N8nProcess.start(n8n, ['worker', '--concurrency=1']);
    await using second = await N8nProcess.start(n8n, ['worker', '--concurrency=1']);
    const editor = await Editor.setUp(main);
    await editor.activate(ENRICH.id);
    await editor.activate(PHONES.id);

    // Every second execution is about the people of the one before.
    const lists = Array.from({ length: EXECUTIONS }, (_, number) =>
      leads(LEADS, Math.floor(number / 2) * LEADS),
    );
    const send = async (path: string, list: object[]) => {
      for (;;) {
        const { status } = await fetch(`${main.url}/webhook/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ leads: list }),
        });
        // n8n says that a workflow is on a moment before it listens.
        if (status !== 404) return expect(status).toBe(200);
      }
    };
    // n8n lists those that have ended.
    const ended = async ({ id }: Workflow, count: number) => {
      await expect
        .poll(async () => (await editor.executions(id)).length, { timeout: 120_000, interval: 500 })
        .toBe(count);
    };
    for (const list of lists) await send('queued', list);
    await ended(ENRICH, EXECUTIONS);
    for (const [number, { id }] of (await editor.executions(ENRICH.id)).entries()) {
      const executed = await editor.ended(id);
      expect(executed.error).toBeUndefined();
      expect(executed.outputs('Result')[0]?.map(({ json }) => json)).toMatchObject(lists[number] ?? []);
    }
    for (const { output } of [first, second]) expect(output.join('')).toMatch(/finished execution/);
    expect(main.output.join('')).not.toMatch(/ConnectionSphere:/);
    const counts = api.sandbox.counts();
    expect(counts.rateLimited).toBe(0);
    expect(counts.chargedMoreThanOnce).toEqual([]);
    expect(counts.byEndpoint['people/bulk_match']).toBeLessThan((EXECUTIONS / 2) * (LEADS / 10) * 1.5);

    for (const from of [5_000, 6_000]) await send('phones', leads(PHONE_LEADS, from));
    await ended(PHONES, 2);
    let said = 0;
    for (const { id } of await editor.executions(PHONES.id)) {
      const executed = await editor.ended(id);
      expect(executed.error).toBeUndefined();
      expect(executed.outputs('Result').flat()).toHaveLength(PHONE_LEADS);
      const credits = Number(/([\d.]+) credits? in/.exec(executed.hints('Result')[0] ?? '')?.[1]);
      expect(credits).toBeLessThanOrEqual(PHONE_LIMIT);
      said += credits;
    }
    const after = api.sandbox.counts();
    // A single match does not say what it cost: one credit is counted, though Apollo charges none for a person of
    // whom it has nothing. Two of each list go by themselves at most.
    expect(said - (after.credits - counts.credits)).toBeGreaterThanOrEqual(0);
    expect(said - (after.credits - counts.credits)).toBeLessThanOrEqual(4);
    expect(after.chargedMoreThanOnce).toEqual([]);
  },
);
