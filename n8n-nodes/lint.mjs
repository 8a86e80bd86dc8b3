/** `n8n-node lint`, with the TypeScript that its rules are written for. Exits as it does. */
import { spawnSync } from 'node:child_process';

const preload = `--import ${new URL('eslint-typescript.mjs', import.meta.url).href}`;
const { status } = spawnSync('n8n-node', ['lint'], {
  cwd: import.meta.dirname,
  env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${preload}`.trim() },
  shell: process.platform === 'win32',
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
