import { expect, test } from 'vitest';
import { Tokens } from '../../bot/api/tokens.ts';
import { Audit } from '../../core/audit.ts';
import { MemoryStore } from '../slots/world.ts';

test("a workspace neither sees nor revokes another's tokens, and half a secret is none", async () => {
  const store = new MemoryStore();
  const clock = { now: () => 1_000_000, monotonic: () => 0, sleep: async () => {} };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const tokens = new Tokens({ store, clock }, new Audit({ store, clock, log }, 1));
  const of = (workspace: string) => tokens.create({ workspace, name: workspace, scopes: ['read'] });
  const [ours, theirs] = [await of('contoso'), await of('fabrikam')];
  expect((await tokens.list('contoso')).map(({ id }) => id)).toEqual([ours.id]);
  expect(await tokens.revoke('contoso', theirs.id)).toBeUndefined();
  expect((await tokens.verify(theirs.secret))?.workspace).toBe('fabrikam');
  // The id of one with the secret of another.
  const mixed = ours.secret.replace(ours.id, theirs.id);
  expect(await tokens.verify(mixed)).toBeUndefined();
  expect(await tokens.revoke('fabrikam', theirs.id)).toMatchObject({ id: theirs.id });
  expect(await tokens.verify(theirs.secret)).toBeUndefined();
  expect(store.text).not.toContain(ours.secret);
});
