/**
 * Pictures of the node in n8n's editor, in a real browser: `npm run pictures:n8n` writes docs/images/n8n-*.png.
 * Needs Chromium; CHROMIUM says where it is.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium, selectors } from 'playwright-core';
import { startApiServer } from '../api/api-server.ts';
import buildPackage from '../n8n/build.ts';
import { chain, manualStart, node } from './compare.ts';
import { N8n, type Workflow } from './n8n.ts';
import { Editor, N8nProcess, OWNER } from './running.ts';
import { serverCredential } from './world.ts';

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
    node(
      'Enrich people',
      'n8n-nodes-connectionsphere.connectionSphere',
      1,
      {
        authentication: 'connectionSphereApi',
        resource: 'person',
        operation: 'enrich',
        leadsFrom: 'recognize',
        options: { creditLimit: 100 },
      },
      {
        ...at(440, 0),
        credentials: { connectionSphereApi: { id: 'connectionsphere', name: 'ConnectionSphere API' } },
      },
    ),
    node('Found', 'n8n-nodes-base.noOp', 1, {}, at(720, -160)),
    node('Not found', 'n8n-nodes-base.noOp', 1, {}, at(720, 0)),
    node('Failed', 'n8n-nodes-base.noOp', 1, {}, at(720, 160)),
  ],
  connections: {
    ...chain('Start', 'Leads', 'Enrich people'),
    'Enrich people': {
      main: ['Found', 'Not found', 'Failed'].map((name) => [{ node: name, type: 'main', index: 0 }]),
    },
  },
};

/** With a trigger already, so that the editor offers what may follow. */
const SEARCHED: Workflow = {
  id: 'pictures00000002',
  name: 'My workflow',
  nodes: [{ ...manualStart(), ...at(0, 0) }],
  connections: {},
};

buildPackage();
await using api = await startApiServer({ matchRate: 0.6, latencyMs: 300 });
await using n8n = await N8n.create();
await n8n.importCredentials([serverCredential(api)]);
await n8n.importWorkflows([WORKFLOW, SEARCHED]);
await using server = await N8nProcess.start(n8n, ['start']);
await Editor.setUp(server);
await mkdir(TARGET, { recursive: true });

selectors.setTestIdAttribute('data-test-id');
const browser = await chromium.launch({
  executablePath: BROWSER,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ viewport: SIZE });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${server.url}/signin`);
  await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
  await page.locator('input[name="password"]').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.includes('signin'));
  await page.goto(`${server.url}/workflow/${SEARCHED.id}`);
  await page.getByTestId('node-creator-plus-button').first().click();
  await page.getByTestId('node-creator-search-bar').fill('apollo');
  await page.getByText('Enrich leads with Apollo').first().waitFor();
  await page.waitForTimeout(FADE_MS);
  await page.screenshot({ path: picture('n8n-search.png') });
  await page.goto(`${server.url}/workflow/${WORKFLOW.id}`);
  await page.getByTestId('execute-workflow-button').click();
  await page.getByText('Workflow executed successfully').first().waitFor();
  await page.locator('.el-notification__closeBtn').first().click();
  await page.getByText('Logs', { exact: true }).first().click();
  await page.getByTestId('logs-overview-body').getByText('Enrich people').click();
  await page.getByText(' of 8 found').first().waitFor();
  await page.getByTestId('zoom-to-fit').click();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: picture('n8n-canvas.png') });
  await page.getByTestId('canvas-node').filter({ hasText: 'Enrich people' }).first().dblclick();
  await page.getByText('Leads From').first().waitFor();
  // Icons are faded in last, which nothing tells of.
  await page.waitForTimeout(FADE_MS);
  await page.screenshot({ path: picture('n8n-node.png') });
} finally {
  await browser.close();
}

function picture(name: string): string {
  return fileURLToPath(new URL(name, TARGET));
}
