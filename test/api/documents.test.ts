import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STATUSES } from '../../bot/api/failure.ts';
import { PROBLEMS } from '../../bot/api/problems.ts';
import { enrichSchema, hookRequestSchema, jobSchema, problemAnswer } from '../../bot/api/schemas.ts';
import { HOOK_EVENTS } from '../../bot/hooks/hooks.ts';
import * as core from '../../core/index.ts';
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
    // The real address, the fields of leads, and where every problem links to.
    expect(got.text).toContain(`${api.url.replace('127.0.0.1', 'localhost')}/v1/me`);
    expect(got.text).toContain('<code>linkedinUrl</code>');
    for (const code of Object.keys(PROBLEMS)) expect(got.text).toContain(`id="problem-${code}"`);
  });

  it('bounds every text, number and list, and shows examples that would be taken', async () => {
    await using api = await startApiServer({ keys: [] });
    const { body } = await api.call('GET', '/openapi.json', { token: '' });
    const unbounded: string[] = [];
    const look = (part: unknown, at: string): void => {
      if (typeof part !== 'object' || part === null || at.endsWith('.example')) return;
      const { type, enum: values, maxLength, maximum, maxItems, format } = part as Record<string, unknown>;
      const isBounded =
        type === 'string' ? maxLength : type === 'array' ? maxItems : maximum !== undefined && format;
      if (['string', 'array', 'integer', 'number'].includes(String(type)) && !values && !isBounded)
        unbounded.push(at);
      for (const [name, inner] of Object.entries(part)) look(inner, `${at}.${name}`);
    };
    look(body.paths, 'paths');
    look(body.webhooks, 'webhooks');
    look(body.components.schemas, 'schemas');
    expect(unbounded.filter((at) => !at.endsWith('properties'))).toEqual([]);
    const example = (path: string) => body.paths[path].post.requestBody.content['application/json'].example;
    expect(enrichSchema.parse(example('/v1/people/enrich')).leads).toEqual([
      { first_name: 'Ada', last_name: 'Lovelace', domain: 'contoso.com' },
    ]);
    jobSchema.parse(example('/v1/jobs'));
    hookRequestSchema.parse(example('/v1/hooks'));
    expect(Object.keys(body.webhooks)).toEqual([...HOOK_EVENTS]);
  });

  it('knows every problem that the code can give', () => {
    const folder = new URL('../../bot/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.includes('node_modules'),
    );
    const given = sources.flatMap((path) => [
      ...readFileSync(new URL(path, folder), 'utf8').matchAll(/new Problem\(\s*\d+,\s*'([a-z-]+)'/g),
    ]);
    expect(given.length).toBeGreaterThan(30);
    for (const [, code] of given) expect(Object.keys(PROBLEMS)).toContain(code);
    const slots = Object.values(core).filter(
      (each) => typeof each === 'function' && each.prototype instanceof core.SlotsError,
    );
    const errors = [...slots, ...STATUSES.map(([kind]) => kind)].filter(
      (each) => each !== core.SlotsError,
    ) as { name: string }[];
    expect(errors.length).toBeGreaterThan(5);
    for (const { name } of errors) {
      const code = name
        .replace(/Error$/, '')
        .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
        .toLowerCase();
      expect(Object.keys(PROBLEMS)).toContain(code);
    }
  });
});
