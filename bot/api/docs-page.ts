import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { z } from 'zod';
import type { Operation } from './operation.ts';
import { named } from './schemas.ts';

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); --soft: color-mix(in srgb, currentColor 65%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
code, pre { font: 14px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--line); border-radius: .4rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; } summary b { display: inline-block; min-width: 4.5rem; }
.soft { color: var(--soft); } table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
`;
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The API as a page to read: no script, nothing from elsewhere. */
export function sendDocsPage(response: Response, page: string): void {
  response.setHeader('content-security-policy', POLICY);
  response.setHeader('x-content-type-options', 'nosniff');
  response.type('html').send(page);
}

export function docsPage(operations: readonly Operation[]): string {
  const groups = [...new Set(operations.map(({ group }) => group))];
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>ConnectionSphere HTTP API</title><style>${STYLE}</style>
<h1>ConnectionSphere HTTP API</h1>
<p class="soft">JSON everywhere, times in ISO 8601. For programs: <a href="/openapi.json">openapi.json</a>.</p>
<pre>./connectionsphere token create --name "My program"
curl -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"leads":[{"linkedin_url":"https://www.linkedin.com/in/ada-lovelace"}]}' \\
  http://localhost:3000/v1/people/enrich</pre>
${groups.map((group) => section(group, operations)).join('\n')}
<h2 id="problems">When something is wrong</h2>
<p>Errors are <code>application/problem+json</code> (RFC 9457): <code>status</code>, <code>code</code>, <code>detail</code> (what happened and what to do) and, where fields or leads are wrong, <code>errors</code> with a <code>path</code> each. Another workspace's job or hook answers exactly as one that does not exist. <code>429</code> and <code>503</code> say in <code>Retry-After</code> how many seconds to wait. Send an <code>Idempotency-Key</code> where it is taken, and repeat a request without a second thought.</p>
</html>`;
}

function section(group: string, operations: readonly Operation[]): string {
  const own = operations.filter((operation) => operation.group === group);
  return `<h2>${html(group)}</h2>\n${own.map(entry).join('\n')}`;
}

function entry(operation: Operation): string {
  const { id, method, path, summary, description, scope, body, query, streamQuery, streams = [] } = operation;
  const answers = Object.entries(operation.answers).map(([status, answer]) => {
    const types = answer.streams ? `, ${answer.streams.join(', ')}` : '';
    return `<p><b>${status}</b> ${html(answer.description)}${types}</p>${answer.schema ? fields(answer.schema) : ''}`;
  });
  return `<details id="${id}"><summary><b>${method.toUpperCase()}</b><code>${html(path)}</code> ${html(summary)}</summary>
${description ? `<p>${html(description)}</p>` : ''}
<p class="soft">Scope: ${scope ?? 'any token'}.${operation.idempotent ? ' Takes an Idempotency-Key.' : ''}</p>
${query ? `<p>Query</p>${fields(query)}` : ''}
${body ? `<p>Body: application/json</p>${fields(body)}` : ''}
${streams.length > 0 ? `<p>or a stream: ${html(streams.join(', '))}, with the query</p>${streamQuery ? fields(streamQuery) : ''}` : ''}
${answers.join('\n')}</details>`;
}

function fields(schema: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties).map(([name, property]) => {
    const described = property as { description?: string };
    const must = required.includes(name) ? '' : ' <span class="soft">optional</span>';
    return `<tr><td><code>${html(name)}</code>${must}</td><td>${html(kindOf(property))}</td><td>${html(described.description ?? '')}</td></tr>`;
  });
  const id = named.get(schema)?.id;
  return `${id ? `<p class="soft">${id}</p>` : ''}<table>${rows.join('')}</table>`;
}

function kindOf(property: unknown): string {
  const { type, enum: values, $ref, items, anyOf } = property as Record<string, unknown>;
  if (Array.isArray(values)) return values.join(' | ');
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? '';
  if (type === 'array') return `list of ${kindOf(items ?? {})}`;
  if (Array.isArray(anyOf)) return anyOf.map(kindOf).join(' | ');
  return typeof type === 'string' ? type : '';
}

function html(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
