import { expect, test } from 'vitest';
import { STEP } from '../../bot/slack/action-ids.ts';
import { fileIn, textIn } from '../../bot/slack/listeners/functions/inputs.ts';
import { connectKey, listOf, startWorld } from './bot.ts';
import { chosen, stepEvent, textOf } from './person.ts';
import { type Call, type SlackServer, TEAM } from './slack-server.ts';

/** How a step ended, for the workflow. */
async function ended(slack: SlackServer, execution: string): Promise<Call> {
  return await slack.until(
    ({ method, args, answer }) =>
      method.startsWith('functions.') && args.function_execution_id === execution && answer.ok === true,
  );
}

function outputsIn({ method, args }: Call): Record<string, unknown> {
  expect(method).toBe('functions.completeSuccess');
  return args.outputs as Record<string, unknown>;
}

function errorIn({ method, args }: Call): string {
  expect(method).toBe('functions.completeError');
  return String(args.error);
}

/** A variable in a rich text input, as Workflow Builder gives it. */
function richText(...elements: object[]): object {
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
}

test('the step that enriches a person gives the next one what was found, and what it cost', async () => {
  const { ada, keys, slack, sandbox } = await startWorld({ sandbox: { matchRate: 1 } });
  const early = await ended(slack, await ada.step(STEP.person, { person: 'ada.lovelace@contoso.example' }));
  expect(errorIn(early)).toContain('No connected Apollo key');
  await connectKey(ada, keys.one);
  const found = outputsIn(
    await ended(slack, await ada.step(STEP.person, { person: '<mailto:ada.lovelace@contoso.example|ada>' })),
  );
  expect(found).toMatchObject({ found: true, credits: 1, name: expect.stringMatching(/Lovelace/) });
  expect(found.summary).toContain(String(found.name));
  const company = outputsIn(await ended(slack, await ada.step(STEP.person, { person: 'example.com' })));
  expect(company).toMatchObject({ found: true, company_domain: 'example.com' });
  const nobody = await ended(slack, await ada.step(STEP.person, { person: 'hello' }));
  expect(errorIn(nobody)).toContain('Nothing here identifies anybody');
  expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
});

test('whom Apollo does not know is no error: the workflow goes on and can tell', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 0 } });
  await connectKey(ada, keys.one);
  const execution = await ada.step(STEP.person, { person: 'ada.lovelace@contoso.example' });
  expect(outputsIn(await ended(slack, execution))).toEqual({
    found: false,
    credits: 0,
    summary: 'Apollo does not know ada.lovelace@contoso.example.',
  });
});

test('the step that enriches a list ends with the list: figures and the file for the next step', async () => {
  const { ada, bob, keys, slack, sandbox } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const file = await slack.upload('leads.csv', listOf(30));
  const inputs = {
    list: richText({ type: 'text', text: file }),
    user: bob.id,
    credit_limit: 100,
  };
  const execution = await ada.step(STEP.list, inputs);
  // Slack is not sure that it was heard.
  await ada.event(stepEvent(STEP.list, execution, inputs), 'EvAgain', 1);
  const outputs = outputsIn(await ended(slack, execution));
  expect(outputs).toMatchObject({ list: 'leads.csv', leads: 30, found: 30, credits: 30 });
  expect(outputs.summary).toContain('30 of 30 leads found');
  expect(outputs.file).toMatch(/^https?:/);
  const told = slack.of('chat.update').filter(({ args }) => String(args.text).includes('is done'));
  expect(told.map(({ args }) => args.channel)).toEqual([await slack.directMessage(bob.id)]);
  expect(sandbox.counts()).toMatchObject({ credits: 30, chargedMoreThanOnce: [] });

  const pasted = richText(
    { type: 'link', url: 'mailto:grace@fabrikam.example', text: 'grace@fabrikam.example' },
    { type: 'text', text: '\nalan@northwind.example' },
  );
  const second = await ada.step(STEP.list, { list: pasted, user: bob.id, credit_limit: '5' });
  expect(outputsIn(await ended(slack, second))).toMatchObject({ leads: 2, found: 2 });
});

test('what is wrong with a list is told to the workflow, and nothing is spent', async () => {
  const { ada, keys, slack, sandbox, core } = await startWorld({ haste: 20 });
  await connectKey(ada, keys.one);
  const good = { list: 'ada@contoso.example', user: ada.id, credit_limit: 10 };
  const error = async (inputs: object) =>
    errorIn(await ended(slack, await ada.step(STEP.list, { ...good, ...inputs })));
  expect(await error({ list: 'F0000NOSUCHFILE' })).toContain('must be shared first');
  expect(await error({ list: '' })).toContain('Give the step a list');
  expect(await error({ list: 'hello\nworld' })).toContain('identifies anybody');
  expect(await error({ user: 'somebody' })).toContain('Say who gets');
  expect(await error({ credit_limit: 0 })).toContain('how many credits');
  expect(await error({ credit_limit: undefined })).toContain('how many credits');
  expect(await core.jobs.list(TEAM)).toEqual([]);
  expect(sandbox.counts().credits).toBe(0);
});

test('where not everybody may enrich, workflows may when an admin says so', async () => {
  const { ada, root, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const restricted = await root.choose(await root.modal('settings'), 'who.enrich', 'admins');
  await root.submit(restricted);
  const person = { person: 'ada.lovelace@contoso.example' };
  expect(errorIn(await ended(slack, await ada.step(STEP.person, person)))).toContain('/apollo settings');
  const list = { list: 'ada@contoso.example', user: root.id, credit_limit: 5 };
  expect(errorIn(await ended(slack, await ada.step(STEP.list, list)))).toContain('/apollo settings');
  const opened = await root.modal('settings');
  expect(textOf(opened)).toContain('Workflows may enrich leads too');
  await root.submit(opened, {
    'who.enrich': chosen('settings.who', 'admins'),
    workflows: { value: { type: 'checkboxes', selected_options: [{ value: 'allowed' }] } },
  });
  expect(outputsIn(await ended(slack, await ada.step(STEP.person, person)))).toMatchObject({ found: true });
});

test('a list that somebody cancels fails its step; Slack that is down hears of it later', async () => {
  const { ada, keys, slack, core } = await startWorld({
    haste: 20,
    sandbox: { latencyMs: 150, matchRate: 1 },
  });
  await connectKey(ada, keys.one);
  const file = await slack.upload('leads.csv', listOf(2000));
  slack.fail({ method: 'functions.completeError', times: 2, status: 503 });
  const execution = await ada.step(STEP.list, { list: file, user: ada.id, credit_limit: 5000 });
  const progress = await slack.until(({ args }) => /running/.test(String(args.text)));
  await ada.pressOnly({ message: progress }, 'job.cancel');
  expect(errorIn(await ended(slack, execution))).toContain('cancelled');
  expect((await core.jobs.list(TEAM)).map(({ state }) => state)).toEqual(['cancelled']);
});

test('a step that waits when the process ends is ended by the next one', async () => {
  const world = await startWorld({ sandbox: { latencyMs: 30, matchRate: 1 } });
  const { ada, keys, slack } = world;
  await connectKey(ada, keys.one);
  const file = await slack.upload('leads.csv', listOf(600));
  const execution = await ada.step(STEP.list, { list: file, user: ada.id, credit_limit: 5000 });
  await slack.until(({ args }) => /running/.test(String(args.text)));
  await world.restart();
  const [{ id = '' } = {}] = await world.core.jobs.list(TEAM);
  await world.core.jobs.start(id);
  expect(outputsIn(await ended(slack, execution))).toMatchObject({ leads: 600, found: 600 });
});

test.each([
  ['F0ABCDEF12', 'F0ABCDEF12'],
  ['https://contoso.slack.com/files/U0ABCDEF1/F0ABCDEF12/leads.csv', 'F0ABCDEF12'],
  ['https://files.slack.com/files-pri/T0ABCDEF1-F0ABCDEF12/download/leads.csv', 'F0ABCDEF12'],
  ['FABRIKAM', undefined],
  ['ada@fabrikam.example', undefined],
  ['https://www.linkedin.com/in/FAUSTINE', undefined],
  ['F0ABCDEF12\nF0ABCDEF13', undefined],
])('a list that is given as %j is the file %s', (words, file) => {
  expect(fileIn(words)).toBe(file);
});

test('rich text is read line by line, lists and quotes too', () => {
  const section = (...texts: string[]) => ({
    type: 'rich_text_section',
    elements: texts.map((text) => ({ type: 'text', text })),
  });
  const list = {
    type: 'rich_text_list',
    elements: [section('ada@contoso.example'), section('alan@', 'b.example')],
  };
  expect(textIn({ type: 'rich_text', elements: [section('Email\n'), list] })).toBe(
    'Email\nada@contoso.example\nalan@b.example',
  );
  expect(textIn('  ada@contoso.example \n')).toBe('ada@contoso.example');
  for (const nothing of [undefined, null, {}, [], true]) expect(textIn(nothing)).toBe('');
});

test('workflows together may spend as much in a month as one person, and are told when that is used up', async () => {
  const { ada, root, keys, slack, sandbox } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  await root.submit(await root.modal('settings'), {
    'person-credits': { value: { type: 'number_input', value: '3' } },
  });
  const list = { list: 'ada@contoso.example\ngrace@contoso.example', user: ada.id, credit_limit: 10 };
  expect(outputsIn(await ended(slack, await ada.step(STEP.list, list)))).toMatchObject({ credits: 2 });
  const one = await ended(slack, await ada.step(STEP.person, { person: 'alan.turing@contoso.example' }));
  expect(outputsIn(one)).toMatchObject({ credits: 1 });
  const other = await ended(slack, await ada.step(STEP.person, { person: 'edsger.d@contoso.example' }));
  expect(errorIn(other)).toContain(
    'all workflows together may spend as much as one person, 3 credits a month',
  );
  const more = { ...list, list: 'barbara@contoso.example' };
  expect(errorIn(await ended(slack, await ada.step(STEP.list, more)))).toContain(
    'used that up for this month',
  );
  // What workflows spend is nobody's own.
  const card = await ada.command('enrich donald.knuth@contoso.example');
  expect(textOf(card.args)).toContain('Knuth');
  expect(sandbox.counts().credits).toBe(4);
});
