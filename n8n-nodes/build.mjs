/**
 * Builds what is published: `npm run build --workspace=n8n-nodes`. Each node and credential becomes one
 * file with the core bundled in, since n8n installs no dependencies of ours.
 */
import { cp, glob, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;
const { n8n } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const source = (built) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

await rm(path.join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: [...n8n.nodes, ...n8n.credentials].map(source),
  outbase: '.',
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['n8n-workflow'],
  logLevel: 'warning',
});
for await (const file of glob('{nodes,credentials,icons}/**/*.{svg,node.json}', { cwd: root })) {
  const target = path.join(root, 'dist', file);
  await mkdir(path.dirname(target), { recursive: true });
  await cp(path.join(root, file), target);
}
