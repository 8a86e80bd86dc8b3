import path from 'node:path';
import { expect, it } from 'vitest';
import { npm } from '../n8n-server/install.ts';

const PACKAGE = path.resolve(import.meta.dirname, '../../n8n-nodes');
/** n8n loads the whole package when it starts, whether anybody uses it or not; bytes, packed. Half of it are words. */
const LARGEST = 350_000;

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

it('is published with what n8n needs and nothing else, and stays small', async () => {
  const [{ size, files }] = JSON.parse(await npm(['pack', '--dry-run', '--json'], PACKAGE)) as [Packed];
  expect(files.map((file) => file.path).sort()).toEqual([
    'LICENSE',
    'README.md',
    'dist/LICENSES.txt',
    'dist/credentials/ConnectionSphereApi.credentials.js',
    'dist/credentials/ConnectionSphereApolloKeysApi.credentials.js',
    'dist/icons/connectionsphere.dark.svg',
    'dist/icons/connectionsphere.svg',
    'dist/nodes/ConnectionSphere/ConnectionSphere.node.js',
    'dist/nodes/ConnectionSphere/ConnectionSphere.node.json',
    'dist/nodes/ConnectionSphereTrigger/ConnectionSphereTrigger.node.js',
    'dist/nodes/ConnectionSphereTrigger/ConnectionSphereTrigger.node.json',
    'package.json',
  ]);
  expect(size).toBeLessThan(LARGEST);
});
