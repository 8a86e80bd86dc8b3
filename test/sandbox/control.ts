import { z } from 'zod';
import type { Endpoint } from '../../core/apollo/types.ts';
import type { Fault } from './faults.ts';
import { FAULT_KINDS } from './faults.ts';
import type { Sandbox } from './index.ts';
import { page } from './page.ts';

const ENDPOINTS = [
  'people/match',
  'people/bulk_match',
  'organizations/enrich',
  'organizations/bulk_enrich',
  'users/api_profile',
  'usage_stats/credit_usage_stats',
  'usage_stats/api_usage_stats',
  'webhook_result/show',
] as const satisfies readonly Endpoint[];

const windowLimits = z.strictObject({
  minute: z.int().min(0).nullable().optional(),
  hour: z.int().min(0).nullable().optional(),
  day: z.int().min(0).nullable().optional(),
});
const shapes = {
  fault: z.strictObject({
    kind: z.enum(FAULT_KINDS),
    endpoint: z.enum(ENDPOINTS).optional(),
    key: z.string().optional(),
    team: z.string().optional(),
    times: z.int().min(1).optional(),
    after: z.int().min(0).optional(),
    probability: z.number().min(0).max(1).optional(),
    ms: z.number().min(0).optional(),
    charged: z.boolean().optional(),
  }),
  key: z.strictObject({ key: z.string() }),
  plan: z.strictObject({
    team: z.string(),
    plan: z.union([z.enum(['free', 'paid']), z.partialRecord(z.enum([...ENDPOINTS, '*']), windowLimits)]),
  }),
  credits: z.strictObject({
    team: z.string(),
    limit: z.number().min(0).optional(),
    used: z.number().min(0).optional(),
  }),
  webhooks: z.strictObject({ mode: z.enum(['once', 'twice', 'out-of-order', 'never']) }),
};

type Action = (sandbox: Sandbox, body: string) => void;

/** By method and path below `/_sandbox`. */
const actions: Readonly<Record<string, Action>> = {
  'POST /faults': (sandbox, body) => sandbox.fault(shapes.fault.parse(JSON.parse(body)) as Fault),
  'DELETE /faults': (sandbox) => sandbox.heal(),
  'POST /reset': (sandbox) => sandbox.reset(),
  'POST /revoke': (sandbox, body) => sandbox.revoke(shapes.key.parse(JSON.parse(body)).key),
  'POST /restore': (sandbox, body) => sandbox.restore(shapes.key.parse(JSON.parse(body)).key),
  'POST /plan': (sandbox, body) => {
    const { team, plan } = shapes.plan.parse(JSON.parse(body));
    sandbox.setPlan(team, plan as Parameters<Sandbox['setPlan']>[1]);
  },
  'POST /credits': (sandbox, body) => {
    const { team, limit, used } = shapes.credits.parse(JSON.parse(body));
    sandbox.setCredits(team, {
      ...(limit === undefined ? {} : { limit }),
      ...(used === undefined ? {} : { used }),
    });
  },
  'POST /webhooks': (sandbox, body) => sandbox.setWebhooks(shapes.webhooks.parse(JSON.parse(body)).mode),
};

interface Reply {
  readonly status: number;
  readonly type: 'text/html' | 'application/json';
  readonly body: string;
}

/** The sandbox's own addresses, which Apollo does not have. README.md lists them. */
export function control(
  sandbox: Sandbox,
  faults: readonly Fault[],
  method: string,
  pathname: string,
  body: string,
): Reply {
  const path = pathname.slice('/_sandbox'.length).replace(/\/$/, '');
  if (method === 'GET' && path === '') {
    return { status: 200, type: 'text/html', body: page(sandbox.counts(), faults) };
  }
  if (method === 'GET' && path === '/counts') return json(200, sandbox.counts());
  if (method === 'GET' && path === '/faults') return json(200, faults);
  const action = actions[`${method} ${path}`];
  if (!action) {
    return json(404, {
      error: `The sandbox has no ${method} ${pathname}.`,
      try: ['GET /_sandbox', 'GET /_sandbox/counts', 'GET /_sandbox/faults', ...Object.keys(actions)],
    });
  }
  try {
    action(sandbox, body);
    return json(200, { done: true });
  } catch (error) {
    return json(400, { error: error instanceof z.ZodError ? z.prettifyError(error) : String(error) });
  }
}

function json(status: number, body: unknown): Reply {
  return { status, type: 'application/json', body: `${JSON.stringify(body, null, 2)}\n` };
}
