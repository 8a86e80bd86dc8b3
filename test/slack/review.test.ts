import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld, viewIn, withColumns } from './bot.ts';
import { buttonsOf, initialValues, textOf, typed } from './person.ts';

test('the review is short: a line for each recognised column, and a select for each on request', async () => {
  const { ada, keys, slack, sandbox } = await startWorld();
  sandbox.setCredits('team-a', { limit: 20_000, used: 8_628 });
  await connectKey(ada, keys.one);
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(10)));
  expect(Object.keys(initialValues(review as never))).toEqual(['to.channels', 'to.people', 'schedule.every']);
  const text = textOf(review);
  expect(text).toContain('E-mail: *email*');
  expect(text).toContain('First name: *first name*');
  expect(text).toMatch(/At most 10 credits\*, about \d+ expected/);
  expect(text).toContain('11,372 credits left in Apollo');
  const open = await withColumns(ada, review);
  expect(Object.keys(initialValues(open as never))).toContain('column.email');
  // It starts as it is.
  await ada.submit(open);
  await slack.until(({ args }) => String(args.text).includes('is done'));
});

test('pasted addresses have no columns to look at', async () => {
  const { ada, keys } = await startWorld();
  await connectKey(ada, keys.one);
  const form = await ada.modal('enrich');
  const view = viewIn(
    await ada.submit(form, { pasted: typed('pasted', 'ada@contoso.example bob@fabrikam.example') }),
    form.id,
  );
  expect(textOf(view)).not.toContain('Your columns');
  expect(buttonsOf(view)).toEqual([]);
});

test('pasted text that Slack has cut is not taken for the whole', async () => {
  const { ada, keys } = await startWorld();
  await connectKey(ada, keys.one);
  const form = await ada.modal('enrich');
  const text = Array.from({ length: 200 }, (_, n) => `ada${n}@contoso.example`).join('\n');
  const { body } = await ada.submit(form, { pasted: typed('pasted', text.slice(0, 3000)) });
  expect(body).toMatchObject({
    errors: { pasted: expect.stringContaining('the end of what you pasted is missing') },
  });
});

test('without a key the form says so before anything is uploaded, and leads to one', async () => {
  const { ada, keys } = await startWorld();
  const form = await ada.modal('enrich');
  expect(textOf(form)).toContain('No Apollo key is connected yet');
  const connect = await ada.press(
    { modal: form },
    'slots.connect',
    ({ method }) => method === 'views.update',
  );
  expect(textOf(connect.args)).toContain('Apollo API key');
  await connectKey(ada, keys.one);
  expect(textOf(await ada.modal('enrich'))).not.toContain('No Apollo key');
});
