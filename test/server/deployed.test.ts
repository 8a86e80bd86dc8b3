import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import FLAGS from '../../scripts/node-flags.json' with { type: 'json' };

/** What deploy/ starts, started from where it would be. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const file = (name: string) => readFile(path.join(ROOT, name), 'utf8');
const run = async (program: string, args: string[], PATH: string) =>
  (await promisify(execFile)(program, args, { cwd: ROOT, env: { PATH } })).stdout;
const NODE = path.join(ROOT, 'node_modules', '.bin');
const VERSION = /^\d+\.\d+\.\d+\s$/;

test('the program run by itself has the flags that `npm start` has', async () => {
  const [first] = (await file('bot/cli/main.ts')).split('\n');
  expect(first).toBe(`#!/usr/bin/env -S node ${FLAGS.join(' ')}`);
});

test('the image starts it', async () => {
  const recipe = (await file('deploy/Dockerfile')).replaceAll('/app/', ROOT);
  const [, entry = '[]'] = /^ENTRYPOINT (.*)$/m.exec(recipe) ?? [];
  const [program = '', ...args]: string[] = JSON.parse(entry);
  expect(await run(program, [...args, '--version'], `${NODE}:/usr/bin:/bin`)).toMatch(VERSION);
});

test('the systemd unit starts it', async () => {
  const unit = (await file('deploy/connectionsphere.service')).replaceAll('/opt/connectionsphere/', ROOT);
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  const [, PATH = ''] = /^Environment=PATH=(.*)$/m.exec(unit) ?? [];
  const [program = '', ...args] = command.split(' ');
  expect(args).toEqual(['serve']);
  expect(await run(program, ['--version'], PATH)).toMatch(VERSION);
});
