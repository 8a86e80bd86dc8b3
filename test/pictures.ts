/**
 * `npm run pictures`: draws the pictures of the Slack bot and takes those of the page, into docs/images. Arguments: what
 * the names of the pictures that are wanted begin with, such as `web` or `slack-home`; none: all of them. `dark`: those of the
 * bot as they are in Slack's dark theme, to be looked at, into dist/pictures.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drawSlackPictures } from './slack/pictures/index.ts';
import { takeWebPictures } from './web/pictures.ts';

const isDark = process.argv.includes('dark');
const folder = fileURLToPath(new URL(isDark ? '../dist/pictures/' : '../docs/images/', import.meta.url));
const wanted = process.argv.slice(2).filter((word) => word !== 'dark');
const isWanted = (name: string) => wanted.length === 0 || wanted.some((each) => name.startsWith(each));

await mkdir(folder, { recursive: true });
await drawSlackPictures(folder, isWanted, isDark ? 'dark' : 'light');
if (!isDark && isWanted('web')) await takeWebPictures(folder);
