import { readFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimated } from './estimated-list.ts';
import { World } from './world.ts';

interface Case {
  readonly name: string;
  readonly file: string;
  readonly encoding?: string;
  readonly expect: {
    readonly kind?: string;
    readonly rows: number;
    readonly lookups?: number;
    readonly duplicates?: number;
    readonly mapping?: Record<string, string[]>;
  };
}

const CASES: readonly Case[] = JSON.parse(readFileSync(new URL('list-cases.json', import.meta.url), 'utf8'));

let world: World;
beforeAll(async () => {
  world = await World.start({ connect: false });
});
afterAll(() => world[Symbol.asyncDispose]());

describe('a list of the shape that people really have', () => {
  it.each(CASES)('$name', async ({ file, encoding = 'utf-8', expect: { mapping = {}, ...figures } }) => {
    const { note: _, ...expected } = figures as Record<string, unknown>;
    const found = await estimated(world, iconv.encode(file, encoding));
    expect(found).toMatchObject({ ...expected, mapping });
  });
});
