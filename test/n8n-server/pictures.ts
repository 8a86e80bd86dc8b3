/**
 * From an n8n without credentials to enriched items, in a real browser: `npm run pictures:n8n` writes
 * docs/images/n8n-*.png. Needs Chromium; CHROMIUM says where it is.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page, selectors } from 'playwright-core';
import { startApiServer } from '../api/api-server.ts';
import buildPackage from '../n8n/build.ts';
import { chain, manualStart, node } from './compare.ts';
import { N8n, type Workflow } from './n8n.ts';
import { Editor, N8nProcess, OWNER } from './running.ts';

const TARGET = new URL('../../docs/images/', import.meta.url);
const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** ms for each step: the editor is large. */
const PATIENCE_MS = 120_000;
const FADE_MS = 3_000;
const SIZE = { width: 1440, height: 810 };

const LEADS = [
  { Name: 'Ada Lovelace', Company: 'Contoso', Website: 'contoso.com' },
  { Name: 'Grace Hopper', Company: 'Fabrikam', Website: 'fabrikam.com' },
  { Name: 'Alan Turing', Company: 'Northwind Traders', Website: 'northwindtraders.com' },
  { Name: 'Radia Perlman', Company: 'Tailspin Toys', Website: 'tailspintoys.com' },
  { Name: 'Barbara Liskov', Company: 'Adventure Works', Website: 'adventure-works.com' },
  { Name: 'Ada Lovelace', Company: 'Contoso', Website: 'contoso.com' },
  { Name: 'Margaret Hamilton', Company: 'Contoso', Website: 'contoso.com' },
  { Name: 'Hedy Lamarr', Company: 'Fabrikam', Website: 'fabrikam.com' },
];

const at = (x: number, y: number) => ({ position: [x, y] });
/** Somebody's leads, and nothing of ours yet. */
const WORKFLOW: Workflow = {
  id: 'pictures00000001',
  name: 'Enrich leads',
  nodes: [
    { ...manualStart(), ...at(0, 0) },
    node(
      'Leads',
      'n8n-nodes-base.code',
      2,
      { jsCode: `return ${JSON.stringify(LEADS)}.map((json) => ({ json }));` },
      at(220, 0),
    ),
  ],
  connections: chain('Start', 'Leads'),
};

buildPackage();
await using api = await startApiServer({ matchRate: 0.6, latencyMs: 300 });
await using n8n = await N8n.createEmpty();
await n8n.importWorkflows([WORKFLOW]);
// The package is not published yet: n8n's npm finds it as it is here.
const PATH = [await n8n.npmWithPackage(), n8n.env.PATH].join(path.delimiter);
await using server = await N8nProcess.start(n8n, ['start'], { PATH });
await Editor.setUp(server);
await mkdir(TARGET, { recursive: true });

selectors.setTestIdAttribute('data-test-id');
const browser = await chromium.launch({
  executablePath: BROWSER,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: SIZE });
page.setDefaultTimeout(PATIENCE_MS);
try {
  await logIn(page);
  await install(page);
  await addNode(page);
  await addCredential(page);
  await seeParameters(page);
  await runNode(page);
  await runWorkflow(page);
} finally {
  await browser.close();
}

async function logIn(page: Page): Promise<void> {
  await page.goto(`${server.url}/signin`);
  await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
  await page.locator('input[name="password"]').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.includes('signin'));
}

/** As n8n does it, up to the package in its list. */
async function install(page: Page): Promise<void> {
  await page.goto(`${server.url}/settings/community-nodes`);
  await page.getByRole('button', { name: 'Install a community node' }).first().click();
  await page.getByRole('dialog').getByRole('textbox').fill('n8n-nodes-connectionsphere');
  await page.getByText('I understand the risks').click();
  await take(page, 'n8n-install.png');
  await page.getByRole('dialog').getByRole('button', { name: 'Install', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByText('n8n-nodes-connectionsphere').first().waitFor();
  await take(page, 'n8n-installed.png');
}

async function addNode(page: Page): Promise<void> {
  await page.goto(`${server.url}/workflow/${WORKFLOW.id}`);
  await page.getByTestId('canvas-node').filter({ hasText: 'Leads' }).first().click();
  await page.keyboard.press('n');
  await page.getByTestId('node-creator-search-bar').fill('apollo');
  await page.getByText('Enrich leads with Apollo').first().waitFor();
  await take(page, 'n8n-search.png');
  await page
    .getByTestId('node-creator-item-name')
    .filter({ hasText: /^ConnectionSphere$/ })
    .first()
    .click();
  await page.getByText('Enrich people').first().click();
  await page.getByText('Leads From').first().waitFor();
}

async function addCredential(page: Page): Promise<void> {
  await page.getByText('Connect to ConnectionSphere').click();
  const dialog = page.getByTestId('credential-edit-dialog');
  await dialog.getByTestId('credential-mode-dropdown-trigger').click();
  await page.getByText('ConnectionSphere Server').last().click();
  await dialog.getByTestId('parameter-input-baseUrl').locator('input').fill(api.url);
  await dialog.getByTestId('parameter-input-token').locator('input').fill(api.token);
  await take(page, 'n8n-credential.png');
  // Saved, it is tested, and the dialog closes.
  await page.getByText('Save', { exact: true }).last().click();
  await dialog.waitFor({ state: 'hidden' });
}

async function seeParameters(page: Page): Promise<void> {
  await page.getByText('Execute previous nodes').first().click();
  await page.getByText('8 items').first().waitFor();
  await take(page, 'n8n-columns.png');
}

async function runNode(page: Page): Promise<void> {
  await page.getByText('Execute step', { exact: true }).first().click();
  await page.getByText(' of 8 found').first().waitFor();
  await take(page, 'n8n-node.png');
  await page.keyboard.press('Escape');
}

async function runWorkflow(page: Page): Promise<void> {
  await page.getByTestId('execute-workflow-button').click();
  await page.getByText('Workflow executed successfully').first().waitFor();
  await page.getByTestId('zoom-to-fit').click();
  await page.mouse.move(0, 0);
  await take(page, 'n8n-canvas.png');
}

/** Without n8n's notifications. Icons are faded in last, which nothing tells of. */
async function take(page: Page, name: string): Promise<void> {
  const notifications = page.locator('.el-notification__closeBtn');
  // One may go by itself meanwhile.
  while ((await notifications.count()) > 0)
    await notifications
      .first()
      .click({ timeout: FADE_MS })
      .catch(() => {});
  await page.waitForTimeout(FADE_MS);
  await page.screenshot({ path: picture(name) });
}

function picture(name: string): string {
  return fileURLToPath(new URL(name, TARGET));
}
