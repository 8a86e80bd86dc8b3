import { expect, it } from 'vitest';
import { inTime } from '../../bot/deadline.ts';
import { startApiServer } from './api-server.ts';

const list = (name: string) => `First Name,Last Name,Website\n${name},Lovelace,contoso.com\n`;

it('a list that is sent again under its Idempotency-Key is one job, and another list of the same length is refused', async () => {
  await using api = await startApiServer();
  const send = (name: string) =>
    api.call('POST', '/v1/jobs?start=false', {
      body: list(name),
      headers: { 'content-type': 'text/csv', 'idempotency-key': 'one' },
    });
  const first = await send('Ada');
  const again = await send('Ada');
  expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  const other = await send('Bea');
  expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  expect((await api.call<{ jobs: object[] }>('GET', '/v1/jobs')).body.jobs).toHaveLength(1);
});

it('what does not answer is given up in time, and told as a store that is not available', async () => {
  await expect(inTime(new Promise(() => {}), 5)).rejects.toThrow('The store does not answer');
  expect(await inTime(Promise.resolve(1), 5)).toBe(1);
});
