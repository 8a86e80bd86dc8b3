import { expect, it } from 'vitest';
import { DEFAULT_SCOPES, Tokens } from '../../bot/api/tokens.ts';
import { Audit } from '../../core/audit.ts';
import { createWorld } from '../slots/world.ts';

const DAY_MS = 86_400_000;

it('refuses a token from its end on, and rolls one so that both are taken for a while', async () => {
  const { time, ports } = createWorld();
  const tokens = new Tokens(ports, new Audit(ports, DAY_MS));
  const endsAt = time.now + 30 * DAY_MS;
  const old = await tokens.create({ workspace: 'contoso', name: 'n8n', scopes: DEFAULT_SCOPES, endsAt });
  expect(await tokens.roll('fabrikam', old.id, DAY_MS)).toBeUndefined();
  time.now += 10 * DAY_MS;
  const rolled = await tokens.roll('contoso', old.id, 7 * DAY_MS);
  expect(rolled?.made).toMatchObject({ name: 'n8n', endsAt: time.now + 30 * DAY_MS });
  const made = rolled?.made.secret ?? '';
  expect([await tokens.verify(old.secret), await tokens.verify(made)]).toMatchObject([
    { id: old.id, endsAt: time.now + 7 * DAY_MS },
    { name: 'n8n', scopes: DEFAULT_SCOPES },
  ]);
  time.now += 7 * DAY_MS;
  expect(await tokens.verify(old.secret)).toBeUndefined();
  expect(await tokens.find(old.id)).toBeUndefined();
  expect(await tokens.roll('contoso', old.id, DAY_MS)).toBeUndefined();
  expect(await tokens.verify(made)).toBeDefined();
});
