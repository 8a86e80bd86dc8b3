import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  /** With its query. */
  readonly path: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it, at run time.
  readonly body: any;
}

/** Somebody who gets deliveries. Answers 204, or whatever `answer` says. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  answer: number;
  /** Resolves when that many have come. */
  came(count: number): Promise<readonly Received[]>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const receiver = { answer: 204 };
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      received.push({ path: request.url, headers: request.headers, text, body: JSON.parse(text) });
      response.writeHead(receiver.answer).end();
      for (const look of waiting) look();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/told`,
    received,
    came: (count: number) => {
      const { promise, resolve } = Promise.withResolvers<readonly Received[]>();
      const look = () => {
        if (received.length >= count) resolve(received);
      };
      waiting.add(look);
      look();
      return promise;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** Whether a delivery is signed with this secret, checked as whoever gets it would. */
export function isSigned({ headers, text }: Received, secret: string): boolean {
  const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['connectionsphere-signature'])) ?? [];
  return v1 === createHmac('sha256', secret).update(`${t}.${text}`).digest('hex');
}
