import { test } from 'vitest';

/** Full length is what `npm run test:faults` runs by hand; the short form is part of every `npm test`. */
export const FULL = process.env.FAULTS === 'full';

/** How much of something: in the short form and at full length. */
export function length(short: number, full: number): number {
  return FULL ? full : short;
}

/** Where a test's randomness starts: `FAULTS_SEED` repeats the one that a failure has named. */
export const SEED = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** A test whose failure names the seed that repeats it. */
export function seeded(name: string, body: (seed: number) => Promise<void>): void {
  test(name, async () => {
    try {
      await body(SEED);
    } catch (error) {
      if (error instanceof Error) error.message += `\nRepeat it with FAULTS_SEED=${SEED}`;
      throw error;
    }
  });
}

/** A line of figures for the report; only at full length, where somebody reads them. */
export function report(what: string, figures: Readonly<Record<string, number | string>>): void {
  if (!FULL) return;
  const words = Object.entries(figures).map(([name, value]) => `${value} ${name}`);
  process.stdout.write(`${what}: ${words.join(', ')}\n`);
}
