import type { Core, CoreEvent, Http } from '@connectionsphere/core';
import type { Config } from '@connectionsphere/core/node';
import { type Attributes, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { RequestHandler } from 'express';
import { endpointOf } from './apollo-endpoint.ts';

/**
 * OpenTelemetry traces over OTLP/HTTP: requests to this server, calls to Apollo, runs of jobs. Names of ours
 * and numbers; never a key, a workspace, an address as it was sent, or anything about a person.
 */
export class Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: ReturnType<TracerProvider['getTracer']>;

  constructor({ endpoint, headers, serviceName }: NonNullable<Config['traces']>, version: string) {
    const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers: { ...headers } });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
      spanProcessors: [new BatchSpanProcessor({ exporter })],
    });
    this.#tracer = this.#provider.getTracer('connectionsphere', version);
  }

  /** The same HTTP, each call to Apollo a span. */
  traced(http: Http): Http {
    return {
      ...http,
      request: async (request) => {
        const endpoint = endpointOf(request.url);
        const span = this.#begin(`Apollo ${endpoint}`, SpanKind.CLIENT, {
          'http.request.method': request.method,
          'server.address': new URL(request.url).hostname,
          'url.template': endpoint,
        });
        try {
          const response = await http.request(request);
          answered(span, response.status, 400);
          return response;
        } catch (error) {
          // Its message may hold an address.
          span.setStatus({ code: SpanStatusCode.ERROR, message: nameOf(error) });
          throw error;
        } finally {
          span.end();
        }
      },
    };
  }

  /** Each request to this server a span. */
  readonly handler: RequestHandler = ({ method }, response, next) => {
    const span = this.#begin(method, SpanKind.SERVER, { 'http.request.method': method });
    response.once('close', () => {
      const { operation } = response.locals as { operation?: { id: string; path: string } };
      if (operation) {
        span.updateName(`${method} ${operation.path}`);
        span.setAttribute('http.route', operation.path);
      }
      answered(span, response.statusCode, 500);
      span.end();
    });
    next();
  };

  /** A run of a job, when it has ended or paused. */
  async job(core: Core, event: CoreEvent): Promise<void> {
    if (event.type !== 'job.finished' && event.type !== 'job.paused') return;
    // A trace that is missing is no reason to tell everybody else again.
    const job = await core.jobs.status(event.job).catch(() => undefined);
    if (!job) return;
    const attributes: Attributes = {
      'job.id': job.id,
      'job.state': job.state,
      'job.kind': job.kind,
      'job.rows': job.rows,
      'job.finished': job.finished,
      'job.lookups': job.counts.lookups,
      'job.credits': job.credits,
      'job.calls': job.calls,
      'job.rate_limited': job.rateLimited,
      'job.calls_in_doubt': job.inDoubtCalls,
    };
    if (job.reason) attributes['job.reason'] = job.reason;
    const span = this.#begin('Job', SpanKind.INTERNAL, attributes, event.at - job.workedMs);
    span.end(event.at);
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    await this.#provider.shutdown();
  }

  /** `startTime`: ms since the epoch. */
  #begin(name: string, kind: SpanKind, attributes: Attributes, startTime?: number): Span {
    return this.#tracer.startSpan(name, { kind, attributes, ...(startTime !== undefined && { startTime }) });
  }
}

/** `failure`: from this status on the span is one of an error, as the conventions for client and server say. */
function answered(span: Span, status: number, failure: number): void {
  span.setAttribute('http.response.status_code', status);
  if (status >= failure) span.setStatus({ code: SpanStatusCode.ERROR });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
