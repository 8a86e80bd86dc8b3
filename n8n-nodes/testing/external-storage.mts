/** n8n's engine with its binary data in an S3, as an n8n with such a storage wires it when it starts. */
import { createRequire } from 'node:module';
import type { IBinaryData } from 'n8n-workflow';

const require = createRequire(import.meta.url);
const core: typeof import('n8n-core') = require('n8n-core');
// The engine's own instances of these, whatever else is installed.
const requireOfCore = createRequire(require.resolve('n8n-core'));

interface Container {
  get<T>(type: abstract new (...args: never[]) => T): T;
}

export interface ExternalStorage {
  /** Puts a file into the storage, as a node before ours would; gives what stands in an item for it. */
  store(bytes: Buffer, file: Pick<IBinaryData, 'fileName' | 'mimeType'>): Promise<IBinaryData>;
  /** The bytes of a file that an item names. */
  read(file: IBinaryData): Promise<Buffer>;
}

/**
 * Puts the files of all executions in this process into the S3 that the environment names. n8n's command line asks for a
 * licence before it writes there; its classes may be used without one in tests (LICENSE_EE.md of n8n).
 */
export async function useExternalStorage(): Promise<ExternalStorage> {
  const { Container }: { Container: Container } = requireOfCore('@n8n/di');
  const { S3ByteStore } = requireOfCore('@n8n/blob-storage');
  const { ObjectStoreService } = requireOfCore('@n8n/blob-storage/object-store');
  const objects = Container.get<{ init(): Promise<void> }>(ObjectStoreService);
  await objects.init();
  const service = Container.get(core.BinaryDataService);
  await service.init();
  const errors = Container.get(core.ErrorReporter);
  service.setManager('s3', new core.BinaryDataBlobManager(new S3ByteStore(objects), errors));
  const location = { type: 'execution', workflowId: 'workflow', executionId: 'before' } as const;
  return {
    store: async (bytes, file) => await service.store(location, bytes, { data: '', ...file }),
    read: async (file) => await service.getAsBuffer(file),
  };
}
