/**
 * n8n's lint rules are written for TypeScript 5, which `@n8n/node-cli` brings; this repository's own compiler
 * is a later one without the interface that they use. Preloaded, this gives them theirs.
 */
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const nodeCli = createRequire(createRequire(import.meta.url).resolve('@n8n/node-cli/eslint'));
const typescript = pathToFileURL(nodeCli.resolve('typescript')).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'typescript'
      ? { url: typescript, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
});
