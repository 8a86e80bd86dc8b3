import { readdirSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assertMessageLimits, assertViewLimits } from './block-limits.ts';
import { SCENES } from './pictures/scenes.ts';

const folder = new URL('../../docs/images/', import.meta.url);

test('documents have a picture of every scene and of nothing else, each small enough for a page', () => {
  const files = readdirSync(folder).filter((name) => name.startsWith('slack-'));
  expect(files.sort()).toEqual(SCENES.map(({ name }) => `slack-${name}.png`).sort());
  for (const file of files) expect(statSync(new URL(file, folder)).size, file).toBeLessThan(300_000);
});

test('what the pictures show keeps to the limits of Slack', () => {
  for (const scene of SCENES) {
    if (scene.surface !== 'message') assertViewLimits(scene.view);
    else for (const { blocks } of scene.posts) if (blocks) assertMessageLimits({ text: scene.name, blocks });
  }
});
