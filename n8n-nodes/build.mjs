/**
 * Builds what is published: `npm run build --workspace=n8n-nodes`. Each node and credential becomes one
 * file with the core bundled in, since n8n installs no dependencies of ours.
 */
import { cp, glob, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;
const { n8n } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const source = (built) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');

await rm(path.join(root, 'dist'), { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [...n8n.nodes, ...n8n.credentials].map(source),
  outbase: '.',
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['n8n-workflow'],
  charset: 'utf8',
  // Names stay as they are, so that a stack trace can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [
    { name: 'domains', setup: (builder) => builder.onLoad({ filter: /domains\.json$/ }, domainList) },
  ],
  logLevel: 'warning',
  metafile: true,
});
const asTheyAre = '{nodes,icons}/**/*.{svg,node.json}';
for await (const file of glob(asTheyAre, { cwd: root })) {
  const target = path.join(root, 'dist', file);
  await mkdir(path.dirname(target), { recursive: true });
  await cp(path.join(root, file), target);
}
await writeFile(path.join(root, 'dist', 'LICENSES.txt'), (await licences()).join('\n\n'));

/**
 * A long list of domains as one text, in any order. Each is written from its end, after how much of it (one digit in
 * base 36) is as in the one before: of what the package weighs, they would be a quarter.
 */
async function domainList({ path: file }) {
  const domains = JSON.parse(await readFile(file, 'utf8'));
  const turned = domains.map((domain) => domain.split('.').reverse().join('.')).sort();
  const written = turned.map((domain, at) => {
    const before = turned[at - 1] ?? '';
    let same = 0;
    while (same < 35 && same < before.length && domain[same] === before[same]) same += 1;
    return same.toString(36) + domain.slice(same);
  });
  const contents = `let before = '';
module.exports = ${JSON.stringify(written.join(' '))}.split(' ').map((written) => {
  before = before.slice(0, parseInt(written[0], 36)) + written.slice(1);
  return before.split('.').reverse().join('.');
});`;
  return { contents, loader: 'js' };
}

/** The licences of the packages that are bundled in, which ask to be passed on with them. */
async function licences() {
  const folders = Object.keys(metafile.inputs).flatMap(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
  );
  return await Promise.all(
    [...new Set(folders)].sort().map(async (folder) => {
      const at = path.join(root, folder);
      const { name, version } = JSON.parse(await readFile(path.join(at, 'package.json'), 'utf8'));
      const file = (await readdir(at)).find((each) => /^licen[cs]e/i.test(each));
      if (!file) throw new Error(`${name} is bundled but has no licence file.`);
      return `${name} ${version}\n\n${await readFile(path.join(at, file), 'utf8')}`;
    }),
  );
}
