import { describe, expect, it } from 'vitest';
import { problemAnswer } from '../../bot/api/schemas.ts';
import { startApiServer } from './api-server.ts';

interface Described {
  readonly operationId: string;
  readonly responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}

describe('the API about itself', () => {
  it('has an OpenAPI 3.1 document in which every reference leads somewhere', async () => {
    await using api = await startApiServer({ keys: [] });
    const { body } = await api.call('GET', '/openapi.json', { token: '' });
    expect(body.openapi).toBe('3.1.0');
    const references = JSON.stringify(body).match(/"#\/components\/schemas\/\w+"/g) ?? [];
    expect(references.length).toBeGreaterThan(20);
    for (const reference of new Set(references)) {
      const name = reference.slice(1, -1).split('/').at(-1) ?? '';
      expect([name, typeof body.components.schemas[name]]).toEqual([name, 'object']);
    }
    expect(body.components.schemas.Lead.properties.email).toMatchObject({ type: 'string' });
    expect(body.components.schemas.EnrichRequest).toMatchObject({ required: ['leads'] });
  });

  it('names every route that it serves, and serves every route that it names', async () => {
    await using api = await startApiServer({ keys: [] });
    const { body } = await api.call('GET', '/openapi.json', { token: '' });
    const operations = Object.entries<Record<string, Described>>(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({ path, method, operationId })),
    );
    expect(operations.length).toBeGreaterThan(20);
    for (const { path, method } of operations) {
      const at = path.replaceAll(/\{\w+\}/g, '1');
      const got = await api.call(method.toUpperCase(), at, { token: '' });
      expect([method, path, got.status]).toEqual([method, path, 401]);
      expect(problemAnswer.parse(JSON.parse(got.text)).code).toBe('token-missing');
    }
  });

  it('has a page to read, without a script and without anything from elsewhere', async () => {
    await using api = await startApiServer({ keys: [] });
    const got = await api.call('GET', '/docs', { token: '' });
    expect(got.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(got.text).not.toMatch(/<script|src=|@import|<link/);
    expect(got.text).toContain('/v1/people/enrich');
  });
});
