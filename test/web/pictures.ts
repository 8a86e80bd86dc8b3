import { fileURLToPath } from 'node:url';
import { EXAMPLE_TEAMS } from '../sandbox/index.ts';
import { startWebWorld } from './world.ts';

const LEADS = fileURLToPath(new URL('../demo/leads.csv', import.meta.url));

/** Takes pictures of the page itself, with the sandbox behind it. `folder`: with a slash at its end. */
export async function takeWebPictures(folder: string): Promise<void> {
  const [key = ''] = EXAMPLE_TEAMS.flatMap(({ keys }) => keys).filter((each) => typeof each === 'string');
  await using world = await startWebWorld({ teams: EXAMPLE_TEAMS, matchRate: 0.9 });
  await using ada = await world.signedIn({
    viewport: { width: 1120, height: 700 },
    // Nothing is on its way from one colour to another.
    reducedMotion: 'reduce',
  });
  const { page } = ada;
  const picture = async (name: string, fullPage = true) => {
    await page.screenshot({ path: `${folder}web-${name}.png`, fullPage });
    console.log(`docs/images/web-${name}.png`);
  };
  const goTo = (path: string) => page.goto(`${world.url}${path}`);

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
  await goTo('/app/integrations/apollo');
  await picture('slots');
  await goTo('/app/people');
  await page.getByLabel('Who').fill('Ada Lovelace at contoso.com');
  await page.getByRole('button', { name: 'Look up' }).click();
  await page.getByText(/^Cost/).waitFor();
  await picture('people');
  await goTo('/app/lists/new');
  await page.getByLabel('Drop a file here').setInputFiles(LEADS);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Start' }).waitFor();
  await picture('review', false);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Done', { exact: true }).waitFor();
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture('done', false);
  await page.emulateMedia({ colorScheme: 'light' });
  await goTo('/app/credits');
  await picture('credits');
}
