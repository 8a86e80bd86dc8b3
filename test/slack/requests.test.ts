import { describe, expect, test } from 'vitest';
import { startWorld as world } from './bot.ts';
import { signedRequest, textOf, typed } from './person.ts';
import { slackSignature } from './signing.ts';
import { TEAM } from './slack-server.ts';

test('our signer signs as Slack does (the vector that Slack publishes)', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  expect(slackSignature('8f742231b10e8888abcd99yyyzzz85a5', 1531420618, body)).toBe(
    'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  );
});

describe('requests that Slack did not send just now are refused', () => {
  const form = (text: string) =>
    new URLSearchParams({
      command: '/apollo',
      text,
      team_id: TEAM,
      user_id: 'U1',
      trigger_id: '1',
      response_url: 'http://127.0.0.1:9/x',
    }).toString();

  test('wrongly signed, unsigned, late, early, repeated, oversized', async () => {
    const { ada, slack } = await world();
    const now = Math.floor(Date.now() / 1000);
    const good = signedRequest(form('help'));
    const status = async (request: typeof good) => (await ada.send(request)).status;
    expect(await status({ ...good, body: form('slots') })).toBe(401);
    expect(await status({ ...good, headers: { ...good.headers, 'x-slack-signature': 'v0=00' } })).toBe(401);
    expect(
      await status({ body: good.body, headers: { 'content-type': good.headers['content-type'] ?? '' } }),
    ).toBe(401);
    expect(await status(signedRequest(form('help'), now - 301))).toBe(401);
    expect(await status(signedRequest(form('help'), now + 3600))).toBe(401);
    expect(await status(signedRequest(form('help'), now + 302))).toBe(401);
    expect(await status(signedRequest(form('x'.repeat(1_100_000))))).toBe(413);
    expect(slack.calls).toEqual([]);
    expect(await status(good)).toBe(200);
    expect(await status(good)).toBe(401);
  });
});

test('another workspace cannot use the bot of this one', async () => {
  const { ada, slack, logged } = await world();
  const body = new URLSearchParams({
    command: '/apollo',
    text: 'slots',
    team_id: 'TOTHER',
    user_id: 'U1',
    trigger_id: '1',
    response_url: `${slack.origin}/respond/other`,
  }).toString();
  await ada.send(signedRequest(body));
  await expect.poll(() => logged.join('')).toContain('not installed in workspace TOTHER');
  expect(slack.of('respond')).toEqual([]);
});

test('installed for an organisation, the bot serves its workspaces, each with slots of its own, and no others', async () => {
  const { ada, core, keys, slack } = await world();
  const id = { bot_id: 'B000000009', user_id: 'U00000BOT', team_id: 'E000000001', url: slack.origin };
  slack.answer('auth.test', { ok: true, ...id, enterprise_id: 'E000000001', is_enterprise_install: true });
  await core.slots.connect({ workspace: 'TSALES', key: keys.one });
  const teams = ['TSALES', 'TLEGAL'];
  slack.tell(ada.id, { team_id: 'TSALES', enterprise_user: { enterprise_id: 'E000000001', teams } });
  const slots = (team_id: string, enterprise_id: string, answerTo: string) =>
    new URLSearchParams({
      command: '/apollo',
      text: 'slots',
      team_id,
      enterprise_id,
      is_enterprise_install: 'true',
      user_id: ada.id,
      trigger_id: answerTo,
      response_url: `${slack.origin}/respond/${answerTo}`,
    }).toString();
  const seen = async (answerTo: string) =>
    textOf((await slack.until(({ args }) => args.url === `/respond/${answerTo}`)).args);
  await ada.send(signedRequest(slots('TSALES', 'E000000001', 'sales')));
  expect(await seen('sales')).toContain('(self: 1/2)');
  await ada.send(signedRequest(slots('TLEGAL', 'E000000001', 'legal')));
  expect(await seen('legal')).toContain('(self: 0/2)');
  await ada.send(signedRequest(slots('TSALES', 'E000000002', 'other')));
  expect(slack.of('respond')).toHaveLength(2);
});

test('an event that Slack sends again is answered once', async () => {
  const { ada, slack } = await world();
  const file = await slack.upload('leads.csv', 'email\nada@contoso.example\n');
  const event = {
    type: 'file_shared',
    file_id: file,
    user_id: ada.id,
    channel_id: await slack.directMessage(ada.id),
  };
  // Slack signs anew each time, so the repetitions differ in their time.
  const statuses = await Promise.all([0, 1, 2].map((ago) => ada.event(event, 'Ev1', ago)));
  expect(statuses).toEqual([200, 200, 200]);
  await slack.until(({ method }) => method === 'chat.postMessage');
  await ada.event(event, 'Ev1', 3);
  await ada.command('help');
  expect(slack.of('chat.postMessage')).toHaveLength(1);
});

test('fifty people press the last free Connect at once: one gets it, the others are told', async () => {
  const { ada, bob, core, slack } = await world({
    env: { SLOTS_SELF: '1', SLOTS_DFY: '0' },
    sandbox: {
      teams: [{ id: 'team-a', keys: Array.from({ length: 50 }, (_, n) => `key-number-${100 + n}-aaaa`) }],
    },
  });
  const forms = await Promise.all(Array.from({ length: 50 }, (_, n) => (n % 2 ? ada : bob).modal('connect')));
  const answers = await Promise.all(
    forms.map((form, n) => ada.submit(form, { key: typed('key', `key-number-${100 + n}-aaaa`) })),
  );
  // A refusal stands at the field, or, where it comes too late for Slack, in the form that is shown then.
  const said = answers.map(({ body }) => JSON.stringify(body));
  expect(said.filter((each) => /is in slot 1/.test(each))).toHaveLength(1);
  expect(said.filter((each) => /taken/.test(each))).toHaveLength(49);
  expect((await core.slots.list(TEAM)).notation).toBe('(self: 1/1) 1/1');
  expect(slack.problems).toEqual([]);
});

test('a mistyped word gets the nearest command; a key typed out is refused and repeated nowhere', async () => {
  const { ada, keys, slack, logged } = await world();
  expect(textOf((await ada.command('conect')).args)).toContain('Did you mean `/apollo connect`?');
  expect(textOf((await ada.command('')).args)).toContain('`/apollo enrich ada@contoso.example`');
  const refused = textOf((await ada.command(`connect ${keys.one}`)).args);
  expect(refused).toContain('delete it in Apollo');
  for (const text of [
    keys.one,
    `enrich ${keys.one}`,
    `status ${keys.one}`,
    `forget ${keys.one}`,
    `resume ${keys.one}`,
  ]) {
    await ada.command(text);
  }
  expect(JSON.stringify(slack.calls)).not.toContain(keys.one);
  expect(logged.join('')).not.toContain(keys.one);
});
