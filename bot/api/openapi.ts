import { z } from 'zod';
import { EVENTS } from './events.ts';
import { exampleOf, type JsonSchema } from './example.ts';
import type { Operation } from './operation.ts';
import { named } from './schemas.ts';

type Json = Record<string, unknown>;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** Bounds of what no schema bounds itself: they say what a client has to be ready for. */
const LONGEST_TEXT = 1_000_000;
const MOST_ITEMS = 1_000_000;
const MOST = 1_000_000_000_000;
const LARGEST_INT32 = 2_147_483_647;
const ANY_TEXT = '^[\\s\\S]*$';

const GROUPS: Readonly<Record<string, string>> = {
  Enrich: 'A few leads, answered at once',
  Jobs: 'Lists: prepared, run, paused, read',
  Account: 'What a workspace has, spends, did, and wants forgotten',
  Slots: 'Apollo keys in slots',
  Hooks: 'Being told what happens',
  Operators: 'What the ConnectionSphere team does, in every workspace',
};

/** Headers of every answer. */
const HEADERS = {
  'Request-Id': {
    description: 'Names the request, here and in the log of the server; yours, where you sent one',
    schema: { type: 'string', maxLength: 100, pattern: '^[\\x21-\\x7e]+$' },
  },
  'RateLimit-Policy': {
    description: 'How many requests (`q`) a token may make in so many seconds (`w`)',
    schema: { type: 'string', maxLength: 100, pattern: '^"token";q=\\d+;w=\\d+$' },
  },
  RateLimit: {
    description:
      'How many are left (`r`), and in how many seconds all are there again (`t`); not without a valid token',
    schema: { type: 'string', maxLength: 100, pattern: '^"token";r=\\d+;t=\\d+$' },
  },
  'Access-Control-Allow-Origin': {
    description: 'This server: pages of no other may call it',
    schema: { type: 'string', maxLength: 200, pattern: '^https?://' },
  },
  'Retry-After': {
    description: 'Seconds to wait before the request is sent again',
    schema: { type: 'integer', format: 'int32', minimum: 0, maximum: 86_400 },
  },
};
const everyAnswer = Object.fromEntries(
  ['Request-Id', 'RateLimit-Policy', 'RateLimit', 'Access-Control-Allow-Origin'].map((name) => [
    name,
    { $ref: `#/components/headers/${name}` },
  ]),
);
const waiting = { ...everyAnswer, 'Retry-After': { $ref: '#/components/headers/Retry-After' } };

/** What any operation may answer beside its own. */
const REFUSALS: readonly (readonly [string, string, (operation: Operation) => boolean])[] = [
  ['400', 'The request is malformed', () => true],
  ['401', 'No token, or not a valid one', () => true],
  ['403', 'The token lacks the scope', ({ scope }) => scope !== undefined],
  ['404', 'There is no such thing in this workspace', ({ path }) => path.includes('{')],
  ['409', 'Not possible in this state', ({ path }) => path.includes('{')],
  ['413', 'The body is too large', ({ body }) => body !== undefined],
  ['415', 'Not a media type that is taken here', ({ body }) => body !== undefined],
  ['422', 'Something in the request is wrong; `errors` says where', ({ body, query }) => !!(body || query)],
  ['429', 'Too many requests with this token', () => true],
  ['500', 'A fault of the server', () => true],
  ['503', 'Stopping, or the store cannot be used', () => true],
];

/** The OpenAPI 3.1 document, from the schemas that requests are checked with. `address`: of this server. */
export function openApiDocument(operations: readonly Operation[], version: string, address: string): Json {
  const schemas = componentSchemas();
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ConnectionSphere for Apollo',
      version,
      summary: 'Verified e-mails, phones and company data over up to four Apollo keys',
      description:
        'Enriches leads over the Apollo keys that a workspace has connected. Make a token with `./connectionsphere token create`, or on the page under Tokens.',
      license: { name: 'MIT', identifier: 'MIT' },
      contact: { name: 'The operator of this server', url: `${address}/` },
    },
    servers: [
      {
        url: address,
        description: address.startsWith('https:') ? 'This server, in production' : 'This server, a local one',
        'x-internal': false,
      },
    ],
    security: [{ token: [] }],
    tags: Object.entries(GROUPS).map(([name, description]) => ({ name, description })),
    paths,
    webhooks: Object.fromEntries(
      Object.entries(EVENTS).map(([name, { summary, body }]) => [
        name,
        webhook(name, summary, body, schemas),
      ]),
    ),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'csa_…' } },
      headers: HEADERS,
      schemas,
    },
  };
}

/** Named schemas as JSON Schema, by their names. */
export function componentSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(named, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'input',
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, bounded(schema as Json)]),
  );
}

/** A named schema by reference, any other in place. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  const id = named.get(schema)?.id;
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` };
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return bounded(rest as Json);
}

/** Properties of a query, and which of them have to be there. */
export function queryOf(schema: z.ZodType): {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
} {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return {
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, bounded(asQuery(property as Json))]),
    ),
    required,
  };
}

/** What is coerced from the text of a query takes anything; what it has to be stands in its parts. */
function asQuery(property: Json): Json {
  const isUnknown = property.type === undefined && !property.anyOf && !property.enum && !property.$ref;
  return isUnknown ? { type: 'number', minimum: 0, ...property } : property;
}

/** Gives every text, number and list the bounds and the format that it has not itself. */
function bounded(schema: Json): Json {
  const parts = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties' || key === '$defs') {
        return [
          key,
          Object.fromEntries(
            Object.entries(value as Json).map(([name, part]) => [name, bounded(part as Json)]),
          ),
        ];
      }
      if (key === 'anyOf' || key === 'allOf' || key === 'oneOf') {
        return [key, (value as Json[]).map(bounded)];
      }
      const isSchema = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [
        key,
        isSchema && ['items', 'additionalProperties', 'propertyNames'].includes(key)
          ? bounded(value as Json)
          : value,
      ];
    }),
  );
  return { ...parts, ...boundsOf(parts) };
}

function boundsOf(schema: Json): Json {
  if (schema.enum !== undefined || schema.const !== undefined) return {};
  if (Array.isArray(schema.type)) {
    return Object.assign({}, ...schema.type.map((type) => boundsOf({ ...schema, type })));
  }
  switch (schema.type) {
    case 'string': {
      const isRestricted = schema.format !== undefined || schema.pattern !== undefined;
      return {
        ...(schema.maxLength === undefined && {
          maxLength: schema.format === 'date-time' ? 40 : LONGEST_TEXT,
        }),
        ...(!isRestricted && { pattern: ANY_TEXT }),
      };
    }
    case 'integer': {
      const { minimum = 0, maximum = MOST } = schema as { minimum?: number; maximum?: number };
      const most = Math.min(maximum, MOST);
      return {
        minimum: Math.max(minimum, -MOST),
        maximum: most,
        format: most <= LARGEST_INT32 ? 'int32' : 'int64',
      };
    }
    case 'number':
      return { minimum: schema.minimum ?? 0, maximum: schema.maximum ?? MOST, format: 'double' };
    case 'array':
      return schema.maxItems === undefined ? { maxItems: MOST_ITEMS } : {};
    default:
      return {};
  }
}

const PATH_PARTS: Readonly<Record<string, Json>> = {
  slot: { type: 'integer', format: 'int32', minimum: 1, maximum: 9 },
  id: { type: 'string', maxLength: 100, pattern: '^[\\w-]+$' },
  delivery: { type: 'string', maxLength: 100, pattern: '^[\\w-]+$' },
  workspace: { type: 'string', maxLength: 200, pattern: ANY_TEXT },
};

function describe(operation: Operation, schemas: Readonly<Record<string, JsonSchema>>): Json {
  const { id, summary, description, group, scope, path, body, streams = [], idempotent } = operation;
  const notes = [description ?? `${summary}.`, scope && `Scope: \`${scope}\`.`].filter(Boolean);
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema: PATH_PARTS[name],
    })),
    ...queryParameters(operation.query, ''),
    ...queryParameters(operation.streamQuery, 'For a list as a stream. '),
    ...(idempotent
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            description: 'The same request with the same key is carried out once within a day.',
            schema: { type: 'string', maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
          },
        ]
      : []),
  ];
  return {
    operationId: id,
    tags: [group],
    summary,
    description: notes.join('\n\n'),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          'application/json': jsonOf(body, schemas),
          ...Object.fromEntries(streams.map((type) => [type, { schema: STREAM }])),
        },
      },
    }),
    responses: responses(operation, schemas),
  };
}

const STREAM = { type: 'string', maxLength: 1_000_000_000_000, pattern: ANY_TEXT };

function jsonOf(schema: z.ZodType, schemas: Readonly<Record<string, JsonSchema>>): Json {
  const described = schemaOf(schema);
  return { schema: described, example: exampleOf(described, schemas) };
}

function queryParameters(schema: z.ZodType | undefined, note: string): Json[] {
  if (!schema) return [];
  const { properties, required } = queryOf(schema);
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

function responses(operation: Operation, schemas: Readonly<Record<string, JsonSchema>>): Json {
  const own = Object.entries(operation.answers).map(([status, { description, schema, streams = [] }]) => [
    status,
    {
      description,
      headers: everyAnswer,
      ...(schema && {
        content: {
          'application/json': jsonOf(schema, schemas),
          ...Object.fromEntries(streams.map((type) => [type, { schema: STREAM }])),
        },
      }),
    },
  ]);
  const refused = REFUSALS.filter(([, , applies]) => applies(operation)).map(([status, description]) => [
    status,
    {
      description,
      headers: status === '429' || status === '503' ? waiting : everyAnswer,
      content: { 'application/problem+json': { schema: PROBLEM } },
    },
  ]);
  return Object.fromEntries([...own, ...refused]);
}

function webhook(
  name: string,
  summary: string,
  body: z.ZodType,
  schemas: Readonly<Record<string, JsonSchema>>,
): Json {
  const header = (title: string, description: string, pattern: string) => ({
    name: title,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string', maxLength: 200, pattern },
  });
  return {
    post: {
      operationId: `on-${name.replace('.', '-')}`,
      tags: ['Hooks'],
      summary,
      description: `${summary}. Sent to hooks that asked for \`${name}\`, until they answer 2xx, for a day.`,
      security: [],
      parameters: [
        header('ConnectionSphere-Event', 'Its name', `^${name.replace('.', '\\.')}$`),
        header('ConnectionSphere-Delivery', 'The same when it is sent again', '^[0-9a-f]{32}$'),
        header(
          'ConnectionSphere-Signature',
          '`t=<unix seconds>,v1=<hex>`: the HMAC-SHA256 of `<t>.<body>` with the secret of the hook',
          '^t=\\d+,v1=[0-9a-f]{64}$',
        ),
      ],
      requestBody: { required: true, content: { 'application/json': jsonOf(body, schemas) } },
      responses: {
        '2XX': { description: 'Taken' },
        '4XX': { description: 'Not taken: it is sent again' },
      },
    },
  };
}
