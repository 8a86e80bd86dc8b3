import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Accounts } from '../../core/enrichment/index.ts';
import { DEFAULT_OPTIONS, type Ports } from '../../core/index.ts';
import { createLog, moveStore, openPorts, readConfig } from '../../core/node/index.ts';
import { temporaryDirectory } from '../platform/temporary-directory.ts';
import { startSandbox } from '../sandbox/index.ts';
import { openCore } from './core.ts';
import { hasRedis, type RedisServer, startRedis } from './server.ts';

const WORKSPACE = 'contoso';
const KEY = 'contoso-sales-key-0000-7Q2A';
const log = createLog({ write: () => undefined });

describe.skipIf(!hasRedis)('moving a store', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test('takes slots, known results and what was spent to Redis and back, and pays nobody again', async () => {
    await using sandbox = await startSandbox({ matchRate: 1, teams: [{ id: 'team', keys: [KEY] }] });
    const environment = {
      APOLLO_BASE_URL: sandbox.url,
      ENCRYPTION_KEYS: `one:${Buffer.alloc(32, 1).toString('base64')}`,
    };
    const redisUrl = server.fresh();
    const at = (dataDir: string, more = {}) => readConfig({ ...environment, DATA_DIR: dataDir, ...more });
    const [first, second] = [await temporaryDirectory(), await temporaryDirectory()];
    const leads = ['ada', 'grace', 'alan'].map((name) => ({
      linkedin_url: `linkedin.com/in/${name}-lovelace`,
    }));
    const use = async (config: ReturnType<typeof readConfig>) => {
      await using ports = await openPorts(config, { command: 'test', log });
      const core = await openCore(ports.ports, config);
      try {
        if ((await core.slots.connections(WORKSPACE)).length === 0) {
          await core.slots.connect({ workspace: WORKSPACE, key: KEY });
        }
        const answer = await core.enrich({
          workspace: WORKSPACE,
          kind: 'person',
          leads,
          options: DEFAULT_OPTIONS,
        });
        const { notation } = await core.slots.list(WORKSPACE);
        return { answer: answer.results, notation, month: await core.credits.month(WORKSPACE) };
      } finally {
        await core.close();
      }
    };
    const before = await use(at(first));
    const charged = sandbox.counts().credits;
    expect(before.month.credits).toBe(charged);

    const { entries } = await moveStore(at(first, { REDIS_URL: redisUrl }), 'redis', log);
    expect(entries).toBeGreaterThan(3);
    const known = before.answer.map((each) => ({ ...each, how: 'known' }));
    const onRedis = await use(at(second, { REDIS_URL: redisUrl }));
    expect(onRedis).toEqual({ ...before, answer: known });

    const twice = moveStore(at(first, { REDIS_URL: redisUrl }), 'redis', log);
    await expect(twice).rejects.toThrow('There is a store in this Redis already');

    await moveStore(at(second, { REDIS_URL: redisUrl }), 'embedded', log);
    expect(await use(at(second))).toEqual({ ...before, answer: known });
    expect(sandbox.counts().credits).toBe(charged);
  });

  test('keeps aside what phones on their way may still cost, there and back', async () => {
    const [first, second] = [await temporaryDirectory(), await temporaryDirectory()];
    const redisUrl = server.fresh();
    const open = async (
      settings: Record<string, string>,
      use: (accounts: Accounts, ports: Ports) => unknown,
    ) => {
      await using opened = await openPorts(readConfig(settings), { command: 'test', log });
      await use(new Accounts(opened.ports, 86_400_000), opened.ports);
    };
    const hasRoomForTwo = async (accounts: Accounts) => {
      const spending = await accounts.slotSpending(WORKSPACE, 1);
      expect(await spending.reserve(1, 20)).toEqual({ times: 2, never: false });
    };
    await open({ DATA_DIR: first }, async (accounts, { store }) => {
      await accounts.setSlotLimit(WORKSPACE, 1, 10);
      const spending = accounts.spending({ workspace: WORKSPACE, source: 'list', slot: 1 });
      await store.atomically(() => spending.hold(8));
      await hasRoomForTwo(accounts);
    });
    await moveStore(readConfig({ DATA_DIR: first, REDIS_URL: redisUrl }), 'redis', log);
    await open({ DATA_DIR: second, REDIS_URL: redisUrl }, hasRoomForTwo);
    await moveStore(readConfig({ DATA_DIR: second, REDIS_URL: redisUrl }), 'embedded', log);
    await open({ DATA_DIR: second }, hasRoomForTwo);
  });

  test('says what is missing, and waits for those who are at work', async () => {
    const dataDir = await temporaryDirectory();
    await expect(moveStore(readConfig({ DATA_DIR: dataDir }), 'redis', log)).rejects.toThrow(
      'REDIS_URL is not set',
    );
    const config = readConfig({ DATA_DIR: dataDir, REDIS_URL: server.fresh() });
    await using _worker = await openPorts(config, { command: 'test', role: 'worker', log });
    await expect(moveStore(config, 'redis', log)).rejects.toThrow('Other processes work on this Redis');
  });
});
