import type { Request, RequestHandler, Response } from 'express';

/** Nothing from elsewhere, nothing inline, no evaluated code; nobody frames the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every page. Chrome sends `Origin: null` with forms where the policy is `no-referrer`. */
export const pageHeaders: RequestHandler = (request, response, next) => {
  response.setHeader('content-security-policy', POLICY);
  response.setHeader('cache-control', 'no-store');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=()');
  response.setHeader('referrer-policy', request.path.startsWith('/c/') ? 'no-referrer' : 'same-origin');
  response.setHeader('x-content-type-options', 'nosniff');
  next();
};

/**
 * Whether a page of our own sent this form. Browsers say so themselves (`Sec-Fetch-Site`); older ones name the page's
 * origin. `publicUrl`: where the server is reached through a proxy.
 */
export function isOwnForm(request: Request, publicUrl: string | undefined): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = URL.parse(request.get('origin') ?? '');
  if (!origin) return false;
  const own = [request.get('host'), publicUrl === undefined ? undefined : new URL(publicUrl).host];
  return own.includes(origin.host);
}

/** Browsers keep a cookie of this name to this host alone, and to connections that are secure or local. */
const COOKIE = '__Host-connectionsphere';

/** Ties the answer of Slack's sign-in to the browser that was sent there. */
export const SLACK_STATE = '__Host-connectionsphere-slack';

export function cookieOf(request: Request, name: string): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

export function sessionSecret(request: Request): string | undefined {
  return cookieOf(request, COOKIE);
}

/** One that no script reads; `maxAgeMs` 0 removes it. */
export function setCookie(response: Response, name: string, value: string, maxAgeMs: number): void {
  const parts = [`${name}=${value}`, 'Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax'];
  response.append('set-cookie', [...parts, `Max-Age=${Math.floor(maxAgeMs / 1000)}`].join('; '));
}

export function setSessionCookie(response: Response, secret: string, maxAgeMs: number): void {
  setCookie(response, COOKIE, secret, maxAgeMs);
}
