import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import express, { type Router } from 'express';

interface Asset {
  /** Changes with what it holds, so that browsers may keep it for ever. */
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

const YEAR_S = 365 * 24 * 60 * 60;

function asset(name: string, type: string, body: string): Asset {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
  return { path: `/assets/${hash}/${name}`, type, body };
}

function ours(file: string): string {
  return readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8');
}

const htmx = createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js');

/** What pages load, all of it from here. TypeScript is served without its types. */
const ASSETS = {
  style: asset('style.css', 'text/css', ours('style.css')),
  script: asset('page.js', 'text/javascript', stripTypeScriptTypes(ours('browser/page.ts'))),
  htmx: asset(
    'htmx.js',
    'text/javascript',
    readFileSync(htmx, 'utf8').replace(/\n\/\/# sourceMappingURL.*/, ''),
  ),
  icon: asset('icon.svg', 'image/svg+xml', ours('icon.svg')),
};

/** Addresses by what they are for. */
export const assetPaths = {
  style: ASSETS.style.path,
  script: ASSETS.script.path,
  htmx: ASSETS.htmx.path,
  icon: ASSETS.icon.path,
};

export function assetRoutes(): Router {
  const router = express.Router();
  for (const { path, type, body } of Object.values(ASSETS)) {
    router.get(path, (_, response) => {
      response.setHeader('cache-control', `public, max-age=${YEAR_S}, immutable`);
      response.setHeader('x-content-type-options', 'nosniff');
      response.type(type).send(body);
    });
  }
  router.get('/favicon.ico', (_, response) => response.redirect(ASSETS.icon.path));
  return router;
}
