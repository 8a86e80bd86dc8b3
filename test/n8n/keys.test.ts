import { describe, expect, it } from 'vitest';
import { apollo, apolloOf, engine, jsonOf, KEYS, people, quickClock, withKeys } from './world.ts';

const ALL = [KEYS.sales, KEYS.growth, KEYS.fabrikam];

describe('several keys', () => {
  it('uses the allowances of several teams together, and never more than each has', async () => {
    await using sandbox = await apollo();
    for (const team of ['team-contoso', 'team-fabrikam']) {
      sandbox.setPlan(team, { 'people/bulk_match': { minute: 6 }, '*': { minute: 50 } });
    }
    const ended = await (await engine()).run(withKeys(sandbox, {}, {}, ALL), people(120));
    expect(ended.error).toBeUndefined();
    expect(ended.outputs[0]).toHaveLength(120);
    const { teams, rateLimited } = sandbox.counts();
    expect(rateLimited).toBe(0);
    expect(teams.every(({ credits }) => credits > 30)).toBe(true);
    expect(sandbox.counts().byEndpoint['people/bulk_match']).toBeLessThanOrEqual(12);
    expect(ended.hints[0]).toMatch(/Slots used: [12], 3\./);
  });

  it('keeps a team within its limits over executions side by side, and one\u2019s cancel to itself', async () => {
    await using sandbox = await apollo({ latencyMs: 60 });
    sandbox.setPlan('team-contoso', { 'people/bulk_match': { minute: 40 }, '*': { minute: 50 } });
    const node = withKeys(sandbox);
    const [first, second, cancelled] = await Promise.all([
      (await engine()).run(node, people(100)),
      (await engine()).run(node, people(100, 100)),
      (await engine()).run(node, people(900, 200), { cancelWhen: () => sandbox.counts().credits > 30 }),
    ]);
    expect(first.outputs[0]).toHaveLength(100);
    expect(second.outputs[0]).toHaveLength(100);
    expect(cancelled.run.status).toBe('canceled');
    const found = [first, second, cancelled].map(({ outputs }) => outputs[0]?.length ?? 0);
    expect(found.reduce((sum, each) => sum + each, 0)).toBe(sandbox.counts().credits);
    expect(sandbox.counts().rateLimited).toBe(0);
  });

  it('tells that keys of one team share their limits', async () => {
    await using sandbox = await apollo();
    const slots = jsonOf(
      await (await engine()).run(withKeys(sandbox, { resource: 'slot', operation: 'getAll' }, {}, ALL), [
        { json: {} },
      ]),
    );
    expect(slots).toMatchObject([
      { slot: 1, label: 'Label 1', state: 'healthy', last4: '7Q2A', sharesLimitsWith: [2] },
      { slot: 2, sharesLimitsWith: [1] },
      { slot: 3, sharesLimitsWith: [], creditsLeft: 10_000 },
    ]);
    expect(JSON.stringify(slots)).not.toContain(KEYS.sales);
  });

  it('works on with the good keys, and says what is wrong with the others', async () => {
    await using sandbox = await apollo();
    sandbox.revoke(KEYS.sales);
    const ended = await (await engine()).run(withKeys(sandbox, {}, {}, ALL), people(12));
    expect(ended.outputs[0]).toHaveLength(12);
    expect(ended.hints.join(' ')).toMatch(/Key 1 \(Label 1\): Apollo refuses this key/);
  });

  it('fails with advice when no key is good', async () => {
    await using sandbox = await apollo();
    for (const key of ALL) sandbox.revoke(key);
    const ended = await (await engine()).run(withKeys(sandbox, {}, {}, ALL), people(2));
    expect(ended.error?.message).toBe('None of the Apollo keys can be used');
    expect(ended.error?.description).toMatch(/Copy it again from Apollo/);
    // Not remembered: once the keys are good again, the node works.
    for (const key of ALL) sandbox.restore(key);
    expect((await (await engine()).run(withKeys(sandbox, {}, {}, ALL), people(2))).outputs[0]).toHaveLength(
      2,
    );
  });

  it('says that Apollo cannot be reached', async () => {
    const sandbox = await apollo();
    await sandbox.close();
    const ended = await (await engine()).run(withKeys(sandbox), people(2));
    expect(ended.error?.description).toMatch(/could not be checked with Apollo.*ECONNREFUSED/);
  });

  it('says what is left and spent', async () => {
    await using sandbox = await apollo();
    await (await engine()).run(withKeys(sandbox, {}, {}, ALL), people(10));
    const [credits] = jsonOf(
      await (await engine()).run(withKeys(sandbox, { resource: 'credits', operation: 'get' }, {}, ALL), [
        { json: {} },
      ]),
    );
    expect(credits).toMatchObject({ creditsSpent: 10, monthlyLimit: null });
    expect(credits?.creditsLeft).toBe(20_000);
  });

  it('estimates without spending', async () => {
    await using sandbox = await apollo();
    const parameters = {
      resource: 'credits',
      operation: 'estimate',
      estimateFor: 'person',
      alsoFind: ['phones'],
    };
    const ended = await (await engine()).run(withKeys(sandbox, parameters), people(4));
    expect(jsonOf(ended)[0]).toMatchObject({ rows: 4, lookups: 4, mostCredits: 36 });
    expect(ended.outputs[0]?.[0]?.pairedItem).toHaveLength(4);
    expect(sandbox.counts().credits).toBe(0);
  });
});

describe('when things go wrong', () => {
  it.each(['500', '502', '429', 'cutBefore'] as const)(
    'gets over a %s without losing or paying twice',
    async (kind) => {
      await using sandbox = await apollo();
      sandbox.fault({ kind, endpoint: 'people/bulk_match', times: 1 });
      const ended = await (await engine()).run(withKeys(sandbox), people(30));
      expect(ended.error).toBeUndefined();
      expect(ended.outputs[0]).toHaveLength(30);
      expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
    },
  );

  it.each(['swapped', 'shifted', 'short'] as const)(
    'never puts a %s answer beside the wrong item',
    async (kind) => {
      await using sandbox = await apollo();
      sandbox.fault({ kind, endpoint: 'people/bulk_match', times: 1 });
      const ended = await (await engine()).run(withKeys(sandbox), people(20));
      for (const { json, pairedItem } of ended.outputs.flat()) {
        expect(pairedItem).toEqual({ item: json.row });
        if (apolloOf(json).email) expect(apolloOf(json).email).toBe(json.email);
      }
      expect(ended.outputs.flat()).toHaveLength(20);
    },
  );

  it('counts a lost answer as in doubt and says so', async () => {
    await using sandbox = await apollo();
    sandbox.fault({ kind: 'cut', endpoint: 'people/bulk_match', times: 1 });
    const ended = await (await engine()).run(withKeys(sandbox), people(10));
    expect(ended.outputs.flat()).toHaveLength(10);
    expect(ended.hints[0]).toMatch(/Calls that got no answer: 1\. They may have been charged/);
  });

  it('leaves what a spent team cannot pay undecided, with what to do', async () => {
    await using sandbox = await apollo();
    sandbox.setCredits('team-contoso', { limit: 20, used: 0 });
    const ended = await (await engine()).run(withKeys(sandbox), people(40));
    expect(ended.outputs[0]).toHaveLength(20);
    expect(apolloOf(jsonOf(ended, 2)[0])).toMatchObject({
      outcome: 'undecided',
      error: expect.stringMatching(/No key can be used now/),
    });
    expect(ended.hints[0]).toMatch(/Out of credits/);
  });

  it('fails where that was chosen, keeps what was paid for, and pays only for the rest next time', async () => {
    await using sandbox = await apollo();
    sandbox.setCredits('team-contoso', { limit: 20, used: 0 });
    const node = withKeys(sandbox, { options: { onFailed: 'stop' } });
    const failed = await (await engine()).run(node, people(40));
    expect(failed.error?.message).toBe('A lead could not be looked up');
    expect(failed.outputs).toEqual([]);
    const known = await (await engine()).run(withKeys(sandbox), people(40));
    expect(known.outputs[0]).toHaveLength(20);
    expect(known.hints[0]).toMatch(/20 known already, 0 credits/);
    expect(sandbox.counts().credits).toBe(20);
  });

  it('goes on with all items as failed under Continue', async () => {
    await using sandbox = await apollo();
    sandbox.revoke(KEYS.sales);
    const ended = await (await engine()).run(
      withKeys(sandbox, {}, { onError: 'continueRegularOutput' }),
      people(3),
    );
    expect(ended.error).toBeUndefined();
    expect(ended.outputs.map((output) => output.length)).toEqual([0, 0, 3]);
    expect(jsonOf(ended, 2)[1]).toMatchObject({
      row: 1,
      apollo: { outcome: 'failed', error: expect.stringMatching(/None of the Apollo keys/) },
    });
    expect(ended.outputs[2]?.[1]?.pairedItem).toEqual({ item: 1 });
  });

  it('sends failed items out of n8n\u2019s own error output where there is one', async () => {
    await using sandbox = await apollo();
    sandbox.setCredits('team-contoso', { limit: 10, used: 0 });
    const ended = await (await engine()).run(
      withKeys(sandbox, {}, { onError: 'continueErrorOutput' }),
      people(20),
    );
    expect(ended.outputs.map((output) => output.length)).toEqual([10, 0, 0, 10]);
    expect(ended.outputs[3]?.[0]?.json).toMatchObject({
      row: expect.any(Number),
      error: expect.stringMatching(/No key can be used now/),
    });
  });

  it('puts out an empty item for nothing found with Always Output Data', async () => {
    await using sandbox = await apollo({ matchRate: 0 });
    const node = withKeys(sandbox, { options: { onUnmatched: 'drop' } }, { alwaysOutputData: true });
    const ended = await (await engine()).run(node, people(2));
    expect(jsonOf(ended)).toEqual([{}]);
  });
});

describe('Retry On Fail', () => {
  const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

  it('does not pay again for what was answered', async () => {
    await using sandbox = await apollo();
    sandbox.setCredits('team-contoso', { limit: 30, used: 0 });
    const ended = await (await engine()).run(
      withKeys(sandbox, { options: { onFailed: 'stop' } }, retry),
      people(40),
    );
    expect(ended.error?.message).toBe('A lead could not be looked up');
    expect(sandbox.counts().credits).toBe(30);
    expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  it.each([{ fresh: true }, { matchedDays: 0 }])(
    'nor where known leads are looked up again (%o)',
    async (again) => {
      await using sandbox = await apollo();
      const node = withKeys(sandbox, { options: { onFailed: 'stop', ...again } }, retry);
      await (await engine()).run(withKeys(sandbox), people(10));
      sandbox.setCredits('team-contoso', { limit: 40, used: 10 });
      await (await engine()).run(node, people(40));
      // 10 the first time, then each of the first 30 once more.
      expect(sandbox.counts().credits).toBe(40);
      expect(sandbox.counts().chargedMoreThanOnce.every(({ times }) => times === 2)).toBe(true);
    },
  );
});

describe('cancel', () => {
  it('makes no further call, waits for those under way, and lets what is paid for leave', async () => {
    await using sandbox = await apollo({ latencyMs: 200 });
    const node = withKeys(sandbox);
    const ended = await (await engine()).run(node, people(2000), {
      cancelWhen: () => sandbox.counts().credits > 0,
    });
    expect(ended.run.status).toBe('canceled');
    const { credits } = sandbox.counts();
    expect(credits).toBeGreaterThan(0);
    expect(credits).toBeLessThan(1000);
    expect(ended.outputs[0]).toHaveLength(credits);
    expect(sandbox.counts().chargedAnswerLost).toEqual({ calls: 0, credits: 0 });
  });
});

it('keeps all digits of Apollo\u2019s 64-bit request ids', async () => {
  await using sandbox = await apollo({ lateMs: 100 });
  using _ = quickClock();
  // Late results are asked for by that id: with a rounded one there are none.
  const ended = await (await engine()).run(withKeys(sandbox, { alsoFind: ['phones'] }), people(30));
  expect(jsonOf(ended).some((json) => apolloOf(json).phone)).toBe(true);
  expect(sandbox.counts().byEndpoint['webhook_result/show']).toBeGreaterThan(0);
  expect(sandbox.counts().byStatus['404']).toBeUndefined();
});

describe('as a tool of an AI agent', () => {
  const asked = {
    leadsFrom: 'fields',
    lead_email: "={{ $fromAI('email', 'E-mail address', 'string') }}",
  };

  it('answers small and flat', async () => {
    await using sandbox = await apollo();
    const text = await (await engine()).callAsTool(withKeys(sandbox, asked), { email: 'ada@contoso.com' });
    const [answer] = JSON.parse(text);
    expect(answer).toMatchObject({ found: true, email: 'ada@contoso.com', companyDomain: 'contoso.com' });
    expect(Object.values(answer).every((value) => typeof value !== 'object')).toBe(true);
    expect(text.length).toBeLessThan(600);
  });

  it('is plain about a miss', async () => {
    await using sandbox = await apollo({ matchRate: 0 });
    const text = await (await engine()).callAsTool(withKeys(sandbox, asked), { email: 'ada@contoso.com' });
    expect(JSON.parse(text)).toEqual([
      { found: false, outcome: 'unmatched', reason: expect.stringMatching(/Do not guess/) },
    ]);
  });
});
