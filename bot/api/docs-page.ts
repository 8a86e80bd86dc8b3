import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { z } from 'zod';
import { EVENTS } from './events.ts';
import { exampleOf, type JsonSchema, nameOf } from './example.ts';
import { componentSchemas, queryOf, schemaOf } from './openapi.ts';
import type { Operation } from './operation.ts';
import { PROBLEMS } from './problems.ts';

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); --soft: color-mix(in srgb, currentColor 70%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); } h3 { margin: 1.25rem 0 .5rem; font-size: 1rem; }
a { color: light-dark(#4338ca, #a5a0ff); }
code, pre { font: 14px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--line); border-radius: .4rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .5rem .75rem; }
details details { border: 0; padding: 0; margin: .25rem 0 0; }
summary { cursor: pointer; } summary b { display: inline-block; min-width: 4.5rem; }
.soft { color: var(--soft); } table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
td:first-child { white-space: nowrap; } td table { margin-top: .25rem; }
@media (max-width: 40rem) { td:first-child { white-space: normal; } summary b { min-width: 0; } }
`;
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
/** Fields within fields are shown so deep. */
const DEEPEST = 3;

/** The API as a page to read: no script, nothing from elsewhere. */
export function sendDocsPage(response: Response, page: string): void {
  response.setHeader('content-security-policy', POLICY);
  response.setHeader('x-content-type-options', 'nosniff');
  response.type('html').send(page);
}

/** `address`: of this server. */
export function docsPage(operations: readonly Operation[], address: string): string {
  const groups = [...new Set(operations.map(({ group }) => group))];
  const docs = new Docs(address);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>ConnectionSphere HTTP API</title><style>${STYLE}</style></head><body>
<header><h1>ConnectionSphere HTTP API</h1>
<p class="soft">JSON everywhere, times in ISO 8601, UTC. For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). <a href="/">The page</a></p></header>
<main>
<pre tabindex="0">./connectionsphere token create --name "My program"
export TOKEN=csa_…
curl -H "Authorization: Bearer $TOKEN" ${html(address)}/v1/me</pre>
<p>Every answer has a <code>Request-Id</code> (yours, where you send one), which the log of the server has too, and says in <code>RateLimit</code> how many requests the token has left.</p>
${groups.map((group) => `<h2>${html(group)}</h2>\n${docs.operations(operations.filter((each) => each.group === group))}`).join('\n')}
<h2 id="events">Events</h2>
<p>A hook gets a POST of JSON for each event that it asked for, until it answers 2xx, for a day. <code>ConnectionSphere-Signature: t=&lt;unix seconds&gt;,v1=&lt;hex&gt;</code> is the HMAC-SHA256 of <code>&lt;t&gt;.&lt;body&gt;</code> with the secret of the hook; <code>ConnectionSphere-Delivery</code> stays the same when it is sent again.</p>
${docs.events()}
<h2 id="problems">When something is wrong</h2>
<p>Errors are <code>application/problem+json</code> (RFC 9457): <code>status</code>, <code>code</code>, <code>detail</code> (what happened and what to do), <code>requestId</code> and, where fields or leads are wrong, <code>errors</code> with a <code>path</code> each. Another workspace's job or hook answers exactly as one that does not exist. <code>429</code> and <code>503</code> say in <code>Retry-After</code> how many seconds to wait. Send an <code>Idempotency-Key</code> where it is taken, and repeat a request without a second thought.</p>
<table>${Object.entries(PROBLEMS)
    .map(
      ([code, what]) => `<tr id="problem-${code}"><td><code>${code}</code></td><td>${words(what)}</td></tr>`,
    )
    .join('\n')}</table>
</main></body></html>`;
}

class Docs {
  readonly #address: string;
  readonly #schemas = componentSchemas();

  constructor(address: string) {
    this.#address = address;
  }

  operations(operations: readonly Operation[]): string {
    return operations.map((operation) => this.#operation(operation)).join('\n');
  }

  events(): string {
    return Object.entries(EVENTS)
      .map(
        ([name, { summary, body }]) =>
          `<details id="event-${name}"><summary><code>${name}</code> ${words(summary)}</summary>${this.#fields(schemaOf(body))}<h3>Example</h3>${this.#json(body, { type: name })}</details>`,
      )
      .join('\n');
  }

  #operation(operation: Operation): string {
    const {
      id,
      method,
      path,
      summary,
      description,
      scope,
      body,
      query,
      streamQuery,
      streams = [],
    } = operation;
    const answers = Object.entries(operation.answers).map(
      ([status, { description: said, schema, streams: types = [] }]) => {
        const also = types.length > 0 ? `, ${html(types.join(', '))}` : '';
        return `<h3>${status} ${words(said)}${also}</h3>${schema ? `${this.#fields(schemaOf(schema))}${this.#json(schema)}` : ''}`;
      },
    );
    return `<details id="${id}"><summary><b>${method.toUpperCase()}</b><code>${html(path)}</code> ${words(summary)}</summary>
${description ? `<p>${words(description)}</p>` : ''}
<p class="soft">Scope: ${scope ?? 'any token'}.${operation.idempotent ? ' Takes an Idempotency-Key.' : ''}</p>
<h3>Request</h3><pre tabindex="0">${html(this.#request(operation))}</pre>
${query ? `<h3>Query</h3>${this.#query(query)}` : ''}
${body ? `<h3>Body: application/json</h3>${this.#fields(schemaOf(body))}` : ''}
${streams.length > 0 ? `<h3>or a stream: ${html(streams.join(', '))}, with the query</h3>${streamQuery ? this.#query(streamQuery) : ''}` : ''}
${answers.join('\n')}</details>`;
  }

  #request({ method, path, body }: Operation): string {
    const parts = { id: 'mwtpnwhc9c9a9a', slot: '1', workspace: 'contoso', delivery: '3f9c…' };
    const at = path.replace(/\{(\w+)\}/g, (_, name: string) => parts[name as keyof typeof parts] ?? name);
    const lines = [
      `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} -H "Authorization: Bearer $TOKEN"`,
      ...(body
        ? [
            '-H "Content-Type: application/json"',
            `-d '${JSON.stringify(exampleOf(schemaOf(body), this.#schemas))}'`,
          ]
        : []),
      `${this.#address}${at}`,
    ];
    return lines.join(' \\\n  ');
  }

  #json(schema: z.ZodType, more: object = {}): string {
    const example = exampleOf(schemaOf(schema), this.#schemas) as object;
    return `<pre tabindex="0">${html(JSON.stringify({ ...example, ...more }, null, 2))}</pre>`;
  }

  #query(schema: z.ZodType): string {
    return this.#table(queryOf(schema), DEEPEST);
  }

  #fields(schema: JsonSchema, depth = 0): string {
    const resolved = this.#resolved(schema);
    const id = typeof schema.$ref === 'string' ? `<p class="soft">${html(nameOf(schema.$ref))}</p>` : '';
    const { properties, required = [] } = resolved as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
    };
    if (!properties) return '';
    return `${depth === 0 ? id : ''}${this.#table({ properties, required }, depth)}`;
  }

  #table(
    {
      properties,
      required,
    }: { properties: Readonly<Record<string, JsonSchema>>; required: readonly string[] },
    depth: number,
  ): string {
    const rows = Object.entries(properties).map(([name, property]) => {
      const described = (property as { description?: string }).description ?? '';
      const must = required.includes(name) ? '' : ' <span class="soft">optional</span>';
      const inner = depth < DEEPEST ? this.#inner(name, property, depth + 1) : '';
      return `<tr><td><code>${html(name)}</code>${must}</td><td>${html(this.#kindOf(property))}</td><td>${words(described)}${inner}</td></tr>`;
    });
    return `<table>${rows.join('')}</table>`;
  }

  /** Fields of what a field holds: of an object, or of what a list is one of. */
  #inner(name: string, property: JsonSchema, depth: number): string {
    const of = this.#resolved(property);
    const held = (of.items ?? (Array.isArray(of.anyOf) ? of.anyOf[0] : of)) as JsonSchema;
    const fields = this.#fields(held, depth);
    return fields === ''
      ? ''
      : `<details><summary>Fields of <code>${html(name)}</code></summary>${fields}</details>`;
  }

  #resolved(schema: JsonSchema): JsonSchema {
    return typeof schema.$ref === 'string' ? (this.#schemas[nameOf(schema.$ref)] ?? {}) : schema;
  }

  #kindOf(property: JsonSchema): string {
    const { type, enum: values, $ref, items, anyOf, format } = property;
    if (Array.isArray(values)) return values.join(' | ');
    if (typeof $ref === 'string') return nameOf($ref);
    if (type === 'array') return `list of ${this.#kindOf((items ?? {}) as JsonSchema)}`;
    if (Array.isArray(anyOf)) return [...new Set(anyOf.map((each) => this.#kindOf(each)))].join(' | ');
    if (format === 'date-time') return 'time';
    return typeof type === 'string' ? type : '';
  }
}

/** Text in which `code` stands between backticks. */
function words(text: string): string {
  return html(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function html(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
