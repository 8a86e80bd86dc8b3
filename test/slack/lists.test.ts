import { expect, test } from 'vitest';
import { connectKey, isProgress, listOf, reviewOf, startWorld, viewIn } from './bot.ts';
import { chosen, textOf, typed } from './person.ts';
import { TEAM } from './slack-server.ts';

test('a running list is paused, resumed and cancelled from its one progress message', async () => {
  const { ada, keys, slack, core } = await startWorld({
    haste: 40,
    sandbox: { latencyMs: 150, matchRate: 1 },
  });
  await connectKey(ada, keys.one);
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(3000)));
  await ada.submit(review);
  const posted = await slack.until(isProgress(/running/));
  await slack.until(
    ({ method, args }) => method === 'chat.update' && /running, [1-9]\d?%/.test(String(args.text)),
  );

  await ada.pressOnly({ message: posted }, 'job.pause');
  const paused = await slack.until(isProgress(/paused/));
  expect(paused.args.ts).toBe(posted.answer.ts);
  expect(textOf(paused.args)).toContain('Press Resume to go on');
  const [job] = await core.jobs.list(TEAM);
  expect(job?.state).toBe('paused');

  const seen = slack.calls.length;
  await ada.pressOnly({ message: { ...paused, answer: posted.answer } }, 'job.resume');
  await slack.until(isProgress(/running/), seen);
  await ada.pressOnly({ message: posted }, 'job.cancel');
  const cancelled = await slack.until(isProgress(/cancelled/));
  expect(cancelled.args.ts).toBe(posted.answer.ts);
  const [ended] = await core.jobs.list(TEAM);
  expect(ended?.state).toBe('cancelled');
});

test('a paused job that needs somebody says so in a DM, with the reason; the credit limit holds', async () => {
  const { ada, keys, slack, sandbox } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(100)), {
    limit: { limit: { type: 'number_input', value: '40' } },
  });
  expect(textOf(review)).toContain('it pauses at your limit of 40');
  await ada.submit(review);
  const notice = await slack.until(
    ({ method, args }) => method === 'chat.postMessage' && /is paused after/.test(String(args.text)),
  );
  expect(notice.args.channel).toBe(ada.id);
  expect(textOf(notice.args)).toContain('reached its credit limit');
  expect(sandbox.counts().credits).toBeLessThanOrEqual(40);
});

test('a list that stopped at its limit goes on when somebody raises it, from where it stopped', async () => {
  const { ada, root, keys, slack, sandbox, core } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const limited = { limit: { limit: { type: 'number_input', value: '40' } } };
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(100)), limited));
  const notice = await slack.until(
    ({ method, args }) => method === 'chat.postMessage' && /is paused after/.test(String(args.text)),
  );
  const raise = async (person: typeof ada, credits: string, message = notice) => {
    const opened = await person.press({ message }, 'job.limit', ({ method }) => method === 'views.open');
    const { view } = opened.answer as { view: Parameters<typeof ada.submit>[0] };
    const { body } = await person.submit(view, {
      limit: { limit: { type: 'number_input', value: credits } },
    });
    return { view, body: body as { errors?: unknown; view?: unknown } };
  };
  const settings = await root.modal('settings');
  await root.submit(settings, { 'who.enrich': chosen('settings.who', 'admins') });
  const refused = await ada.press({ message: notice }, 'job.limit', ({ method }) => method === 'views.open');
  expect(textOf(refused.args)).toContain('may enrich leads here');
  await root.submit(settings, { 'who.enrich': chosen('settings.who', 'everyone') });

  const tooLow = await raise(ada, '40');
  expect(textOf(tooLow.view)).toContain('100 is enough for the whole list');
  expect(tooLow.body.errors).toEqual({ limit: expect.stringContaining('are spent already') });
  // The limits of lists stand among the credits too.
  expect(textOf((await ada.command('credits')).args)).toContain('(limit 40)');
  const { body } = await raise(root, '60');
  expect(textOf(body.view)).toContain('may cost 60 credits at most. It goes on.');
  const [{ id = '' } = {}] = await core.jobs.list(TEAM);
  expect(await core.jobs.settled(id)).toMatchObject({
    state: 'paused',
    reason: 'credit-limit',
    creditLimit: 60,
  });
  expect(sandbox.counts().credits).toBeLessThanOrEqual(60);

  const credits = await ada.command('credits');
  await raise(ada, '', credits);
  await slack.until(({ args }) => String(args.text).includes('is done: 100 of 100'));
  expect(sandbox.counts()).toMatchObject({ credits: 100, chargedMoreThanOnce: [] });
  // Nothing is left to raise.
  const late = await ada.press({ message: notice }, 'job.limit', ({ method }) => method === 'views.open');
  expect(textOf(late.args)).toContain('This list is done');
});

test('closing the review keeps nothing of the list, and nothing was spent', async () => {
  const { ada, keys, slack, sandbox, core } = await startWorld();
  await connectKey(ada, keys.one);
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(10)));
  expect(await core.jobs.list(TEAM)).toHaveLength(1);
  await ada.closeModal(review);
  await expect.poll(() => core.jobs.list(TEAM)).toEqual([]);
  expect(sandbox.counts().credits).toBe(0);
});

test('pressing Start twice starts once; without a key it says what is missing', async () => {
  const { ada, keys, slack } = await startWorld();
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(10)));
  const refused = viewIn(await ada.submit(review), review.id);
  expect(textOf(refused)).toContain('No Apollo key is connected');
  await connectKey(ada, keys.one);
  await Promise.all([ada.submit(refused), ada.submit(refused)]);
  await slack.until(({ args }) => String(args.text).includes('is done'));
  await slack.until(({ method }) => method === 'files.completeUploadExternal');
  expect(
    slack.calls.filter(({ method, args }) => /^chat/.test(method) && String(args.text).includes('is done')),
  ).toHaveLength(1);
});

test('a list without known columns is asked about, and no list is refused with what to do', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const rows = Array.from({ length: 5 }, (_, n) => `x${n};Company Number ${n}`).join('\n');
  const review = await reviewOf(ada, await slack.upload('odd.csv', `Foo;Bar\n${rows}\n`));
  expect(textOf(review)).toContain('No column was recognised');
  const again = viewIn(await ada.submit(review), review.id);
  expect(textOf(again)).toContain('Choose at least one column');
  const option = {
    column: {
      type: 'static_select',
      selected_option: { text: { type: 'plain_text', text: 'Bar' }, value: '1' },
    },
  };
  const ready = viewIn(await ada.submit(again, { 'column.company': option }), review.id);
  // Apollo takes no company by its name alone: the estimate says that none is asked for.
  expect(textOf(ready)).toContain('0 companies to look up');

  const form = await ada.modal('enrich');
  const errors = async (values: Parameters<typeof ada.submit>[1]) =>
    ((await ada.submit(form, values)).body as { errors?: unknown }).errors;
  expect(await errors({})).toEqual({ file: expect.stringContaining('Choose a file') });
  const pdf = await slack.upload('leads.csv', '%PDF-1.7 not a list');
  expect(await errors({ file: { file: { type: 'file_input', files: [{ id: pdf }] } } })).toEqual({
    file: expect.stringContaining('is a PDF'),
  });
  expect(await errors({ pasted: typed('pasted', 'hello\nworld') })).toEqual({
    pasted: expect.stringContaining('Nothing here identifies anybody'),
  });
  const pasted = viewIn(
    await ada.submit(form, { pasted: typed('pasted', 'ada@contoso.example, bob@fabrikam.example') }),
    form.id,
  );
  expect(textOf(pasted)).toContain('2 rows');
});

test('one person is answered at once with a card; known from then on', async () => {
  const { ada, root, keys, slack, sandbox } = await startWorld({ sandbox: { matchRate: 1 } });
  expect(textOf((await ada.command('enrich ada.lovelace@contoso.example')).args)).toContain(
    'No connected key',
  );
  await connectKey(ada, keys.one);
  const card = await ada.command('enrich ada.lovelace@contoso.example');
  expect(card.args.response_type).toBe('ephemeral');
  expect(textOf(card.args)).toContain('1 credit');
  expect(textOf(card.args)).toContain('Lovelace');
  expect(textOf((await ada.command('enrich ada.lovelace@contoso.example')).args)).toContain(
    'Known from before: free',
  );
  expect(textOf((await ada.command('enrich example.com')).args)).toContain('1 credit');
  expect(textOf((await ada.command('forget ada.lovelace@contoso.example')).args)).toContain('Only admins');
  const forget = await root.command('forget ada.lovelace@contoso.example');
  const forgotten = await root.press({ message: forget }, 'forget.person');
  expect(textOf(forgotten.args)).toContain('Forgotten: 1 known result');
  expect(textOf((await ada.command('enrich ada.lovelace@contoso.example')).args)).toContain(
    'asked to be forgotten',
  );
  expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
  expect(slack.of('chat.postMessage')).toEqual([]);
});

test('a file in a DM, the shortcut on a message and the global one lead to the same form', async () => {
  const { ada, keys, slack } = await startWorld();
  await connectKey(ada, keys.one);
  const file = await slack.upload('leads.csv', listOf(10));
  await ada.event({
    type: 'file_shared',
    file_id: file,
    user_id: ada.id,
    channel_id: await slack.directMessage(ada.id),
  });
  const offer = await slack.until(
    ({ method, args }) => method === 'chat.postMessage' && /Enrich leads.csv/.test(String(args.text)),
  );
  const opened = await ada.press({ message: offer }, 'enrich.file');
  expect(opened.method).toBe('views.open');
  const form = (opened.answer as { view: Parameters<typeof ada.submit>[0] }).view;
  expect(textOf(viewIn(await ada.submit(form), form.id))).toContain('10 rows');

  const message = await ada.shortcut('enrich_message', {
    ts: '1.1',
    files: [{ id: file, name: 'leads.csv' }],
  });
  expect(textOf(message.args)).toContain('leads.csv');
  expect(textOf((await ada.shortcut('enrich_message', { ts: '1.1', text: 'hello' })).args)).toContain(
    'has no file',
  );
  expect(textOf((await ada.shortcut('enrich_list')).args)).toContain('Or paste leads');
  // Files in channels, and the bot's own, are nobody's question.
  const before = slack.of('chat.postMessage').length;
  await ada.event({ type: 'file_shared', file_id: file, user_id: ada.id, channel_id: 'C000000001' });
  await ada.event({ type: 'file_shared', file_id: file, user_id: 'U00000BOT', channel_id: 'D1' });
  await ada.command('help');
  expect(slack.of('chat.postMessage')).toHaveLength(before);
});

test('below a finished list: the unmatched leads as a file, and another try for those that failed', async () => {
  const { ada, bob, root, keys, slack, sandbox } = await startWorld({ sandbox: { matchRate: 0.5 } });
  await connectKey(ada, keys.one);
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(40))));
  const told = await slack.until(({ args }) => String(args.text).includes('is done'));
  await slack.until(({ method }) => method === 'files.completeUploadExternal');
  const seen = slack.calls.length;
  const refused = await bob.press({ message: told }, 'job.unmatched');
  expect(textOf(refused.args)).toContain('There is no such list for you');
  // An admin asks: the file goes to that person, not to where the button is.
  await root.pressOnly({ message: told }, 'job.unmatched');
  const words = await slack.until(({ method }) => method === 'chat.postMessage', seen);
  expect(words.args.channel).toBe(root.id);
  const sent = await slack.until(({ method }) => method === 'files.completeUploadExternal', seen);
  expect(sent.args.channel_id).toBe(words.answer.channel);
  const [{ id, name }] = (sent.answer as { files: [{ id: string; name: string }] }).files;
  expect(name).toBe('leads-unmatched.csv');
  const lines = (await slack.fileText(id)).trimEnd().split('\n').slice(1);
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(line).toContain(',unmatched,');

  const heal = sandbox.fault({ kind: 'nonsense' });
  const other = listOf(20).replaceAll('lovelace', 'turing');
  const from = slack.calls.length;
  await ada.submit(await reviewOf(ada, await slack.upload('more.csv', other)));
  const failed = await slack.until(({ args }) => String(args.text).includes('more.csv is done'), from);
  heal();
  const review = await ada.press({ message: failed }, 'job.again', ({ method }) => method === 'views.open');
  expect(textOf(review.args)).toContain('more.csv (failed leads)');
  expect(textOf(review.args)).toContain('20 rows');
});
