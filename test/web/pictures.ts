/** `npm run pictures:web`: takes the pictures of docs/images from the page itself, with the sandbox behind it. */
import { fileURLToPath } from 'node:url';
import { EXAMPLE_TEAMS } from '../sandbox/index.ts';
import { startWebWorld } from './world.ts';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const [key = ''] = EXAMPLE_TEAMS.flatMap(({ keys }) => keys).flatMap((each) =>
  typeof each === 'string' ? [each] : [],
);

await using world = await startWebWorld({ teams: EXAMPLE_TEAMS, matchRate: 0.9 });
await using ada = await world.signedIn({ viewport: { width: 1120, height: 700 } });
const { page } = ada;

async function picture(name: string, fullPage = true): Promise<void> {
  await page.screenshot({ path: `${folder}web-${name}.png`, fullPage });
  console.log(`docs/images/web-${name}.png`);
}

await page.getByRole('link', { name: 'Connect Apollo.io' }).first().click();
await picture('connect', false);
await page.getByLabel('Label').fill('Sales EU');
await page.getByLabel('Apollo API key').fill(key);
await page.getByRole('button', { name: 'Connect Apollo.io' }).click();
await page.getByRole('link', { name: 'See the slots' }).click();
await page
  .getByRole('article')
  .filter({ hasText: 'Slot 3' })
  .getByRole('button', { name: 'Ask for it' })
  .click();
await page.goto(page.url());
await picture('slots');
await page.goto(`${world.url}/app/lists/new`);
await page
  .getByLabel('Drop a file here')
  .setInputFiles(fileURLToPath(new URL('../demo/leads.csv', import.meta.url)));
await page.getByRole('button', { name: 'Continue' }).click();
await page.getByRole('button', { name: 'Start' }).waitFor();
await picture('review', false);
await page.getByRole('button', { name: 'Start' }).click();
await page.getByText('Done', { exact: true }).waitFor();
await page.emulateMedia({ colorScheme: 'dark' });
await picture('done', false);
