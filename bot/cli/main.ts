#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --min-semi-space-size=16 --max-semi-space-size=16 --max-old-space-size=1024 --heap-growing-percent=100 --no-memory-protection-keys
// The flags are those of scripts/node-flags.json; scripts/setup.mjs says why.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiling the modules is half of the time that a short command takes. Nothing happens where it cannot write.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
const { runCommandLine } = await import('./program.ts');

// Whoever reads along may stop, as `head` does; the work that was asked for goes on without them.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2));
