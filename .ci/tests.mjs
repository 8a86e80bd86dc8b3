/**
 * Counts the tests of a vitest JSON report: `node .ci/tests.mjs <report> <vitest's exit code>` prints
 * `<passed> <failed>` and, on standard error, every test that was skipped. A skipped test that is not in
 * known-skips.json counts as failed, so that nothing drops out unseen.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const [file = '', exitCode] = process.argv.slice(2);
const known = JSON.parse(readFileSync(new URL('known-skips.json', import.meta.url), 'utf8'));
const report = readReport();
let passed = 0;
let failed = 0;

for (const suite of report.testResults) {
  const suiteName = path.relative(process.cwd(), suite.name).replaceAll('\\', '/');
  for (const test of suite.assertionResults) {
    if (test.status === 'passed') passed++;
    else if (test.status === 'failed') failed++;
    else reportSkip(`${suiteName} > ${test.fullName}`);
  }
  // A file that cannot be loaded has no tests to count.
  if (suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed')) failed++;
}
// Errors outside any test show in the exit code alone.
if (exitCode !== '0' && failed === 0) failed++;
console.log(passed, failed);

function readReport() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.error(`vitest ended with code ${exitCode} and left no report.`);
    return { testResults: [] };
  }
}

function reportSkip(name) {
  const reason = known[name];
  if (!reason) failed++;
  console.error(
    reason ? `Skipped: ${name} (${reason})` : `Skipped without a known reason, counts as failed: ${name}`,
  );
}
