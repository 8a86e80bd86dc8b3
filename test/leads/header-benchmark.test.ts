import { expect, test } from 'vitest';
import { mapColumns } from '../../core/leads/index.ts';
import { LABELLED_HEADERS, type Meaning } from './labelled-headers.ts';

/** What a header alone is taken for. */
const taken = (header: string): Meaning =>
  (Object.keys(mapColumns([header], []).fields)[0] as Meaning) ?? 'none';
const isRight = (meaning: Meaning, found: Meaning) =>
  found === meaning || (meaning === 'first_name or name' && (found === 'first_name' || found === 'name'));

test('labelled headers are recognised with a precision of 0.99 and a recall of 0.90', () => {
  const results = LABELLED_HEADERS.map(([header, meaning]) => ({ header, meaning, found: taken(header) }));
  const found = results.filter((each) => each.found !== 'none');
  const right = found.filter((each) => isRight(each.meaning, each.found));
  const fields = results.filter(({ meaning }) => meaning !== 'none');
  const precision = right.length / found.length;
  const recall = right.length / fields.length;
  const wrong = results
    .filter((each) => !isRight(each.meaning, each.found))
    .map((each) => `${each.header}: ${each.found}, is ${each.meaning}`);
  console.log(
    `${results.length} headers, ${fields.length} of them fields: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}\n${wrong.join('\n')}`,
  );
  expect(results.length).toBeGreaterThanOrEqual(300);
  expect(precision).toBeGreaterThanOrEqual(0.99);
  expect(recall).toBeGreaterThanOrEqual(0.9);
});
