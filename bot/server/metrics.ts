import type { Core, Http } from '@connectionsphere/core';
import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { endpointOf } from './apollo-endpoint.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Numbers for Prometheus. Labels are names out of this program, operations and Apollo's endpoints: never a
 * path as it was sent, a person, a workspace or a key.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'connectionsphere_http_request_seconds',
    help: 'Requests to this server, by operation and status',
    labelNames: ['operation', 'status'],
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #calls = new Histogram({
    name: 'connectionsphere_apollo_call_seconds',
    help: 'Calls to Apollo, by endpoint and status; 429 is one made too fast, 0 one without an answer',
    labelNames: ['endpoint', 'status'],
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #leads = new Counter({
    name: 'connectionsphere_leads_total',
    help: 'Leads decided, by outcome and by how it was found out',
    labelNames: ['outcome', 'how'],
    registers: [this.#registry],
  });
  readonly #credits = new Counter({
    name: 'connectionsphere_credits_total',
    help: 'Credits that Apollo charged',
    registers: [this.#registry],
  });

  readonly #unknownFields = new Counter({
    name: 'connectionsphere_apollo_unknown_fields_total',
    help: "Fields in Apollo's answers that this version does not know, by the kind of object; a change at Apollo",
    labelNames: ['part', 'field'],
    registers: [this.#registry],
  });

  readonly #storeWritable = new Gauge({
    name: 'connectionsphere_store_writable',
    help: '1 where the store takes what is written, 0 where not',
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry, prefix: 'connectionsphere_' });
  }

  /** Whether the store took an entry just now. */
  storeWritable(isWritable: boolean): void {
    this.#storeWritable.set(isWritable ? 1 : 0);
  }

  /** What the core counts by itself. */
  readonly meter = {
    decided: (outcome: string, how: string | undefined, leads: number) =>
      this.#leads.inc({ outcome, how: how ?? 'none' }, leads),
    spent: (credits: number) => this.#credits.inc(credits),
    unknownField: (part: string, field: string) => this.#unknownFields.inc({ part, field }),
  };

  /** The same HTTP, measured. */
  measured(http: Http): Http {
    return {
      ...http,
      request: async (request) => {
        const endpoint = endpointOf(request.url);
        const done = this.#calls.startTimer({ endpoint });
        try {
          const response = await http.request(request);
          done({ status: String(response.status) });
          return response;
        } catch (error) {
          done({ status: '0' });
          throw error;
        }
      },
    };
  }

  /** What is asked when the numbers are read. */
  observe(core: Core): void {
    new Gauge({
      name: 'connectionsphere_waiting_leads',
      help: 'Leads that wait for a limiter',
      registers: [this.#registry],
      collect() {
        this.set(core.waiting());
      },
    });
    const underWay = new Gauge({
      name: 'connectionsphere_calls_under_way',
      help: 'Calls to Apollo under way, by endpoint',
      labelNames: ['endpoint'],
      registers: [this.#registry],
      collect() {
        underWay.reset();
        for (const [endpoint, calls] of core.underWay()) underWay.inc({ endpoint }, calls);
      },
    });
  }

  /** Times every request. */
  readonly handler: RequestHandler = (_, response, next) => {
    const done = this.#requests.startTimer();
    response.once('close', () => {
      const { operation } = response.locals as { operation?: { id: string } };
      done({ operation: operation?.id ?? 'other', status: String(response.statusCode) });
    });
    next();
  };

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
