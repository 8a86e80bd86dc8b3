import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { KEYS, people, startMachine } from '../cli/command-line.ts';
import { serve, stop } from './serve.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface Traces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly { readonly name: string; readonly attributes: readonly Attribute[] }[];
    }[];
  }[];
}

/** Somebody who takes OTLP over HTTP, as JSON. */
async function startCollector() {
  const got: { traces: Traces; token: string | undefined }[] = [];
  const server = createServer((request, response) => {
    json(request).then((body) => {
      got.push({ traces: body as Traces, token: request.headers['x-token']?.toString() });
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    got,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]: () => void server.close(),
  };
}

it('sends traces of requests, calls and lists where OpenTelemetry is told to, with nothing about anybody', async () => {
  using collector = await startCollector();
  await using machine = await startMachine();
  await machine.json(['connect', '--label', 'Sales'], { input: KEYS.contoso });
  const server = await serve(machine, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%20secret',
  });
  const { token } = await machine.json<{ token: string }>(['token', 'create']);
  const response = await fetch(`${server.url}/v1/jobs?name=leads.csv`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: people(30),
  });
  expect(response.status).toBe(201);
  const { id } = (await response.json()) as { id: string };
  const job = async () => {
    const answer = await fetch(`${server.url}/v1/jobs/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return ((await answer.json()) as { state: string }).state;
  };
  await expect.poll(job).toBe('done');
  await stop(server);
  const spans = collector.got.flatMap(({ traces }) =>
    traces.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
  const names = new Set(spans.map(({ name }) => name));
  expect([...names]).toEqual(expect.arrayContaining(['POST /v1/jobs', 'Apollo people/bulk_match', 'Job']));
  const ended = spans.find(({ name }) => name === 'Job');
  expect(ended?.attributes).toContainEqual({ key: 'job.id', value: { stringValue: id } });
  expect(collector.got.every((each) => each.token === 'a secret')).toBe(true);
  const sent = JSON.stringify(collector.got.map(({ traces }) => traces));
  for (const secret of [token, KEYS.contoso, 'contoso.com', 'Ada', 'leads.csv']) {
    expect(sent).not.toContain(secret);
  }
});
