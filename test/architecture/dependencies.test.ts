import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The rules of the layout: which folder may know which. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Source {
  /** From the root, with forward slashes. */
  readonly file: string;
  readonly text: string;
  /** Files of ours from the root, packages and `node:` modules by name. */
  readonly imports: readonly string[];
}

const SOURCES: readonly Source[] = ['core', 'bot', 'n8n-nodes'].flatMap(sourcesIn);

function sourcesIn(folder: string): Source[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
    .filter((file) => file.endsWith('.ts') && !/(^|\/)(node_modules|dist)\//.test(file))
    .map((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      return { file, text, imports: importsOf(file, text) };
    });
}

function importsOf(file: string, text: string): string[] {
  const names = [...text.matchAll(/(?:^|[\s;}])(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    ([, name = '']) => name,
  );
  return names.map((name) => (name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name));
}

/** `file → import` for every import that a rule forbids. */
function offences(
  of: (source: Source) => boolean,
  forbidden: (name: string, source: Source) => boolean,
): string[] {
  return SOURCES.filter(of).flatMap((source) =>
    source.imports.filter((name) => forbidden(name, source)).map((name) => `${source.file} → ${name}`),
  );
}

const isIn = (folder: string) => (name: string) => name.startsWith(`${folder}/`);
const isPureCore = ({ file }: Source) => file.startsWith('core/') && !file.startsWith('core/node/');
/** Areas of the core, lowest first; none imports one above it. */
const LAYERS = ['leads', 'apollo', 'slots', 'limits', 'enrichment', 'jobs'];

describe('the layers', () => {
  it('are all there', () => {
    expect(SOURCES.length).toBeGreaterThan(100);
    expect(SOURCES.flatMap(({ imports }) => imports).length).toBeGreaterThan(300);
  });

  it('the core knows no surface', () => {
    const surface = (name: string) =>
      isIn('bot')(name) ||
      isIn('n8n-nodes')(name) ||
      /^(@slack\/|express|commander|n8n-|@connectionsphere\/bot)/.test(name);
    expect(offences(({ file }) => file.startsWith('core/'), surface)).toEqual([]);
  });

  it('the pure core knows neither Node nor the ports on it', () => {
    // Hashing and random numbers are the same everywhere; n8n's gate allows them too.
    const impure = (name: string) =>
      isIn('core/node')(name) || (name.startsWith('node:') && name !== 'node:crypto') || name === 'undici';
    expect(offences(isPureCore, impure)).toEqual([]);
  });

  it('the pure core has no timers, process, console or HTTP client of its own', () => {
    const impure =
      /(?<![.\w'`])(setTimeout|setInterval|setImmediate|process|console|globalThis|fetch)\s*[.(]/;
    const found = SOURCES.filter(isPureCore).flatMap(({ file, text }) =>
      text
        .split('\n')
        .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && impure.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  it('inside the core, nothing imports a layer above its own', () => {
    const layer = (file: string) => LAYERS.indexOf(/^core\/(\w+)\//.exec(file)?.[1] ?? '');
    const upward = (name: string, { file, text }: Source) =>
      layer(name) > layer(file) && !onlyTypes(text, file, name);
    expect(offences(({ file }) => layer(file) >= 0, upward)).toEqual([]);
  });

  it("only core/apollo knows Apollo's shapes: others use its types, its errors and its index", () => {
    const open = ['index', 'types', 'errors'].map((name) => `core/apollo/${name}.ts`);
    const inside = (name: string) => isIn('core/apollo')(name) && !open.includes(name);
    expect(offences(({ file }) => !file.startsWith('core/apollo/'), inside)).toEqual([]);
    const shapes =
      /\b(api_key|person_id|contact_emails|estimated_num_employees|sanitized_number|run_waterfall_\w+|reveal_\w+)\b/;
    const leaks = SOURCES.filter(({ file }) => !file.startsWith('core/apollo/'))
      .filter(({ text }) => shapes.test(text))
      .map(({ file }) => file);
    expect(leaks).toEqual([]);
  });

  it('surfaces use the core through its two doors', () => {
    const throughTheWall = (name: string) => isIn('core')(name);
    expect(offences(({ file }) => file.startsWith('bot/'), throughTheWall)).toEqual([]);
  });

  it('every folder says what it is for', () => {
    const folders = (parent: string) =>
      readdirSync(path.join(ROOT, parent), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
        .map(({ name }) => name);
    const beginning = (file: string) => readFileSync(path.join(ROOT, file), 'utf8').slice(0, 3);
    const core = ['core', 'core/node'].flatMap((parent) =>
      folders(parent).map((name) => `${parent}/${name}`),
    );
    expect(core.filter((folder) => beginning(`${folder}/index.ts`) !== '/**')).toEqual([]);
    for (const parent of ['bot', 'test']) {
      const readme = readFileSync(path.join(ROOT, parent, 'README.md'), 'utf8');
      expect(folders(parent).filter((name) => !readme.includes(`\`${name}/\``))).toEqual([]);
    }
  });

  it('has no rooms without a name', () => {
    // n8n's starter calls what its resources have in common `shared`, and its reviewers look for it there.
    const vague = SOURCES.map(({ file }) => file.replace(/^(n8n-nodes\/nodes\/\w+\/)shared\//, '$1')).filter(
      (file) => /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.ts$)/.test(file),
    );
    expect(vague).toEqual([]);
  });
});

/** Whether a file takes only types from another: they are gone when the program runs. */
function onlyTypes(text: string, file: string, name: string): boolean {
  return [...text.matchAll(/import\s+(type\s+)?([^;]*?)\s+from\s+'([^']+)'/gs)]
    .filter(([, , , from = '']) => path.posix.join(path.posix.dirname(file), from) === name)
    .every(([, type]) => type !== undefined);
}
