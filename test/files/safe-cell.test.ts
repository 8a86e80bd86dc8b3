import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeCell } from '../../core/node/files/index.ts';

describe('a cell that a spreadsheet would execute', () => {
  it.each([
    '=1+1',
    '=HYPERLINK("http://example.com","click")',
    '@SUM(1+1)',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    '-2+3',
    '+1(A1)',
    '＝1+1',
    '＋A1',
    '－A1',
    '＠SUM(A1)',
    '  =1+1',
    '"=1+1',
    '\u00a0=1+1',
    '\u200b=1+1',
    '\uFEFF=1+1',
    '\0=1+1',
    '\t=1+1',
    '\r=1+1',
    '\n=1+1',
    '\tAda',
    '-Ada',
  ])('gets an apostrophe: %j', (text) => {
    expect(safeCell(text)).toBe(`'${text}`);
  });

  it.each([
    '',
    'Ada Lovelace',
    'a=b',
    'ada@example.com',
    '+1 415 555 0100',
    '+49 (0) 30-123',
    '+44.20.7946.0958',
    '+1 415 555 0100 ext. 12',
    '+1-415-555-0100 x12',
    '-12.5',
    '-1.234,56',
    "-1'234.50",
    '-5 %',
    '-1.5E-3',
    '+7',
    '-',
    '--',
    '  Ada',
    '日本語',
    '🚀',
    "'=1+1",
    '#N/A',
  ])('and no other does: %j', (text) => {
    expect(safeCell(text)).toBe(text);
  });

  it('is safe once and for all', () => {
    const unit = fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '＝',
      ' ',
      '\t',
      '\r',
      '"',
      "'",
      '1',
      'A',
      '(',
      '\u200b',
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(safeCell(safeCell(text))).toBe(safeCell(text));
        expect(safeCell(text).endsWith(text)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
