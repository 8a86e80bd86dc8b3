import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readerFor } from '../../bot/reader.ts';
import { html } from '../../bot/web/html.ts';
import { resultRows } from '../../bot/web/pages/list-results.ts';

const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='x",
    '</td></table>',
    '&lt;b&gt;',
  ),
);

it('leaves nothing of a text that could be markup, wherever it is put', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const page = String(html`<p title="${text}">${text}${[text, html`<b>${text}</b>`]}</p>`);
      const bare = page.replace(/&(amp|lt|gt|quot|#39);/g, '');
      expect(bare.match(/[<>]/g)).toHaveLength(8);
      expect(bare.match(/"/g)).toHaveLength(2);
    }),
  );
});

it('leaves nothing of hostile cells, names and numbers in a table of results', () => {
  const job = { id: 'job', kind: 'people', mapping: { fields: { name: { columns: [0], found: 'header' } } } };
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 6, maxLength: 6 }), (texts) => {
      const [cell = '', name = '', email = '', number = '', company = '', reason = ''] = texts;
      const draw = (of: (text: string) => string) =>
        String(
          resultRows(
            job as never,
            [
              {
                row: 0,
                cells: [of(cell)],
                added: [],
                outcome: 'review',
                match: { kind: 'conflict', reason: of(reason) },
                person: {
                  id: '1',
                  name: of(name),
                  email: of(email),
                  phones: [{ number: of(number) }],
                  company: { id: '2', name: of(company) },
                },
              } as never,
            ],
            { outcome: '', match: '', doNotCall: false },
            undefined,
            readerFor('en-US'),
          ),
        );
      const tags = (page: string) => page.match(/<[^>]*>/g)?.length;
      expect(tags(draw((text) => text))).toBe(tags(draw((text) => (text.trim() === '' ? text : 'x'))));
    }),
  );
});
