import { createEmulator } from 'emulate';
import { freePort } from '../api/free-port.ts';

const BUCKET = 'n8n-binary-data';

/** An S3 on this machine with one bucket. */
export interface S3 extends AsyncDisposable {
  /** What tells n8n of it, as its documentation on external storage has it. */
  readonly env: Readonly<Record<string, string>>;
  put(key: string, bytes: Buffer, type: string): Promise<void>;
  get(key: string): Promise<Buffer>;
}

export async function startS3(): Promise<S3> {
  const seed = { aws: { s3: { buckets: [{ name: BUCKET }] } } };
  const emulator = await createEmulator({ service: 'aws', port: await freePort(), seed });
  const { host } = new URL(emulator.url);
  const addressOf = (key: string) => `${emulator.url}/${BUCKET}/${key}`;
  const ask = async (key: string, init?: RequestInit) => {
    const response = await fetch(addressOf(key), init);
    if (!response.ok) throw new Error(`The S3 answered ${response.status} about ${key}.`);
    return Buffer.from(await response.arrayBuffer());
  };
  return {
    env: {
      N8N_EXTERNAL_STORAGE_S3_PROTOCOL: 'http',
      N8N_EXTERNAL_STORAGE_S3_HOST: host,
      N8N_EXTERNAL_STORAGE_S3_BUCKET_NAME: BUCKET,
      N8N_EXTERNAL_STORAGE_S3_BUCKET_REGION: 'us-east-1',
      N8N_EXTERNAL_STORAGE_S3_ACCESS_KEY: 'test',
      N8N_EXTERNAL_STORAGE_S3_ACCESS_SECRET: 'test',
    },
    async put(key, bytes, type) {
      await ask(key, { method: 'PUT', headers: { 'content-type': type }, body: new Uint8Array(bytes) });
    },
    get: async (key) => await ask(key),
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}
