import { writeFile } from 'node:fs/promises';
import { Browser } from './browser.ts';
import { pageOf, type Theme } from './page.ts';
import { SCENES } from './scenes.ts';

/** Draws pictures from what the bot sends. `folder`: with a slash at its end; `isWanted`: by the picture's name. */
export async function drawSlackPictures(
  folder: string,
  isWanted: (name: string) => boolean,
  theme: Theme = 'light',
): Promise<void> {
  const scenes = SCENES.filter(({ name }) => isWanted(`slack-${name}`));
  if (scenes.length === 0) return;
  await using browser = await Browser.start();
  for (const scene of scenes) {
    const { html, width } = await pageOf(scene, theme);
    const picture = await browser.picture(html, width);
    await writeFile(`${folder}slack-${scene.name}.png`, picture);
    console.log(`${folder}slack-${scene.name}.png  ${Math.ceil(picture.length / 1000)} kB`);
  }
}
