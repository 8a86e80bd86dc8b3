import { describe, expect, it } from 'vitest';
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

describe('the keys credential', () => {
  const test = async (keys: Record<string, string>, apolloBaseUrl: string) =>
    await (await engine()).testCredential('connectionSphereApolloKeysApi', { ...keys, apolloBaseUrl });

  it('tells a wrong key by what Apollo says, which is 200 all the same', async () => {
    await using sandbox = await apollo();
    expect(await test({ key1: KEYS.sales }, sandbox.url)).toBeUndefined();
    expect(await test({ key1: 'mistyped-key-000000' }, sandbox.url)).toMatch(/does not accept Key 1/);
  });

  it('tests every key, and names those that are wrong by their labels', async () => {
    await using sandbox = await apollo();
    const { sales, growth, fabrikam } = KEYS;
    expect(await test({ key1: sales, key2: growth, key4: fabrikam }, sandbox.url)).toBeUndefined();
    sandbox.revoke(growth);
    const wrong = await test(
      { key1: sales, key2: growth, label2: 'Growth', key3: 'mistyped-key-000000', key4: fabrikam },
      sandbox.url,
    );
    expect(wrong).toMatch(/does not accept Key 2 \(Growth\)\..*does not accept Key 3\./);
    expect(wrong).not.toMatch(/Key [14]/);
    expect(wrong).not.toContain(growth);
  });

  it('says that there is no key, and that Apollo cannot be reached', async () => {
    const sandbox = await apollo();
    expect(await test({ key1: ' ' }, sandbox.url)).toMatch(/Enter at least one/);
    await sandbox.close();
    expect(await test({ key1: KEYS.sales }, sandbox.url)).toMatch(/could not be reached/);
  });
});

it('both credentials are found by one word', async () => {
  const names = (await engine()).credentialNames();
  expect(names).toHaveLength(2);
  for (const name of names) expect(name).toMatch(/ConnectionSphere/);
});
