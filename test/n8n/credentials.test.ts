import { expect, it } from 'vitest';
import { startApiServer } from '../api/api-server.ts';
import { apollo, engine, KEYS } from './world.ts';

it('the server credential tests address and token, with or without a slash', async () => {
  await using api = await startApiServer();
  const test = async (baseUrl: string, token: string) =>
    await (await engine()).testCredential('connectionSphereApi', { baseUrl, token });
  expect(await test(api.url, api.token)).toBeUndefined();
  expect(await test(`${api.url}/`, api.token)).toBeUndefined();
  expect(await test(api.url, 'csa_wrong')).toBe('status 401');
});

it('the keys credential tells a wrong key by what Apollo says, which is 200 all the same', async () => {
  await using sandbox = await apollo();
  const test = async (key1: string) =>
    await (await engine()).testCredential('connectionSphereApolloKeysApi', {
      key1,
      apolloBaseUrl: sandbox.url,
    });
  expect(await test(KEYS.sales)).toBeUndefined();
  expect(await test('mistyped-key-000000')).toMatch(/does not accept key 1/);
});
