import { expect, test } from 'vitest';
import { connectKey, reviewOf, startWorld, viewIn, withColumns } from './bot.ts';
import { buttonsOf, chosen, initialValues, textOf, typed } from './person.ts';
import { TEAM } from './slack-server.ts';

/** As the real Slack: a view that changed since is not updated by who names an older one. */
const OUTDATED = {
  method: 'views.update',
  error: 'hash_conflict',
  times: 100,
  when: (args: Record<string, unknown>) => args.hash !== undefined,
};
const LIST = `Foo,Email,Other\n${Array.from({ length: 12 }, (_, n) => `x,ada${n}@contoso.example,alan${n}@fabrikam.example`).join('\n')}\n`;

test('Estimate again pressed twice, and again with another column: the form stays, with the last choice', async () => {
  const { ada, keys, slack, core } = await startWorld();
  await connectKey(ada, keys.one);
  const review = await withColumns(ada, await reviewOf(ada, await slack.upload('leads.csv', LIST)));
  slack.fail(OUTDATED);
  const other = { 'column.email': chosen('column', '2') };
  const pressed = { modal: review, values: other };
  const from = slack.calls.length;
  await Promise.all([
    ada.pressOnly(pressed, 'enrich.reestimate'),
    ada.pressOnly(pressed, 'enrich.reestimate'),
    ada.pressOnly({ modal: review }, 'enrich.reestimate'),
  ]);
  await expect
    .poll(
      () =>
        slack.calls
          .slice(from)
          .filter(({ method, args }) => method === 'views.update' && buttonsOf(args.view as never).length > 0)
          .length,
    )
    .toBeGreaterThanOrEqual(3);
  const updates = slack.calls.slice(from).filter(({ method }) => method === 'views.update');
  for (const { args, answer } of updates) {
    expect(answer.ok).toBe(true);
    expect(textOf(args)).not.toContain('Something went wrong');
    expect(textOf(args)).toContain('Your columns');
  }
  expect(await core.jobs.list(TEAM)).toHaveLength(1);
  // The form that was open before names a job that was replaced: it starts what stands in its place.
  const last = initialValues(updates.at(-1)?.args.view as never);
  await ada.submit(review, last as never);
  await slack.until(({ args }) => String(args.text).includes('is done'));
});

test('what goes wrong at a press or at Start leaves the form with all that was entered', async () => {
  const { ada, keys, slack, core } = await startWorld();
  await connectKey(ada, keys.one);
  const review = await withColumns(ada, await reviewOf(ada, await slack.upload('leads.csv', LIST)));
  const [{ id = '' } = {}] = await core.jobs.list(TEAM);
  await core.jobs.discard(id);
  const other = { 'column.email': chosen('column', '2') };
  const failed = await ada.press(
    { modal: review, values: other },
    'enrich.reestimate',
    ({ method }) => method === 'views.update',
  );
  const view = failed.args.view as never;
  expect(textOf(view)).toContain(':warning:');
  expect(initialValues(view)['column.email']).toMatchObject({ column: { selected_option: { value: '2' } } });
  const again = viewIn(await ada.submit(review, other), review.id);
  expect(textOf(again)).toContain(':warning:');
  expect(again).toMatchObject({ submit: { text: 'Start' } });
  expect(initialValues(again)['column.email']).toMatchObject({ column: { selected_option: { value: '2' } } });
});

test('a key is not sent back to Slack when its form comes back', async () => {
  const { ada, root, keys } = await startWorld();
  const form = await ada.modal('connect');
  await root.submit(await root.modal('settings'), { 'who.connect': chosen('settings.who', 'admins') });
  const values = { key: typed('key', keys.one), label: typed('label', 'Sales') };
  const { body } = await ada.submit(form, values);
  expect(textOf(body)).toContain('may connect keys here');
  expect(JSON.stringify(body)).not.toContain(keys.one);
  expect(JSON.stringify(body)).toContain('Sales');
});

test('two settings changed quickly: both are kept', async () => {
  const { root, slack } = await startWorld();
  const settings = await root.modal('settings');
  slack.fail(OUTDATED);
  const first = await root.choose(settings, 'who.connect', 'people');
  expect(textOf(first)).toContain('People who may connect keys');
  const second = await root.choose(
    { ...settings, blocks: first.blocks, hash: 'outdated' } as never,
    'who.enrich',
    'people',
  );
  expect(textOf(second)).toContain('People who may connect keys');
  expect(textOf(second)).toContain('People who may enrich leads');
});
