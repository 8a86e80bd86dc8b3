import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Browser } from './browser.ts';
import { pageOf } from './page.ts';
import { SCENES } from './scenes.ts';

/** Draws the pictures of docs/images from what the bot sends. Arguments: names of scenes; none: all. */
const folder = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const wanted = process.argv.slice(2);

await mkdir(folder, { recursive: true });
await using browser = await Browser.start();
for (const scene of SCENES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const { html, width } = await pageOf(scene);
  const picture = await browser.picture(html, width);
  await writeFile(`${folder}slack-${scene.name}.png`, picture);
  console.log(`docs/images/slack-${scene.name}.png  ${Math.ceil(picture.length / 1000)} kB`);
}
