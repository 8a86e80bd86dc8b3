import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StoreOwner } from './store-errors.ts';

const schema = z.object({
  pid: z.int().positive(),
  command: z.string(),
  since: z.iso.datetime(),
  port: z.int().optional(),
});

const ownerFile = (directory: string) => join(directory, 'owner.json');

/** Says who holds the store in `directory`. Only whoever holds its lock may. */
export async function writeOwner(directory: string, owner: StoreOwner): Promise<void> {
  const temporary = `${ownerFile(directory)}.new`;
  await writeFile(temporary, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  await rename(temporary, ownerFile(directory));
}

/** Who last took the store in `directory`, if they said so. The lock, not this, says whether they still hold it. */
export async function readOwner(directory: string): Promise<StoreOwner | undefined> {
  try {
    const { port, ...owner } = schema.parse(JSON.parse(await readFile(ownerFile(directory), 'utf8')));
    return port === undefined ? owner : { ...owner, port };
  } catch {
    // It only makes a message more helpful.
    return undefined;
  }
}
