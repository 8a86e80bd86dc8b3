#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=2 --optimize-for-size
// The flags are those of scripts/setup.mjs, which says why.
import { runCommandLine } from './program.ts';

process.exitCode = await runCommandLine(process.argv.slice(2));
