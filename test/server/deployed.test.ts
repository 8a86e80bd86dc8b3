import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Metrics } from '../../bot/server/metrics.ts';
import type { Core } from '../../core/index.ts';
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

test('the containers are given every setting', async () => {
  const settings = [
    ...(await file('core/node/config.ts')).matchAll(
      /\b([A-Z][A-Z_]{3,}): (?:z\b|integer|secureAddress|otlp|encryptionKeys|address)/g,
    ),
  ];
  const names = settings.map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(25);
  // These are the image's own.
  const own = new Set(['DATA_DIR', 'HOST', 'PORT']);
  const compose = await file('deploy/compose.yaml');
  expect(names.filter((name) => !own.has(name) && !compose.includes(`    ${name}: `))).toEqual([]);
});

test('alerts and the dashboard ask for numbers that there are', async () => {
  const metrics = new Metrics();
  metrics.observe({ waiting: () => 0, underWay: () => new Map() } as unknown as Core);
  const there = new Set((await metrics.text()).match(/^# TYPE (\w+)/gm)?.map((line) => line.split(' ')[2]));
  for (const name of ['deploy/prometheus-rules.yaml', 'deploy/grafana-dashboard.json']) {
    const asked = new Set((await file(name)).match(/connectionsphere_\w+/g));
    expect(asked.size).toBeGreaterThan(5);
    const missing = [...asked].filter(
      (each) => !there.has(each.replace(/_(?:bucket|count|sum)$/, '')) && !there.has(each),
    );
    expect({ name, missing }).toEqual({ name, missing: [] });
  }
  expect(JSON.parse(await file('deploy/grafana-dashboard.json')).panels.length).toBeGreaterThan(5);
});

test('what the security page promises is shown by tests that there are', async () => {
  const named = new Set((await file('docs/security.md')).match(/test\/[\w-]+\/[\w-]+\.test\.ts/g));
  expect(named.size).toBeGreaterThan(15);
  for (const name of named) await expect(file(name), name).resolves.toContain('expect(');
});
