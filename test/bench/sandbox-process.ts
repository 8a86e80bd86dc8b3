/** The Apollo sandbox in a process of its own: its work is nobody else's processor time. */
import { once } from 'node:events';
import { type SandboxSettings, startSandbox } from '../sandbox/index.ts';

const [settings] = (await once(process, 'message')) as [SandboxSettings];
const { url, controlUrl } = await startSandbox(settings);
process.send?.({ url, controlUrl });
process.on('disconnect', () => process.exit(0));
