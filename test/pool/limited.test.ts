import { expect, it } from 'vitest';
import { people, startMachine } from '../cli/command-line.ts';

const KEY = 'contoso-free-key-000-7Q2A';

it('says that a slot waits for the end of the day, and until when', async () => {
  await using machine = await startMachine({
    teams: [{ id: 'team', plan: { '*': { minute: 50, day: 4 } }, keys: [KEY] }],
  });
  await machine.json(['connect'], { input: KEY });
  await machine.file('leads.csv', people(80));
  const { child, ran } = machine.start(['enrich', 'leads.csv', '--yes']);
  // Four calls of the eight needed fit into the day.
  while ((machine.sandbox.counts().byEndpoint['people/bulk_match'] ?? 0) < 4) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill('SIGINT');
  expect((await ran).code).toBe(1);
  const { stdout } = await machine.run(['slots']);
  expect(stdout).toMatch(/At its limit per day for another 24 h\. It goes on by itself\./);
  expect(machine.sandbox.counts().rateLimited).toBe(0);
});
