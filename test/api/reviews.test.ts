import { expect, it } from 'vitest';
import { decidedAnswer, jobAnswer, reviewsAnswer } from '../../bot/api/schemas.ts';
import { type ApiServer, startApiServer } from './api-server.ts';

async function ended(api: ApiServer, leads: readonly object[]): Promise<string> {
  const made = await api.call('POST', '/v1/jobs', { body: { leads } });
  const { id } = jobAnswer.parse(made.body);
  await expect.poll(async () => (await api.call('GET', `/v1/jobs/${id}`)).body.state).toBe('done');
  return id;
}

/** A list whose first row has another name than whoever has that LinkedIn address, and whose second row is right. */
async function reviewed(api: ApiServer): Promise<string> {
  const ada = await ended(api, [{ first_name: 'Ada', last_name: 'Lovelace', domain: 'contoso.com' }]);
  const { results } = (await api.call('GET', `/v1/jobs/${ada}/results`)).body;
  return await ended(api, [
    { first_name: 'Bob', last_name: 'Stone', linkedin_url: results[0].person.linkedinUrl },
    { first_name: 'Grace', last_name: 'Hopper', domain: 'contoso.com' },
  ]);
}

it('shows what contradicts, and takes decisions about it', async () => {
  await using api = await startApiServer();
  const path = `/v1/jobs/${await reviewed(api)}/reviews`;
  const { reviews } = reviewsAnswer.parse((await api.call('GET', path)).body);
  expect(reviews).toMatchObject([
    { row: 0, asked: { name: 'Bob Stone' }, answered: { name: 'Ada Lovelace' }, reason: expect.any(String) },
  ]);
  const done = await api.call('POST', path, { body: { accept: [0] } });
  expect(decidedAnswer.parse(done.body)).toEqual({ accepted: [0], rejected: [], open: 0 });
  const job = path.replace('/reviews', '');
  expect((await api.call('GET', `${job}/results`)).body.results[0]).toMatchObject({
    outcome: 'matched',
    person: { name: 'Ada Lovelace' },
  });
  await api.call('POST', path, { body: { reject: [0] } });
  expect((await api.call('GET', job)).body.counts).toMatchObject({ matched: 1, review: 0, unmatched: 1 });
});

it('refuses what cannot be decided, and who may not', async () => {
  await using api = await startApiServer();
  const path = `/v1/jobs/${await reviewed(api)}/reviews`;
  const refused = async (body: object, more: { token?: string } = {}) =>
    (await api.call('POST', path, { body, ...more })).status;
  expect(await refused({})).toBe(422);
  expect(await refused({ accept: [0], reject: [0] })).toBe(422);
  expect(await refused({ accept: [7] })).toBe(422);
  expect(await refused({ accept: [1] })).toBe(422);
  expect(await refused({ accept: [0] }, { token: await api.makeToken('contoso', ['read']) })).toBe(403);
  expect(await refused({ accept: [0] }, { token: await api.makeToken('fabrikam') })).toBe(404);
  expect((await api.call('GET', path)).body.reviews).toHaveLength(1);
});
