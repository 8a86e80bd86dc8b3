import type { Sandbox } from './index.ts';

/** What the sandbox's own tests see of an answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it wherever they like.
  readonly json: any;
}

/** Sends one request with plain `fetch`, as a client that knows nothing of the sandbox. */
export async function ask(
  sandbox: Sandbox,
  method: 'GET' | 'POST',
  path: string,
  key: string | undefined,
  body?: unknown,
): Promise<Reply> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { 'x-api-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** A batch of people. */
export function askPeople(
  sandbox: Sandbox,
  key: string,
  details: readonly unknown[],
  flags = '',
): Promise<Reply> {
  return ask(sandbox, 'POST', `/people/bulk_match${flags}`, key, { details });
}
