/**
 * The scan that n8n makes before it verifies a package, over the package as npm would publish it and over
 * its source. Exits 1 when either finds something: the scanner's own command does not.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import './eslint-typescript.mjs';
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';

const root = import.meta.dirname;
const folder = await mkdtemp(path.join(tmpdir(), 'n8n-scan-'));
try {
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed);
  execFileSync('tar', ['-xzf', path.join(folder, filename), '-C', folder]);
  const legs = [
    ['package', path.join(folder, 'package'), ['**/*.js', 'package.json']],
    ['source', root, SOURCE_FILE_PATTERNS],
  ];
  for (const [name, directory, patterns] of legs) {
    const { passed, message, details } = await analyzePackage(directory, patterns);
    console.log(`${name}: ${passed ? 'clean' : message}`);
    if (details) console.log(details);
    if (!passed) process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
