import type { JobStatus } from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import type { Message } from '../blocks.ts';
import { jobMessage } from '../messages/jobs.ts';
import type { Asker } from '../people/people.ts';
import type { Services } from '../services.ts';

/** One list for somebody, with what that person may do about it. */
export async function listMessage(
  asker: Asker & { readonly services: Services; reader(): Promise<Reader> },
  job: JobStatus,
  note?: string,
): Promise<Message> {
  const { access } = asker.services;
  const shared = (await access.mayShare(asker, job.id))
    ? await access.isShared(asker.workspace, job.id)
    : undefined;
  return jobMessage(job, await asker.reader(), { note, shared });
}
