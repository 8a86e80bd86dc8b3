import { describe, expect, test } from 'vitest';
import { mappingDocument } from '../../bot/list-notes.ts';
import { mapColumns, SAMPLE_ROWS } from '../../core/leads/index.ts';
import { openLeadStream } from '../../core/node/files/index.ts';
import { EXPORTS } from './exports.ts';

test('there are forty exports', () => {
  expect(EXPORTS.length).toBeGreaterThanOrEqual(40);
});

describe('an export is mapped without a touch', () => {
  test.each(EXPORTS)('of %s', async (_tool, text, mapping) => {
    const file = await openLeadStream(Buffer.from(text), 'list.csv');
    try {
      expect(mappingDocument(mapColumns(file.headers, await file.sample(SAMPLE_ROWS)))).toEqual(mapping);
    } finally {
      await file.close();
    }
  });
});
