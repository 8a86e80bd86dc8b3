import { z } from 'zod';
import type { Operation } from './operation.ts';
import { named } from './schemas.ts';

type Json = Record<string, unknown>;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** What any operation may answer beside its own. */
const REFUSALS: readonly (readonly [string, string, (operation: Operation) => boolean])[] = [
  ['401', 'No token, or not a valid one', () => true],
  ['403', 'The token lacks the scope', ({ scope }) => scope !== undefined],
  ['404', 'There is no such thing in this workspace', ({ path }) => path.includes('{')],
  ['409', 'Not possible in this state', ({ path }) => path.includes('{')],
  ['413', 'The body is too large', ({ body }) => body !== undefined],
  ['415', 'Not a media type that is taken here', ({ body }) => body !== undefined],
  ['422', 'Something in the request is wrong; `errors` says where', ({ body, query }) => !!(body || query)],
  ['429', 'Too many requests with this token; see Retry-After', () => true],
  ['503', 'Stopping, or the store cannot be used', () => true],
];

/** The OpenAPI 3.1 document, from the schemas that requests are checked with. */
export function openApiDocument(operations: readonly Operation[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ConnectionSphere for Apollo',
      version,
      description:
        'Enriches leads over the Apollo keys that a workspace has connected. Make a token with `./connectionsphere token create`.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'csa_…' } },
      schemas: componentSchemas(),
    },
  };
}

function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(named, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'input',
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  );
}

/** A named schema by reference, any other in place. */
function schemaOf(schema: z.ZodType): Json {
  const id = named.get(schema)?.id;
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` };
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

function describe(operation: Operation): Json {
  const { id, summary, description, group, scope, path, body, streams = [], idempotent } = operation;
  const notes = [description, scope && `Scope: \`${scope}\`.`].filter((note) => note !== undefined);
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...queryParameters(operation.query, ''),
    ...queryParameters(operation.streamQuery, 'For a list as a stream. '),
    ...(idempotent
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            description: 'The same request with the same key is carried out once within a day.',
            schema: { type: 'string', maxLength: 200 },
          },
        ]
      : []),
  ];
  return {
    operationId: id,
    tags: [group],
    summary,
    ...(notes.length > 0 && { description: notes.join('\n\n') }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: schemaOf(body) },
          ...Object.fromEntries(streams.map((type) => [type, { schema: { type: 'string' } }])),
        },
      },
    }),
    responses: responses(operation),
  };
}

function queryParameters(schema: z.ZodType | undefined, note: string): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const { description = '', ...rest } = property as Json & { description?: string };
    return {
      name,
      in: 'query',
      ...(required.includes(name) && { required: true }),
      ...((note || description) && { description: `${note}${description}`.trim() }),
      schema: rest,
    };
  });
}

function responses(operation: Operation): Json {
  const own = Object.entries(operation.answers).map(([status, { description, schema, streams = [] }]) => [
    status,
    {
      description,
      ...(schema && {
        content: {
          'application/json': { schema: schemaOf(schema) },
          ...Object.fromEntries(streams.map((type) => [type, { schema: { type: 'string' } }])),
        },
      }),
    },
  ]);
  const refused = REFUSALS.filter(([, , applies]) => applies(operation)).map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: PROBLEM } } },
  ]);
  return Object.fromEntries([...own, ...refused]);
}
