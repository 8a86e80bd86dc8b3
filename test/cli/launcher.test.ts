import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import manifest from '../../bot/package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('the launcher runs from any folder, also through a link', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'launcher-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const link = path.join(folder, 'apollo');
  symlinkSync(path.join(ROOT, 'connectionsphere'), link);
  expect(execFileSync(link, ['--version'], { cwd: folder, encoding: 'utf8' }).trim()).toBe(manifest.version);
});

test('--version loads next to nothing', () => {
  const count = `
    import { registerHooks } from 'node:module';
    let files = 0;
    registerHooks({ load(url, context, next) { files += url.startsWith('file:') ? 1 : 0; return next(url, context); } });
    process.on('exit', () => console.log(files));`;
  const output = execFileSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(count)}`, 'bot/cli/main.ts', '--version'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const [version, files] = output.trim().split('\n');
  expect(version).toBe(manifest.version);
  expect(Number(files)).toBeGreaterThan(0);
  expect(Number(files)).toBeLessThan(60);
});
