/**
 * `npm run pictures`: draws the pictures of the Slack bot and takes those of the page, into docs/images. Arguments: what
 * the names of the pictures that are wanted begin with, such as `web` or `slack-home`; none: all of them.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drawSlackPictures } from './slack/pictures/index.ts';
import { takeWebPictures } from './web/pictures.ts';

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.some((each) => name.startsWith(each));

await mkdir(folder, { recursive: true });
await drawSlackPictures(folder, isWanted);
if (isWanted('web')) await takeWebPictures(folder);
