import { describe, expect, it } from 'vitest';
import { workbook, workbookOf, zip } from '../files/workbook.ts';
import { apollo, apolloOf, engine, jsonOf, people, quickClock, withKeys } from './world.ts';

const NOBODY = { json: { row: 'nobody', email: 'noreply@contoso.com' } };

describe('items and results', () => {
  it('keeps order, fields and pairing, and puts each result beside its own item', async () => {
    await using sandbox = await apollo();
    const items = people(37);
    const ended = await (await engine()).run(withKeys(sandbox), items);
    expect(ended.error).toBeUndefined();
    expect(ended.outputs.map((output) => output.length)).toEqual([37, 0, 0]);
    for (const [index, { json, pairedItem }] of (ended.outputs[0] ?? []).entries()) {
      expect(json.row).toBe(index);
      expect(pairedItem).toEqual({ item: index });
      expect(apolloOf(json).email).toBe(items[index]?.json.email);
    }
    // Four on a machine that has time; a busy one may send one that is not full.
    expect(sandbox.counts().byEndpoint['people/bulk_match']).toBeLessThanOrEqual(8);
    expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  it('sorts into matched, unmatched and failed, or puts all into one in their order', async () => {
    await using sandbox = await apollo({ matchRate: 0.5 });
    const items = [...people(20), NOBODY];
    const three = await (await engine()).run(withKeys(sandbox), items);
    const [matched = [], unmatched = [], failed = []] = three.outputs;
    expect(matched.length).toBeGreaterThan(3);
    expect(unmatched.length).toBe(21 - matched.length);
    expect(failed).toEqual([]);
    expect(apolloOf(unmatched.at(-1)?.json)).toMatchObject({ outcome: 'skipped' });
    const one = await (await engine()).run(withKeys(sandbox, { separateOutputs: false }), items);
    expect(one.outputs).toHaveLength(1);
    expect(jsonOf(one).map(({ row }) => row)).toEqual(items.map(({ json }) => json.row));
  });

  it('writes simplified, raw and selected results, under a key or flat', async () => {
    await using sandbox = await apollo();
    const run = async (parameters: Parameters<typeof withKeys>[1]) =>
      jsonOf(await (await engine()).run(withKeys(sandbox, parameters), people(1)))[0];
    expect(apolloOf(await run({}))).toMatchObject({ outcome: 'matched', companyDomain: 'contoso0.com' });
    const raw = apolloOf(await run({ output: 'raw' }));
    expect(raw).toMatchObject({ how: 'known', person: { company: { domain: 'contoso0.com' } } });
    const selected = await run({ output: 'selected', selectedFields: ['email', 'title'] });
    expect(Object.keys(apolloOf(selected)).sort()).toEqual(['email', 'id', 'outcome', 'title']);
    const flat = await run({ options: { resultField: '' } });
    expect(flat).toMatchObject({ row: 0, apollo_outcome: 'matched', apollo_company_domain: 'contoso0.com' });
    expect(await run({ options: { resultField: 'found' } })).toMatchObject({ found: { outcome: 'matched' } });
  });

  it('looks companies up', async () => {
    await using sandbox = await apollo();
    const ended = await (await engine()).run(withKeys(sandbox, { resource: 'company' }), [
      { json: { Firma: 'Contoso GmbH', Webseite: 'https://www.contoso.com/de' } },
    ]);
    expect(jsonOf(ended)[0]?.apolloCompany).toMatchObject({ outcome: 'matched', domain: 'contoso.com' });
  });
});

describe('input', () => {
  it.each([
    ['German', { Vorname: 'Ada', Nachname: 'Lovelace', Firma: 'Contoso', Webseite: 'contoso.com' }],
    ['a CRM', { properties: { firstname: 'Ada', lastname: 'Lovelace', domain: 'contoso.com' } }],
    ['LinkedIn', { Name: 'Ada Lovelace', 'Company Website': 'https://contoso.com' }],
  ])('recognises the columns of %s', async (_, json) => {
    await using sandbox = await apollo();
    const ended = await (await engine()).run(withKeys(sandbox), [{ json }]);
    expect(apolloOf(jsonOf(ended)[0])).toMatchObject({ name: 'Ada Lovelace', companyDomain: 'contoso.com' });
  });

  it('says which columns there are when none is of use', async () => {
    await using sandbox = await apollo();
    const ended = await (await engine()).run(withKeys(sandbox), [{ json: { colour: 'blue' } }]);
    expect(ended.error?.message).toMatch(/No column/);
    expect(ended.error?.description).toMatch(/Found: colour/);
    expect(sandbox.counts().byEndpoint['people/match']).toBeUndefined();
  });

  it('takes expressions, field by field and mapped by hand', async () => {
    await using sandbox = await apollo();
    const items = [{ json: { who: 'ADA@contoso.com' } }, { json: { who: 'grace@fabrikam.com' } }];
    const fields = { leadsFrom: 'fields', lead_email: '={{ $json.who.toLowerCase() }}' };
    const columns = {
      columns: { mappingMode: 'defineBelow', value: { email: '={{ $json.who }}' }, schema: [] },
    };
    for (const parameters of [fields, columns]) {
      const ended = await (await engine()).run(withKeys(sandbox, parameters), items);
      expect(jsonOf(ended).map((json) => apolloOf(json).email)).toEqual([
        'ada@contoso.com',
        'grace@fabrikam.com',
      ]);
    }
  });

  it('reads a CSV file, a row for each item', async () => {
    await using sandbox = await apollo();
    const csv = 'Vorname;Nachname;Firma\r\nAda;Lovelace;Contoso\r\nGr\u00e4ce;"Hop""per";Fabrikam\r\n';
    const item = {
      json: {},
      binary: {
        list: {
          data: Buffer.from(csv, 'latin1').toString('base64'),
          mimeType: 'text/csv',
          fileName: 'leads.csv',
        },
      },
    };
    const ended = await (await engine()).run(
      withKeys(sandbox, { leadsFrom: 'file', binaryPropertyName: 'list', separateOutputs: false }),
      [item],
    );
    expect(ended.error).toBeUndefined();
    expect(jsonOf(ended)).toMatchObject([
      { Vorname: 'Ada', Firma: 'Contoso', apollo: { outcome: 'matched' } },
      { Vorname: 'Gräce', Nachname: 'Hop"per' },
    ]);
    expect(ended.outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
  });
});

describe('a workbook', () => {
  const run = async (bytes: Buffer) => {
    await using sandbox = await apollo();
    const data = bytes.toString('base64');
    const item = { json: {}, binary: { data: { data, mimeType: 'application/octet-stream' } } };
    const node = withKeys(sandbox, { leadsFrom: 'file', separateOutputs: false });
    return await (await engine()).run(node, [item]);
  };

  it('is read from its first sheet with anything in it', async () => {
    const sheet = [
      ['Name', 'Company', 'Phone', 'Customer', 'Note'],
      ['Ada Lovelace', 'Contoso & <Söhne>', 491711234567, true, null],
      [null],
      ['Grace Hopper', 'Fabrikam', 4.91711234567e11, false, 'late'],
    ];
    const ended = await run(workbook([], sheet, [['other']]));
    expect(ended.error).toBeUndefined();
    expect(jsonOf(ended)).toMatchObject([
      { Company: 'Contoso & <Söhne>', Phone: '491711234567', Customer: 'TRUE', Note: '' },
      { Name: 'Grace Hopper', Phone: '491711234567', Customer: 'FALSE', Note: 'late' },
    ]);
    expect(apolloOf(jsonOf(ended)[0])).toMatchObject({ outcome: 'matched', name: 'Ada Lovelace' });
  });

  /** A lead and these numbers, each in a cell of its style, as the fields A, B, … */
  const withNumbers = (numbers: readonly (readonly [style: number, value: string])[]) => {
    const letters = numbers.map((_, index) => String.fromCharCode(65 + index));
    const names = letters.map((letter) => `<c r="${letter}1" t="inlineStr"><is><t>${letter}</t></is></c>`);
    const cells = numbers.map(
      ([style, value], index) => `<c r="${letters[index]}2" s="${style}"><v>${value}</v></c>`,
    );
    const text = (address: string, value: string) =>
      `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`;
    return [
      `<row r="1">${names.join('')}${text('Z1', 'email')}</row>`,
      `<row r="2">${cells.join('')}${text('Z2', 'ada@contoso.com')}</row>`,
    ].join('');
  };

  it('has its dates as people write them, and other numbers as they stand', async () => {
    const dates = ['dd\\.mm\\.yyyy', '[$-407]d. mmmm yyyy', '&quot;am &quot;dd.mm.'];
    const numbers = ['#,##0 [$USD]', '0&quot; days&quot;', '0\\d', '[Red]0%', '_(* #,##0_)', 'General'];
    const sheet = withNumbers([
      [1, '45231.604166666664'],
      [1, '491711234567'],
      [0, '0.10000000000000001'],
      ...[...dates, ...numbers].map((_, index) => [index + 2, '45231'] as const),
    ]);
    const ended = await run(workbookOf([sheet], { formats: [...dates, ...numbers] }));
    const { A, B, C, ...rest } = jsonOf(ended)[0] ?? {};
    expect([A, B, C]).toEqual(['2023-11-01T14:30:00', '491711234567', '0.1']);
    expect(Object.values(rest).slice(0, dates.length + numbers.length)).toEqual([
      ...dates.map(() => '2023-11-01'),
      ...numbers.map(() => '45231'),
    ]);
  });

  it('counts its days from 1904 where it says so', async () => {
    const bytes = workbookOf([withNumbers([[1, '43769']])], { from1904: true });
    expect(jsonOf(await run(bytes))).toMatchObject([{ A: '2023-11-01' }]);
  });

  it('keeps the order of its rows in one output, whatever becomes of them', async () => {
    const rows = ['ada@contoso.com', 'noreply@contoso.com', 'grace@fabrikam.com'];
    const ended = await run(workbook([['Email'], ...rows.map((row) => [row])]));
    expect(jsonOf(ended).map(({ Email }) => Email)).toEqual(rows);
  });

  it.each([
    ['is empty', workbook([])],
    ['is another archive', zip([{ name: 'leads.csv', text: 'email' }])],
    ['is cut short', workbook([['email'], ['ada@contoso.com']]).subarray(0, 400)],
  ])('that %s is refused with what to do', async (_, bytes) => {
    const { error } = await run(bytes);
    expect(error?.message).toBe('The file cannot be read as a list of leads');
    expect(error?.description).toMatch(/save|Save|try again/);
  });
});

describe('options', () => {
  it('pays for duplicates once, and leaves them out where that is wanted', async () => {
    await using sandbox = await apollo();
    const items = [...people(5), ...people(5)];
    const each = await (await engine()).run(withKeys(sandbox), items);
    expect(each.outputs[0]).toHaveLength(10);
    expect(sandbox.counts().credits).toBe(5);
    const drop = await (await engine()).run(withKeys(sandbox, { options: { duplicates: 'drop' } }), items);
    expect(jsonOf(drop).map(({ row }) => row)).toEqual([0, 1, 2, 3, 4]);
  });

  it('never passes the credit limit of a run, and says what was left', async () => {
    await using sandbox = await apollo();
    const ended = await (await engine()).run(withKeys(sandbox, { options: { creditLimit: 12 } }), people(40));
    expect(sandbox.counts().credits).toBeLessThanOrEqual(12);
    expect(ended.outputs[0]?.length).toBe(sandbox.counts().credits);
    expect(ended.outputs[2]).toHaveLength(40 - sandbox.counts().credits);
    expect(apolloOf(jsonOf(ended, 2)[0])).toMatchObject({ outcome: 'undecided' });
    expect(ended.hints[0]).toMatch(/the credit limit was reached/);
  });

  it('refuses to start when a lead may cost more than it may', async () => {
    await using sandbox = await apollo();
    const ended = await (await engine()).run(
      withKeys(sandbox, { alsoFind: ['phones'], options: { creditsPerLead: 2 } }),
      people(2),
    );
    expect(ended.error?.message).toMatch(/may cost 9 credits/);
    expect(sandbox.counts().credits).toBe(0);
  });

  it('counts both calls of a lead that rests on its name alone', async () => {
    await using sandbox = await apollo();
    const named = [{ json: { firstName: 'Ada', lastName: 'Lovelace', company: 'Contoso' } }];
    const nine = withKeys(sandbox, { alsoFind: ['phones'], options: { creditsPerLead: 9 } });
    const ended = await (await engine()).run(nine, named);
    expect(ended.error?.message).toMatch(/may cost 10 credits, more than the limit of 9/);
    expect(sandbox.counts().credits).toBe(0);
  });

  it('leaves unmatched out, or fails at the first', async () => {
    await using sandbox = await apollo({ matchRate: 0 });
    const drop = await (await engine()).run(
      withKeys(sandbox, { options: { onUnmatched: 'drop' } }),
      people(3),
    );
    expect(drop.error).toBeUndefined();
    expect(drop.outputs.flat()).toEqual([]);
    const fail = await (await engine()).run(
      withKeys(sandbox, { options: { onUnmatched: 'fail' } }),
      people(3),
    );
    expect(fail.error?.message).toMatch(/Nothing was found/);
  });

  it('only estimates in a dry run', async () => {
    await using sandbox = await apollo();
    const ended = await (await engine()).run(withKeys(sandbox, { options: { dryRun: true } }), [
      ...people(8),
      ...people(2),
      NOBODY,
    ]);
    expect(jsonOf(ended)[0]).toMatchObject({
      rows: 11,
      duplicates: 2,
      skipped: 1,
      lookups: 8,
      mostCredits: 8,
    });
    expect(sandbox.counts().credits).toBe(0);
  });

  it('waits for phone numbers that come later', async () => {
    await using sandbox = await apollo({ lateMs: 300 });
    using _ = quickClock();
    const ended = await (await engine()).run(withKeys(sandbox, { alsoFind: ['phones'] }), people(10));
    const phones = jsonOf(ended).filter((json) => apolloOf(json).phone);
    expect(phones.length).toBeGreaterThan(2);
    expect(jsonOf(ended).filter((json) => apolloOf(json).pending)).toEqual([]);
    expect(sandbox.counts().late.pending).toBe(0);
  });

  it('says in a hint what was found and spent', async () => {
    await using sandbox = await apollo();
    const ended = await (await engine()).run(withKeys(sandbox), [...people(11), ...people(1)]);
    expect(ended.hints[0]).toMatch(
      /^12 of 12 found, 1 for free as duplicates, 11 credits in [\d.]+ s\. Slots used: 1\.$/,
    );
  });
});
