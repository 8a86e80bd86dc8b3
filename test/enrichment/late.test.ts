import { describe, expect, it } from 'vitest';
import { createApollo, type Person } from '../../core/apollo/index.ts';
import {
  Accounts,
  type KnownResult,
  KnownResults,
  type LatePolls,
  LateRequests,
} from '../../core/enrichment/index.ts';
import { openStore, singleProcess } from '../../core/node/index.ts';
import type { Store } from '../../core/ports.ts';
import { createVault, type UsableConnection } from '../../core/slots/index.ts';
import { temporaryDirectory } from '../platform/temporary-directory.ts';
import { keyRing, MemoryStore } from '../slots/world.ts';

const TEAM = 'team-contoso';
const NUMBERS = { ada: '+12065550101', alan: '+12065550102' } as const;
type Name = keyof typeof NUMBERS;

/** Late requests over a store, of people whose results are known without a number. */
function world(store: Store = new MemoryStore()) {
  let now = Date.UTC(2026, 10, 23);
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const answer: { status: number; body: object } = { status: 404, body: { error_code: 'result_pending' } };
  const http = {
    request: async () => ({ status: answer.status, headers: {}, body: JSON.stringify(answer.body) }),
  };
  const ports = singleProcess({ clock, store, http, log: silent });
  const known = new KnownResults(store, 86_400_000);
  const accounts = new Accounts(ports, 86_400_000);
  const apollo = createApollo({ http, baseUrl: 'http://127.0.0.1/api/v1' });
  const publicUrl = 'https://contoso.example';
  const vault = createVault(keyRing('first'));
  const late = new LateRequests({ ports, apollo, known, accounts, publicUrl, minuteMs: 60_000, vault });
  const news: string[] = [];
  late.onNews(async (source) => void news.push(source));
  const awaited = (name: Name, source: string) => ({ id: name, key: `li:${name}`, source, held: 8 });
  const connection = { key: () => 'key-contoso-sales-7Q2A' } as UsableConnection;
  const polls: LatePolls = {
    canRun: async () => true,
    room: async () => ({ free: 200, left: 400 }),
    run: async (_, signal, call) => (connected.key && !signal.aborted ? await call(connection) : undefined),
  };
  const connected = { key: true };
  return {
    late,
    accounts,
    news,
    awaited,
    connected,
    /** Polls `afterMs` later; Apollo answers with this. */
    poll: async (afterMs: number, status: number, body: object, signal = new AbortController().signal) => {
      Object.assign(answer, { status, body });
      now += afterMs;
      return await late.poll(signal, polls);
    },
    remember: (workspace: string, ...names: Name[]) =>
      known.remember(
        workspace,
        names.map((name) => ({
          outcome: 'matched' as const,
          person: { id: name },
          keys: [`li:${name}`] as const,
          at: now,
          reveal: { personalEmails: false, phones: true, waterfall: false },
          credits: 1,
          by: { source: 'job', row: 0 },
        })),
      ),
    /** A request of the workspace contoso; gives what stands after the path of its address. */
    ask: async (requestId: string, source: string, ...names: Name[]) => {
      const { url = '', id = '' } = (await late.nextAddress()) ?? {};
      const people = names.map((name) => awaited(name, source));
      const expect = () =>
        late.expect({
          requestId,
          workspace: 'contoso',
          team: TEAM,
          slot: 1,
          askedAt: now,
          address: id,
          people,
        });
      return { ticket: url.split('/').at(-1) ?? '', address: id, expect };
    },
    result: async (name: Name) => (await known.getMany('contoso', [`li:${name}`]))[0],
    /** What is known of her is this, whatever Apollo sends later. */
    knows: (person: Person, late?: KnownResult['late']) =>
      known.remember('contoso', [
        {
          outcome: 'matched',
          person,
          keys: [`li:${person.id}`],
          at: now,
          reveal: { personalEmails: false, phones: true, waterfall: true },
          credits: 1,
          by: { source: 'job', row: 0 },
          ...(late && { late }),
        },
      ]),
    phoneOf: async (workspace: string, name: Name) => {
      const [result] = await known.getMany(workspace, [`li:${name}`]);
      return result?.person?.phones?.[0]?.number;
    },
  };
}

function pushed(...names: Name[]) {
  return async () =>
    JSON.stringify({
      credits_consumed: 8 * names.length,
      people: names.map((id) => ({ id, phone_numbers: [{ sanitized_number: NUMBERS[id] }] })),
    });
}

describe('a result that Apollo pushes', () => {
  it('completes what is known and is paid for once, however often it comes', async () => {
    const { late, accounts, ask, remember, phoneOf, news } = world();
    await remember('contoso', 'ada', 'alan');
    const { ticket, expect: remembered } = await ask('-1', 'job', 'ada', 'alan');
    await remembered();
    for (let time = 0; time < 3; time += 1) {
      expect(await late.push(ticket, pushed('ada', 'alan'))).toBe('taken');
    }
    expect(await phoneOf('contoso', 'ada')).toBe(NUMBERS.ada);
    expect(await phoneOf('contoso', 'alan')).toBe(NUMBERS.alan);
    expect(await accounts.usage('job')).toMatchObject({ credits: 16 });
    expect(await late.pending('job')).toEqual([]);
    expect(news).toEqual(['job']);
  });

  it('is paid for once, though it could not be stored when it came first', async () => {
    const store = await openStore(await temporaryDirectory());
    let isFull = false;
    const { late, accounts, ask, remember, phoneOf } = world({
      collection: (name) => store.collection(name),
      counters: (name) => store.counters(name),
      atomically: (work) =>
        store.atomically(async () => {
          await work();
          if (isFull) throw new Error('the disk is full');
        }),
      close: () => store.close(),
    });
    await remember('contoso', 'ada');
    const { ticket, expect: remembered } = await ask('-1', 'job', 'ada');
    await remembered();
    isFull = true;
    await expect(late.push(ticket, pushed('ada'))).rejects.toThrow('the disk is full');
    expect(await accounts.usage('job')).toMatchObject({ credits: 0 });
    isFull = false;
    expect(await late.push(ticket, pushed('ada'))).toBe('taken');
    expect(await phoneOf('contoso', 'ada')).toBe(NUMBERS.ada);
    expect(await accounts.usage('job')).toMatchObject({ credits: 8 });
    expect(await accounts.month('contoso')).toMatchObject({ credits: 8 });
    await store.close();
  });

  it('may come before the answer that it belongs to is stored', async () => {
    const { late, ask, remember, phoneOf } = world();
    const { ticket, address, expect: remembered } = await ask('-1', 'job', 'ada');
    expect(await late.push(ticket, pushed('ada'))).toBe('taken');
    await remember('contoso', 'ada');
    await remembered();
    await late.expected(address);
    expect(await phoneOf('contoso', 'ada')).toBe(NUMBERS.ada);
    expect(await late.pending('job')).toEqual([]);
  });

  it('reaches those for whom Apollo did not look again, in whichever workspace', async () => {
    const { late, accounts, ask, awaited, remember, phoneOf, news } = world();
    await remember('contoso', 'ada');
    await remember('fabrikam', 'ada');
    const { ticket, expect: remembered } = await ask('-1', 'job', 'ada');
    await remembered();
    await late.join(TEAM, 'fabrikam', [awaited('ada', 'direct')]);
    expect(await late.pending('direct')).toHaveLength(1);
    await late.push(ticket, pushed('ada'));
    expect(await phoneOf('fabrikam', 'ada')).toBe(NUMBERS.ada);
    expect(await accounts.usage('direct')).toMatchObject({ credits: 0 });
    expect(await accounts.month('fabrikam')).toMatchObject({ credits: 0 });
    expect(news.sort()).toEqual(['direct', 'job']);
  });

  it.each([
    ['the earlier one first', ['first', 'second']],
    ['the later one first', ['second', 'first']],
  ] as const)('reaches both of two requests that share a person: %s', async (_, order) => {
    const { late, ask, remember, phoneOf } = world();
    await remember('contoso', 'ada', 'alan');
    const tickets = { first: await ask('-1', 'job', 'ada'), second: await ask('-2', 'other', 'ada', 'alan') };
    await tickets.first.expect();
    await tickets.second.expect();
    // Apollo looks for Ada once, for the first who asked.
    const bodies = { first: pushed('ada'), second: pushed('alan') };
    for (const which of order) await late.push(tickets[which].ticket, bodies[which]);
    expect(await phoneOf('contoso', 'ada')).toBe(NUMBERS.ada);
    expect(await phoneOf('contoso', 'alan')).toBe(NUMBERS.alan);
    expect(await late.pending('other')).toEqual([]);
  });

  it('is refused at an address that was never given out, and when it is none', async () => {
    const { late, ask } = world();
    const { ticket } = await ask('-1', 'job', 'ada');
    const forged = ticket.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    expect(await late.push(forged, pushed('ada'))).toBe('unknown');
    expect(await late.push(ticket, async () => '{"people": 1}')).toBe('malformed');
    expect(await late.push(ticket, async () => 'no JSON')).toBe('malformed');
  });
});

const DAY = 86_400_000;

it('is asked for at once by whoever still waits, when another stopped waiting just before its poll', async () => {
  const { late, ask, remember, poll } = world();
  await remember('contoso', 'ada');
  await (await ask('-1', 'job', 'ada')).expect();
  const pending = { error_code: 'result_pending', retry_after_seconds: 10 };
  await poll(2 * 60_000, 404, pending, AbortSignal.abort());
  expect(await late.pending('job')).toHaveLength(1);
  await poll(0, 200, { webhook_status: 'success', webhook_result: JSON.parse(await pushed('ada')()) });
  expect(await late.pending('job')).toEqual([]);
});

describe('a late part that never comes', () => {
  it.each([
    ['has expired', 410, { error_code: 'request_id_expired' }],
    ['is of a request that Apollo does not know any more', 404, { error_code: 'request_id_unknown' }],
  ])('leaves its credits in doubt when it %s', async (_, status, body) => {
    const { late, accounts, ask, remember, poll, result } = world();
    await remember('contoso', 'ada', 'alan');
    const { expect: remembered } = await ask('-1', 'job', 'ada', 'alan');
    await remembered();
    expect(await poll(2 * 60_000, status, body)).toBe(1);
    expect(await accounts.usage('job')).toMatchObject({ credits: 0, inDoubtCredits: 16, inDoubtCalls: 1 });
    expect(await accounts.month('contoso')).toMatchObject({ credits: 0, inDoubtCredits: 16 });
    expect(await late.pending('job')).toEqual([]);
    expect((await result('ada'))?.late?.state).toBe('gone');
  });

  it.each([
    ['Apollo still says that it will come', true],
    ['no key is left that could ask', false],
  ])('is given up when Apollo keeps it no longer, though %s', async (_, hasKey) => {
    const { late, accounts, ask, remember, poll, connected } = world();
    connected.key = hasKey;
    await remember('contoso', 'ada');
    await (await ask('-1', 'job', 'ada')).expect();
    const pending = { error_code: 'result_pending', retry_after_seconds: 10 };
    await poll(29 * DAY, 404, pending);
    expect(await late.pending('job')).toHaveLength(1);
    expect(await accounts.usage('job')).toMatchObject({ inDoubtCredits: 0 });
    await poll(2 * DAY, 404, pending);
    expect(await late.pending('job')).toEqual([]);
    expect(await accounts.usage('job')).toMatchObject({ credits: 0, inDoubtCredits: 8 });
  });

  it('is in doubt too where Apollo does not say what it charged', async () => {
    const { late, accounts, ask, remember, phoneOf } = world();
    await remember('contoso', 'ada');
    const { ticket, expect: remembered } = await ask('-1', 'job', 'ada');
    await remembered();
    await late.push(ticket, async () =>
      JSON.stringify({ people: [{ id: 'ada', phone_numbers: [{ sanitized_number: NUMBERS.ada }] }] }),
    );
    expect(await phoneOf('contoso', 'ada')).toBe(NUMBERS.ada);
    expect(await accounts.usage('job')).toMatchObject({ credits: 0, inDoubtCredits: 8 });
  });
});

describe('what accounts are charged for a late part', () => {
  it.each([
    ['when it comes', { held: 8 }, 8, 8],
    ['when it is accepted, and told again', { held: 0, prepaid: 8 }, 8, 0],
    ['when it is accepted, and not told again', { held: 0, prepaid: 8 }, 0, 0],
  ])('is counted once: %s', async (_, costs, told, counted) => {
    const { late, accounts, remember } = world();
    await remember('contoso', 'ada');
    const { url = '', id = '' } = (await late.nextAddress()) ?? {};
    const people = [{ id: 'ada', key: 'li:ada', source: 'job', ...costs }];
    const request = { requestId: '-1', workspace: 'contoso', team: TEAM, slot: 1, askedAt: 0 };
    await late.expect({ ...request, address: id, people });
    await late.push(url.split('/').at(-1) ?? '', async () =>
      JSON.stringify({
        credits_consumed: told,
        people: [{ id: 'ada', phone_numbers: [{ sanitized_number: NUMBERS.ada }] }],
      }),
    );
    expect(await accounts.usage('job')).toMatchObject({ credits: counted, inDoubtCredits: 0 });
  });
});

describe('what comes late beside what is there', () => {
  const pending = { requestId: '-1', state: 'pending' as const };

  it("never puts a vendor's unverified e-mail in the place of one that Apollo verified", async () => {
    const { late, ask, knows, result } = world();
    await knows({ id: 'ada', email: 'ada@contoso.com', emailStatus: 'verified' }, pending);
    await knows({ id: 'alan' }, pending);
    const { ticket, expect: remembered } = await ask('-1', 'job', 'ada', 'alan');
    await remembered();
    await late.push(ticket, async () =>
      JSON.stringify({
        credits_consumed: 2,
        people: [
          { id: 'ada', emails: [{ email: 'a.l@vendor.example', email_status_cd: 'Verified' }] },
          { id: 'alan', emails: [{ email: 'alan@vendor.example', email_status_cd: 'Verified' }] },
        ],
      }),
    );
    expect((await result('ada'))?.person).toMatchObject({
      email: 'ada@contoso.com',
      emailStatus: 'verified',
    });
    expect((await result('alan'))?.person).toMatchObject({
      email: 'alan@vendor.example',
      emailStatus: 'unverified',
    });
  });

  it('takes no number away where another request has found nothing', async () => {
    const { late, ask, knows, result } = world();
    const phones = [{ number: NUMBERS.ada, type: 'mobile' }];
    await knows({ id: 'ada', phones }, pending);
    await knows({ id: 'alan', phones: [{ number: NUMBERS.alan }] }, { ...pending, state: 'ready' });
    const { ticket, expect: remembered } = await ask('-1', 'job', 'ada', 'alan');
    await remembered();
    await late.push(ticket, async () => JSON.stringify({ credits_consumed: 0, people: [] }));
    for (const [name, number] of Object.entries(NUMBERS)) {
      const after = await result(name as Name);
      expect(after?.late?.state).toBe('ready');
      expect(after?.person?.phones?.[0]?.number).toBe(number);
    }
  });

  it('is there still where it was an e-mail alone, and another request has found nothing', async () => {
    const { late, ask, knows, result } = world();
    await knows({ id: 'ada', email: 'ada@vendor.example' }, { ...pending, state: 'ready' });
    await knows({ id: 'alan' }, pending);
    const { ticket, expect: remembered } = await ask('-2', 'job', 'ada', 'alan');
    await remembered();
    await late.push(ticket, async () => JSON.stringify({ credits_consumed: 0, people: [] }));
    expect((await result('ada'))?.late?.state).toBe('ready');
    expect((await result('alan'))?.late?.state).toBe('gone');
  });
});
