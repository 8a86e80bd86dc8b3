import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the n8n package before the tests run, as its users get it. */
export default function buildPackage(): void {
  const script = fileURLToPath(new URL('../../n8n-nodes/build.mjs', import.meta.url));
  const built = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The n8n package cannot be built.\n${built.stdout}${built.stderr}`);
}
