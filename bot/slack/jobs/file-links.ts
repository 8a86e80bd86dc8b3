import { createHash, randomBytes } from 'node:crypto';
import type { Collection, Core, Log, Store } from '@connectionsphere/core';
import { type Application, Router } from 'express';
import { writeJob } from '../../list-file.ts';

const PATH = '/slack/files';
const KEPT_MS = 7 * 24 * 60 * 60_000;

interface FileLink {
  readonly workspace: string;
  readonly job: string;
  readonly name: string;
}

/**
 * Links to results on this server, for when Slack takes no upload: good for seven days, for whoever has one. Nobody
 * can guess one, and only a hash of it is kept. They end with their list.
 */
export class FileLinks {
  readonly #stored: Collection<FileLink>;
  readonly #publicUrl: string | undefined;

  constructor(store: Store, publicUrl: string | undefined) {
    this.#stored = store.collection('slack-file-links');
    this.#publicUrl = publicUrl;
  }

  /** `undefined` without PUBLIC_URL: nobody would reach it. */
  async make(link: FileLink): Promise<string | undefined> {
    if (this.#publicUrl === undefined) return undefined;
    const token = randomBytes(32).toString('hex');
    await this.#stored.set(hashOf(token), link, { ttlMs: KEPT_MS });
    return `${this.#publicUrl}${PATH}/${token}`;
  }

  /** Serves the files. */
  serve(express: Application, core: Core, log: Log): void {
    const router = Router();
    router.get(`${PATH}/:token`, async (request, response) => {
      const link = await this.#stored.get(hashOf(request.params.token));
      const job = link && (await core.jobs.status(link.job));
      if (!link || job?.workspace !== link.workspace) {
        response
          .status(404)
          .type('text/plain')
          .send(
            'This link is older than seven days, or its list is gone. Press "Send me the file" in Slack.\n',
          );
        return;
      }
      response.setHeader('content-type', 'text/csv; charset=utf-8');
      response.setHeader('cache-control', 'no-store');
      response.setHeader('referrer-policy', 'no-referrer');
      response.attachment(link.name);
      await writeJob(core, job, response).catch((error: unknown) => {
        log.warn('A file could not be sent to its end', { job: job.id, error });
        response.destroy();
      });
    });
    express.use(router);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
