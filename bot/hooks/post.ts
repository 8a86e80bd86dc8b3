import { lookup as lookUp } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** ms for a delivery, connection and answer together. */
const TIMEOUT_MS = 10_000;

/** An address that deliveries may not go to: somebody could make the server call inside its own network. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
  constructor(host: string) {
    super(
      `${host} is not a public address. Deliveries go to public addresses only, unless the operator sets ALLOW_PRIVATE_CALLBACKS=true.`,
    );
  }
}

/** Posts deliveries. */
export interface Post {
  /** Gives the HTTP status. Throws {@link PrivateAddress}, or when no answer came; redirects are not followed. */
  send(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number>;
  /** Throws {@link PrivateAddress} where an address leads inside; one that cannot be resolved now passes. */
  check(url: string): Promise<void>;
}

export function createPost({ allowPrivate }: { readonly allowPrivate: boolean }): Post {
  return {
    send: (url, headers, body) => send(new URL(url), headers, body, allowPrivate),
    check: async (url) => {
      if (allowPrivate) return;
      const host = hostOf(new URL(url));
      try {
        await publicAddresses(host);
      } catch (error) {
        if (error instanceof PrivateAddress) throw error;
      }
    },
  };
}

async function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  allowPrivate: boolean,
): Promise<number> {
  // A literal address is never looked up, so the check inside the look-up would not see it.
  const host = hostOf(url);
  if (!allowPrivate && isIP(host)) assertPublic(host, host);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // Never a kept connection: it may have been made under another rule.
    agent: false,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(!allowPrivate && { lookup: pinned }),
  });
  request.on('response', (response) => {
    resolve(response.statusCode ?? 0);
    response.destroy();
  });
  request.on('error', reject);
  request.end(body);
  return await promise;
}

/**
 * Resolves and checks in one step: the connection goes to the very address that was checked, so a name that
 * resolves to another one a moment later (DNS rebinding) gains nothing.
 */
const pinned: LookupFunction = (host, options, callback) => {
  publicAddresses(host).then(
    (addresses) => {
      const [first] = addresses;
      if (options.all) callback(null, addresses);
      else if (first) callback(null, first.address, first.family);
      else callback(new Error(`${host} has no address`), '');
    },
    (error: Error) => callback(error, ''),
  );
};

async function publicAddresses(host: string): Promise<{ address: string; family: number }[]> {
  const addresses = await lookUp(host, { all: true });
  for (const { address } of addresses) assertPublic(address, host);
  return addresses;
}

function assertPublic(address: string, host: string): void {
  // `process` sees through IPv4 written as IPv6. Only `unicast` is reachable for everybody.
  if (ipaddr.process(address).range() !== 'unicast') throw new PrivateAddress(host);
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
