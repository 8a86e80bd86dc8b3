import { expect, it } from 'vitest';
import { jobAnswer, jobsAnswer, scheduleAnswer } from '../../bot/api/schemas.ts';
import type { Schedule } from '../../core/index.ts';
import { type ApiServer, leads, startApiServer } from './api-server.ts';

const MONTHLY = { every: 'month', olderThanDays: 30 };

async function done(api: ApiServer): Promise<string> {
  const { id } = jobAnswer.parse((await api.call('POST', '/v1/jobs', { body: { leads: leads(3) } })).body);
  await expect.poll(async () => (await api.call('GET', `/v1/jobs/${id}`)).body.state).toBe('done');
  return `/v1/jobs/${id}`;
}

/** The server is away until the schedules' time has come. */
const untilDue = (api: ApiServer) =>
  api.meanwhile(async ({ ports }) => {
    const schedules = ports.store.collection<Schedule>('schedules');
    for await (const [key, schedule] of schedules.entries())
      await schedules.set(key, { ...schedule, nextAt: ports.clock.now() - 1000 });
  });

it('reads, sets and deletes when a list runs again, which it does by itself', async () => {
  await using api = await startApiServer();
  const job = await done(api);
  const path = `${job}/schedule`;
  expect((await api.call('GET', path)).body).toMatchObject({ status: 404, code: 'no-such-schedule' });
  const set = await api.call('PUT', path, { body: MONTHLY });
  expect(scheduleAnswer.parse(set.body)).toMatchObject({ ...MONTHLY, by: { kind: 'token', via: 'api' } });
  expect((await api.call('GET', path)).body).toEqual(set.body);
  expect(jobAnswer.parse((await api.call('GET', job)).body).schedule).toEqual(set.body);

  await untilDue(api);
  await expect
    .poll(async () => {
      const [newest] = jobsAnswer.parse((await api.call('GET', '/v1/jobs')).body).jobs;
      return [newest?.repeats, newest?.state, newest?.counts.known, newest?.credits];
    })
    .toEqual([job.split('/').at(-1), 'done', 3, 0]);
  const token = await api.makeToken('contoso', ['administer']);
  expect((await api.call('GET', '/v1/audit', { token })).text).toContain('schedule.set');

  expect((await api.call('DELETE', path)).status).toBe(204);
  expect((await api.call('DELETE', path)).status).toBe(404);
});

it('ends when the token that set it is revoked', async () => {
  await using api = await startApiServer();
  const job = await done(api);
  const token = await api.makeToken('contoso', ['enrich', 'read']);
  await api.call('PUT', `${job}/schedule`, { body: MONTHLY, token });
  await api.meanwhile(async ({ ports }) => {
    const tokens = ports.store.collection('tokens');
    await tokens.delete(token.split('_')[1] ?? '');
  });
  await untilDue(api);
  await expect.poll(async () => (await api.call('GET', `${job}/schedule`)).status).toBe(404);
  expect((await api.call('GET', '/v1/jobs')).body.jobs).toHaveLength(1);
});

it('refuses what cannot be, and who may not', async () => {
  await using api = await startApiServer();
  const path = `${await done(api)}/schedule`;
  const refused = async (body: object, token?: string) =>
    (await api.call('PUT', path, { body, ...(token !== undefined && { token }) })).status;
  expect(await refused({ every: 'day', olderThanDays: 30 })).toBe(422);
  expect(await refused({ every: 'week', olderThanDays: 0 })).toBe(422);
  expect(await refused(MONTHLY, await api.makeToken('contoso', ['read']))).toBe(403);
  expect(await refused(MONTHLY, await api.makeToken('fabrikam'))).toBe(404);
});
