import { expect, test } from 'vitest';
import { workbook } from '../files/workbook.ts';
import { connectKey, reviewOf, startWorld, withColumns } from './bot.ts';
import { chosen, textOf } from './person.ts';
import { TEAM } from './slack-server.ts';

const LIST =
  'Name,Firma,Ort\nErika Muster,Fabrikam,Ulm\nName,Ort,Firma\nAda Lovelace,"Bonn, Rhein",Contoso\n';
const number = (value: string) => ({ header: { type: 'number_input', value } });

test('a list is read again by another header row, without the file', async () => {
  const { ada, keys, slack, core } = await startWorld();
  await connectKey(ada, keys.one);
  const review = await withColumns(ada, await reviewOf(ada, await slack.upload('leads.csv', LIST)));
  expect(textOf(review)).toContain('Now it is row 1.');
  const changed = await ada.submitted(review, { 'reading.header': number('3') });
  expect(textOf(changed)).toMatch(/1 row\b.*Ada Lovelace.*Contoso/s);
  expect(textOf(changed)).toContain('Now it is row 3.');
  const [job] = await core.jobs.list(TEAM);
  expect(job).toMatchObject({ rows: 1, state: 'ready' });
});

test('a row that is no header is refused, and the form stays', async () => {
  const { ada, keys, slack } = await startWorld();
  await connectKey(ada, keys.one);
  const review = await withColumns(ada, await reviewOf(ada, await slack.upload('leads.csv', LIST)));
  const { body } = await ada.submit(review, { 'reading.header': number('40') });
  expect(textOf(body)).toContain('Row 40 cannot be the header');
});

test('another sheet of a workbook is taken', async () => {
  const { ada, keys, slack } = await startWorld();
  await connectKey(ada, keys.one);
  const repository = workbook(
    [
      ['Name', 'Company'],
      ['Ada Lovelace', 'Contoso'],
    ],
    [
      ['Name', 'Company'],
      ['Grace Hopper', 'Fabrikam'],
    ],
  );
  const review = await withColumns(ada, await reviewOf(ada, await slack.upload('leads.xlsx', repository)));
  const sheets = (
    review as { blocks: { block_id?: string; element?: { options?: { value: string }[] } }[] }
  ).blocks.find(({ block_id }) => block_id === 'reading.sheet')?.element?.options;
  const again = await ada.submitted(review, { 'reading.sheet': chosen('sheet', sheets?.[1]?.value ?? '') });
  expect(textOf(again)).toContain('Grace Hopper');
});

test('what a list is one of is asked where that is not clear, and taken as it is said', async () => {
  const { ada, keys, slack, core } = await startWorld();
  await connectKey(ada, keys.one);
  const list = 'Xname;Yname;Firma\nMbali;Dlamini;Contoso\nThabo;Nkosi;Fabrikam\n';
  const asked = await reviewOf(ada, await slack.upload('who.csv', list));
  expect(textOf(asked)).toContain('a list of people or of companies?');
  const said = await ada.submitted(asked, { 'reading.kind': chosen('kind', 'people') });
  expect(textOf(said)).toContain('2 people to look up');
  expect((await core.jobs.list(TEAM))[0]?.kind).toBe('people');
});

test('a workbook comes back as one, and as any list in another format from the select below it', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const repository = workbook([
    ['First Name', 'Last Name', 'Website'],
    ['Ada', 'Lovelace', 'contoso.com'],
  ]);
  await ada.submit(await reviewOf(ada, await slack.upload('leads.xlsx', repository)));
  const told = await slack.until(({ args }) => String(args.text).includes('is done'));
  const fileSince = async (from: number) => {
    const sent = await slack.until(({ method }) => method === 'files.completeUploadExternal', from);
    const [{ id, name }] = (sent.answer as { files: [{ id: string; name: string }] }).files;
    return { name, text: await slack.fileText(id) };
  };
  const own = await fileSince(0);
  expect(own.name).toBe('leads-enriched.xlsx');
  expect(own.text.slice(0, 2)).toBe('PK');
  const job = /"(?:csv|hubspot) (\w+)"/.exec(JSON.stringify(told.args))?.[1];
  let from = slack.calls.length;
  await ada.pressOnly({ message: told }, 'job.format', `hubspot ${job}`);
  const hubspot = await fileSince(from);
  expect(hubspot.name).toBe('leads-hubspot.csv');
  expect(hubspot.text).toMatch(/^\W*Email,First Name,Last Name,Company Name,/);
  from = slack.calls.length;
  await ada.pressOnly({ message: told }, 'job.format', `csv ${job}`);
  expect((await fileSince(from)).text).toMatch(/^\W*First Name,Last Name,Website,apollo_outcome/);
});
