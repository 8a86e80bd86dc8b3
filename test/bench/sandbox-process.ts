/** The Apollo sandbox in a process of its own: its work is nobody else's processor time. */
import { once } from 'node:events';
import { type SandboxSettings, startSandbox } from '../sandbox/index.ts';
import { matchTen } from './strategies/apollo.ts';

/** Calls after which the sandbox's code is as fast as it gets. */
const WARMING_CALLS = 300;

const [settings] = (await once(process, 'message')) as [SandboxSettings];
await warmUp();
const { url, controlUrl } = await startSandbox({ lateMs: 1500, ...settings });
process.send?.({ url, controlUrl });
process.on('disconnect', () => process.exit(0));

/** Apollo is not new when a list begins: calls to another sandbox, so that this one has seen nobody. */
async function warmUp(): Promise<void> {
  const key = 'bench-warming-key-WARM';
  const plan = { '*': { minute: 1_000_000 } };
  const warming = await startSandbox({ teams: [{ id: 'team-warming', plan, keys: [key] }] });
  for (let call = 0; call < WARMING_CALLS; call += 1) {
    const person = (number: number) => ({
      first_name: `Warming${call}`,
      last_name: `Number${number}`,
      organization_name: 'Contoso',
      domain: 'contoso.com',
    });
    await matchTen(
      warming.url,
      key,
      Array.from({ length: 10 }, (_, number) => person(number)),
    );
  }
  await warming.close();
}
