import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLateResult } from '../../core/apollo/index.ts';

const parse = (value: unknown) => parseLateResult(JSON.stringify(value));

describe('a late result that Apollo pushes', () => {
  it('has phones, in E.164 where Apollo could, without invalid ones and each once', () => {
    const pushed = parse({
      status: 'success',
      credits_consumed: 8.5,
      people: [
        {
          id: 'p1',
          status: 'success',
          phone_numbers: [
            {
              raw_number: '+1 202-555-0164',
              sanitized_number: '+12025550164',
              status_cd: 'valid_number',
              type_cd: 'mobile',
            },
            {
              raw_number: '202 555 0164',
              sanitized_number: '+12025550164',
              status_cd: 'valid_number',
              type_cd: 'other',
            },
            { raw_number: '202-555-0117', sanitized_number: null, status_cd: 'no_status', type_cd: null },
            { sanitized_number: '+12025550199', status_cd: 'invalid_number' },
            null,
          ],
        },
        { status: 'nobody can say who this is', phone_numbers: [{ sanitized_number: '+12025550111' }] },
        { id: 'p2' },
      ],
    });
    expect(pushed).toEqual({
      credits: 8.5,
      people: [
        {
          id: 'p1',
          phones: [{ number: '+12025550164', type: 'mobile' }, { number: '202-555-0117' }],
          emails: [],
        },
        { id: 'p2', phones: [], emails: [] },
      ],
    });
  });

  it('has the finds of a waterfall as Apollo lists them, not again as its vendors do', () => {
    const pushed = parse({
      request_id: '-1039995589705121903',
      people: [
        {
          id: 'p1',
          waterfall: {
            emails: [{ vendors: [{ emails: ['other@example.com'] }] }],
            phone_numbers: [{ vendors: [{ phone_numbers: ['202-555-0111'] }] }],
          },
          phone_numbers: [{ raw_number: '202-555-0111', sanitized_number: '+12025550111', type_cd: null }],
          emails: [
            { email: 'ada@contoso.com', email_status_cd: 'Verified' },
            { email: 'old@contoso.com', email_status_cd: 'Invalid' },
          ],
        },
      ],
    });
    expect(pushed).toEqual({
      requestId: '-1039995589705121903',
      credits: undefined,
      people: [{ id: 'p1', phones: [{ number: '+12025550111' }], emails: ['ada@contoso.com'] }],
    });
  });

  it("has the vendors' finds where Apollo lists none itself", () => {
    const waterfall = {
      emails: [
        { vendors: [{ status: 'NOT_FOUND' }, { status: 'UNVERIFIED', emails: ['ada@contoso.com'] }] },
        { vendors: [{ status: 'INVALID', emails: ['old@contoso.com'] }, { emails: ['ada@contoso.com'] }] },
      ],
      phone_numbers: [{ vendors: [{ phone_numbers: ['202-555-0111'] }] }],
    };
    expect(parse({ people: [{ id: 'p1', waterfall, emails: [] }] })?.people).toEqual([
      { id: 'p1', phones: [{ number: '202-555-0111' }], emails: ['ada@contoso.com'] },
    ]);
  });

  it('keeps a request id that is a bare number digit by digit', () => {
    expect(parseLateResult('{"people": [], "request_id": 9223372036854775807}')?.requestId).toBe(
      '9223372036854775807',
    );
  });

  it.each(['', 'hello', '[]', 'null', '{}', '{"people": {}}', '{"people": [{"id": "p1"}'])(
    'is not %j',
    (body) => {
      expect(parseLateResult(body)).toBeUndefined();
    },
  );

  it('has no address that reaches nobody, and the verified one first', () => {
    const emails = [
      { email: 'gone@contoso.com', email_status_cd: 'Bounced' },
      { email: 'none@contoso.com', email_status_cd: 'Unavailable' },
      { email: 'guess@contoso.com', email_status_cd: 'Unverified' },
      { email: 'ada@contoso.com', email_status_cd: 'Verified' },
    ];
    const body = JSON.stringify({ people: [{ id: 'p1', emails }] });
    expect(parseLateResult(body)?.people[0]?.emails).toEqual(['ada@contoso.com', 'guess@contoso.com']);
    const vendors = [
      { status: 'BOUNCED', emails: ['gone@contoso.com'] },
      { status: 'VERIFIED', emails: ['ada@contoso.com'] },
    ];
    const waterfall = { emails: [{ vendors }] };
    const found = parseLateResult(JSON.stringify({ people: [{ id: 'p1', waterfall }] }));
    expect(found?.people[0]?.emails).toEqual(['ada@contoso.com']);
  });

  it('has somebody who stands in it twice once, with all numbers', () => {
    const entry = (number: string, type: string) => ({
      id: 'p1',
      phone_numbers: [{ sanitized_number: number, type_cd: type }],
    });
    const people = [entry('+12025550100', 'other'), entry('+12025550142', 'mobile')];
    expect(parseLateResult(JSON.stringify({ people }))?.people).toMatchObject([
      { id: 'p1', phones: [{ number: '+12025550142' }, { number: '+12025550100' }] },
    ]);
  });

  it('never makes the receiver fail', () => {
    const person = fc.record({
      id: fc.oneof(fc.string(), fc.jsonValue()),
      waterfall: fc.oneof(
        fc.jsonValue(),
        fc.record({ emails: fc.array(fc.record({ vendors: fc.jsonValue() })) }),
      ),
      phone_numbers: fc.jsonValue(),
      emails: fc.jsonValue(),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.record({ people: fc.array(person) }).map((it) => JSON.stringify(it)),
        ),
        (body) => {
          for (const { id, emails, phones } of parseLateResult(body)?.people ?? []) {
            expect(id).not.toBe('');
            expect(emails.every((email) => email.includes('@'))).toBe(true);
            expect(phones.every(({ number }) => number !== '')).toBe(true);
          }
        },
      ),
    );
  });
});
