import { expect, test } from 'vitest';
import { mostCreditsFor, subjectOf, subjectsOf } from '../../bot/asked-for.ts';
import { readerFor } from '../../bot/reader.ts';
import { cardMessage } from '../../bot/slack/messages/card.ts';
import { doneMessage } from '../../bot/slack/messages/done.ts';
import { DEFAULT_OPTIONS } from '../../core/index.ts';
import { connectKey, startWorld } from './bot.ts';
import { directAnswer, job } from './fixtures.ts';
import { textOf } from './person.ts';

const reader = readerFor('en-US');

test.each([
  ['Ada Lovelace at Contoso', { name: 'Ada Lovelace', company: 'Contoso' }],
  ['ada lovelace AT example.com', { name: 'ada lovelace', domain: 'example.com' }],
  ['Ada Lovelace @ Contoso Ltd', { name: 'Ada Lovelace', company: 'Contoso Ltd' }],
  ['Ada Lovelace (Contoso)', { name: 'Ada Lovelace', company: 'Contoso' }],
  ['Jean-Luc Picard - Starfleet', { name: 'Jean-Luc Picard', company: 'Starfleet' }],
  ['Ada Lovelace, Contoso', { name: 'Ada Lovelace', company: 'Contoso' }],
])('%j is a person at a company', (words, lead) => {
  expect(subjectOf(words)).toMatchObject({ kind: 'person', lead });
});

test.each([
  ['<mailto:a@contoso.example|a@contoso.example> b@contoso.example', 2],
  ['a@contoso.example, b@contoso.example; a@contoso.example', 2],
  ['Ada Lovelace at Contoso; b@contoso.example', 2],
  ['example.com', 1],
  ['hello there', 0],
  ['a@contoso.example; hello', 0],
])('%j asks for %i', (words, count) => {
  expect(subjectsOf(words)).toHaveLength(count);
});

test('at most a person costs a credit, with a phone nine; by the name alone ten, since that takes two calls', () => {
  const most = (words: string, phones: boolean) =>
    mostCreditsFor(subjectsOf(words), {
      ...DEFAULT_OPTIONS,
      reveal: { ...DEFAULT_OPTIONS.reveal, phones },
    });
  expect(most('Ada Lovelace at Contoso; linkedin.com/in/ada', false)).toBe(2);
  expect(most('https://www.linkedin.com/in/ada', true)).toBe(9);
  expect(most('ada@contoso.com', true)).toBe(9);
  expect(most('Ada Lovelace at Contoso', true)).toBe(10);
});

test('somebody by name and company, and several addresses at once, are answered in one message', async () => {
  const { ada, keys, slack, sandbox } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  expect(textOf((await ada.command('enrich Ada Lovelace at example.com')).args)).toMatch(/1 credit/);
  const both = await ada.command('enrich ada.lovelace@fabrikam.example alan.turing@contoso.example');
  expect(both.args.text).toContain('2 of 2 found');
  expect(textOf(both.args)).toContain('Lovelace');
  expect(textOf(both.args)).toContain('Turing');
  expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
  const many = Array.from({ length: 11 }, (_, n) => `p${n}@contoso.example`).join(' ');
  expect(textOf((await ada.command(`enrich ${many}`)).args)).toContain('Nothing was spent');
  expect(slack.problems).toEqual([]);
});

test('/apollo disconnect shows the slots with their buttons, to those who may', async () => {
  const { ada, root, keys } = await startWorld();
  await connectKey(ada, keys.one);
  expect(textOf((await ada.command('disconnect')).args)).toContain('Only admins');
  const slots = await root.command('disconnect');
  expect(textOf(slots.args)).toContain('beside the key that is to be taken out');
  expect(textOf((await root.press({ message: slots }, 'slots.disconnect')).args)).toContain('0/4');
});

test('who needs review is a figure of its own, and the card says why', () => {
  const base = job('leads.csv', 10);
  const counts = { ...base.counts, review: 3 };
  const done = textOf(doneMessage({ status: { ...base, counts }, reader, rows: [], columns: [] }).blocks);
  expect(done).toContain('*To review*\n3');
  const answer = directAnswer('Ada');
  const [result] = answer.results;
  const match = { kind: 'conflict', reason: 'The company is another one.' } as const;
  const card = cardMessage(
    'Ada',
    { ...answer, results: [{ ...result, outcome: 'review', match } as never] },
    reader,
  );
  expect(textOf(card.blocks)).toContain('To review');
  expect(textOf(card.blocks)).toContain('The company is another one.');
});
