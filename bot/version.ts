import { readFileSync } from 'node:fs';

/** The program's, as its package has it. */
export function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
