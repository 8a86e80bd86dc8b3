import { expect, test } from 'vitest';
import { withColumns, startWorld as world } from './bot.ts';
import { chosen, initialValues, textOf, typed } from './person.ts';

const LIST = `Vorname,Nachname,Firma,Notes
${Array.from({ length: 30 }, (_, n) => `Ada${'abcdefghijklmnopqrstuvwxyzäöüß'[n]},Lovelace,${['example.com', 'example.net', 'example.org'][n % 3]},"kept, as it is ${n}"`).join('\n')}
`;

function viewIn(answer: { body: unknown }) {
  return (answer.body as { view?: unknown }).view as never;
}

test('from nothing to an enriched list: two teams connected, a list uploaded, corrected, started, delivered', async () => {
  const { ada, slack, keys, sandbox } = await world({ sandbox: { matchRate: 1 } });

  const form = await ada.modal('connect');
  const first = await ada.submit(form, { key: typed('key', keys.one), label: typed('label', 'Sales EU') });
  expect(textOf(viewIn(first))).toContain('is in slot 1');
  expect(textOf(viewIn(first))).toContain(`····${keys.one.slice(-4)}`);
  expect(textOf(viewIn(first))).toContain('team-a');
  // The next free slot is offered in the same modal.
  const second = await ada.press(
    { modal: { ...(viewIn(first) as object), id: form.id } as never },
    'slots.connect',
  );
  expect(second.method).toBe('views.update');
  const next = { ...(second.answer as { view: object }).view, id: form.id } as never;
  const done = await ada.submit(next, { key: typed('key', keys.third), label: typed('label', 'Growth') });
  expect(textOf(viewIn(done))).toContain('(self: 2/2) (fly: 0/2) 2/4');

  // So is the first list.
  const list = await ada.press(
    { modal: { ...(viewIn(done) as object), id: form.id } as never },
    'enrich.open',
  );
  expect(textOf((list.answer as { view: object }).view)).toContain('Or paste leads');

  const slots = await ada.command('slots');
  expect(textOf(slots.args)).toContain('(self: 2/2) (fly: 0/2) 2/4');
  expect(textOf(slots.args)).toContain('Sales EU');
  expect(textOf(slots.args)).toContain('team-b');

  const file = await slack.upload('leads.csv', LIST);
  const enrich = await ada.modal('enrich');
  const read = await ada.submit(enrich, {
    file: { file: { type: 'file_input', files: [{ id: file, name: 'leads.csv' }] } },
  });
  const review = { ...(viewIn(read) as { blocks: object[] }), id: enrich.id };
  expect(textOf(review)).toContain('30 rows');
  expect(textOf(review)).toMatch(/At most 30 credits/);
  expect(slack.of('chat.postMessage')).toEqual([]);
  const spentBefore = sandbox.counts().credits;

  // "Firma" holds domains, which is seen. Columns that are changed are estimated anew before anything starts.
  const columns = await withColumns(ada, review as never);
  expect(initialValues(columns as never)['column.domain']).toMatchObject({
    column: { selected_option: { value: '2' } },
  });
  const wrong = { 'column.company': chosen('column', '2'), 'column.domain': chosen('column', '-') };
  const worse = await ada.submit(columns, wrong);
  expect(textOf(viewIn(worse))).toContain('new estimate');
  const right = { 'column.company': chosen('column', '-'), 'column.domain': chosen('column', '2') };
  const again = await ada.submit({ ...(viewIn(worse) as object), id: enrich.id } as never, right);
  expect(textOf(viewIn(again))).toContain('new estimate');
  const started = await ada.submit({ ...(viewIn(again) as object), id: enrich.id } as never);
  expect(started.body).toEqual({ response_action: 'clear' });
  expect(spentBefore).toBe(0);

  const told = await slack.until(
    ({ method, args }) => method === 'chat.update' && String(args.text).includes('is done'),
  );
  expect(told.args.channel).toBe(await slack.directMessage(ada.id));
  expect(textOf(told.args)).toContain('Adaa Lovelace');
  expect(textOf(told.args)).toMatch(/\*Found\*\n30 of 30/);
  const uploaded = await slack.until(
    ({ method, answer }) => method === 'files.completeUploadExternal' && answer.ok === true,
  );
  expect(uploaded.args.channel_id).toBe(told.answer.channel);
  const [{ id, name }] = (uploaded.answer as { files: [{ id: string; name: string }] }).files;
  expect(name).toBe('leads-enriched.csv');
  const csv = await slack.fileText(id);
  expect(csv.split('\n')[0]).toMatch(/^Vorname,Nachname,Firma,Notes,apollo_outcome,/);
  expect(csv).toContain('"kept, as it is 29"');
  expect(csv.trimEnd().split('\n')).toHaveLength(31);

  // One message, which becomes the result.
  const progress = slack.of('chat.postMessage').filter(({ args }) => /\d%/.test(String(args.text)));
  expect(progress).toHaveLength(1);
  expect(told.args.ts).toBe(progress[0]?.answer.ts);

  const { chargedMoreThanOnce, rateLimited, credits } = sandbox.counts();
  expect({ chargedMoreThanOnce, rateLimited }).toEqual({ chargedMoreThanOnce: [], rateLimited: 0 });
  expect(textOf((await ada.command('credits')).args)).toContain(`${credits} credits`);
  expect(textOf((await ada.command('jobs')).args)).toContain('leads.csv');
});

test('a mistake stands at its field, in words that help; the key is in none of them', async () => {
  const { ada, keys, sandbox, core, slack } = await world();
  const submit = async (key: string, slot = '1') => {
    const form = await ada.modal('connect');
    const { body } = await ada.submit(form, { key: typed('key', key), slot: chosen('slot', slot) });
    return (body as { errors?: Record<string, string> }).errors;
  };
  expect(await submit('two words')).toEqual({ key: expect.stringContaining('one long word without spaces') });
  sandbox.revoke(keys.other);
  expect(await submit(keys.other)).toEqual({ key: expect.stringContaining('Apollo refuses this key') });
  expect(await submit(keys.one)).toBeUndefined();
  expect(await submit(keys.one, '2')).toEqual({ key: expect.stringContaining('connected already: slot 1') });
  // Two forms were open for the same slot.
  expect(await submit(keys.third, '1')).toEqual({ slot: expect.stringContaining('Slot 1 is taken') });
  expect((await core.slots.list('T000000001')).notation).toBe('(self: 1/2) (fly: 0/2) 1/4');
  // Another key of a team that is there already is good, but no faster.
  sandbox.restore(keys.other);
  const same = await ada.submitted(await ada.modal('connect'), { key: typed('key', keys.other) });
  expect(textOf(same)).toContain('Same Apollo team as slot 1');
  expect(textOf(await ada.modal('connect'))).toContain('Every self-service slot holds a key');
  const sent = JSON.stringify(slack.calls);
  for (const key of Object.values(keys)) expect(sent).not.toContain(key);
});

test('while Apollo takes longer than Slack waits, the modal says that the key is being checked', async () => {
  const { ada, keys, sandbox, slack } = await world({ haste: 10 });
  sandbox.fault({ kind: 'slow', ms: 800, times: 3 });
  const form = await ada.modal('connect');
  const answer = await ada.submit(form, { key: typed('key', keys.one) });
  expect(textOf(viewIn(answer))).toContain('Asking Apollo whether the key is good');
  const update = await slack.until(({ method }) => method === 'views.update');
  expect(update.args.view_id).toBe(form.id);
  expect(textOf(update.args)).toContain('is in slot 1');

  // A late mistake brings the form back, with what is wrong at its field and the key gone.
  sandbox.fault({ kind: 'slow', ms: 800, times: 3 });
  sandbox.fault({ kind: '503', key: keys.third });
  const next = await ada.modal('connect');
  const from = slack.calls.length;
  await ada.submit(next, { key: typed('key', keys.third), label: typed('label', 'Growth') });
  const back = await slack.until(({ method }) => method === 'views.update', from);
  expect(textOf(back.args)).toContain('could not be checked with Apollo');
  expect(JSON.stringify(back.args)).toContain('"initial_value":"Growth"');
  expect(JSON.stringify(slack.calls)).not.toContain(keys.third);
});
